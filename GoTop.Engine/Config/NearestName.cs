namespace GoTop.Engine.Config;

/// <summary>Finds what somebody who mistyped a name may have meant.</summary>
public static class NearestName
{
    /// <summary>Longer names are not compared: the cost grows with the square.</summary>
    private const int MaxLength = 64;

    /// <summary>The nearest name, when it is near enough to be meant; null otherwise.</summary>
    public static string? Find(string typed, IEnumerable<string> names)
    {
        if (typed.Length > MaxLength) return null;
        int allowed = Math.Max(1, typed.Length / 3);
        return names
            .Where(name => name.Length <= MaxLength)
            .Select(name => (Name: name, Distance: Distance(typed.ToLowerInvariant(), name.ToLowerInvariant())))
            .Where(candidate => candidate.Distance <= allowed)
            .OrderBy(candidate => candidate.Distance).ThenBy(candidate => candidate.Name, StringComparer.Ordinal)
            .Select(candidate => candidate.Name)
            .FirstOrDefault();
    }

    /// <summary>", did you mean …?" or nothing.</summary>
    public static string Hint(string typed, IEnumerable<string> names) =>
        Find(typed, names) is { } near ? $"; did you mean \"{near}\"?" : "";

    /// <summary>Insertions, deletions, replacements and swaps of neighbours (optimal string alignment).</summary>
    private static int Distance(string a, string b)
    {
        int[,] cost = new int[a.Length + 1, b.Length + 1];
        for (int i = 0; i <= a.Length; i++) cost[i, 0] = i;
        for (int j = 0; j <= b.Length; j++) cost[0, j] = j;
        for (int i = 1; i <= a.Length; i++)
        {
            for (int j = 1; j <= b.Length; j++)
            {
                int same = a[i - 1] == b[j - 1] ? 0 : 1;
                int least = Math.Min(Math.Min(cost[i - 1, j] + 1, cost[i, j - 1] + 1), cost[i - 1, j - 1] + same);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) least = Math.Min(least, cost[i - 2, j - 2] + 1);
                cost[i, j] = least;
            }
        }

        return cost[a.Length, b.Length];
    }
}
