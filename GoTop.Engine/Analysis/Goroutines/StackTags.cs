using System.Collections.Frozen;
using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>
/// What a goroutine is busy with, told by the packages on its stack: <c>HTTP server</c>, <c>PostgreSQL</c>, <c>TLS</c> … For
/// stacks of dumps and of memory alike. The table is <see cref="StackTagTable"/>.
/// </summary>
public static class StackTags
{
    private static readonly FrozenDictionary<string, ImmutableArray<int>> RulesByPackage = StackTagTable.Rules
        .Select((rule, index) => (rule.Package, Index: index))
        .GroupBy(rule => rule.Package, rule => rule.Index, StringComparer.Ordinal)
        .ToFrozenDictionary(rules => rules.Key, rules => rules.ToImmutableArray(), StringComparer.Ordinal);

    /// <param name="functions">Full names as Go's tables have them, e.g. <c>net/http.(*conn).serve</c>, in any order.</param>
    /// <param name="waitReason">Go's words, e.g. <c>chan receive</c>; empty when it does not wait or is not known.</param>
    /// <returns>Each once, in the order of the table.</returns>
    public static ImmutableArray<string> Of(IEnumerable<string> functions, string waitReason = "")
    {
        SortedSet<int> found = [];
        foreach (string function in functions) AddMatches(function, found);
        ImmutableArray<string>.Builder tags = ImmutableArray.CreateBuilder<string>();
        foreach (int rule in found)
        {
            if (!tags.Contains(StackTagTable.Rules[rule].Tag)) tags.Add(StackTagTable.Rules[rule].Tag);
        }

        if (StackTagTable.OfWaitReason(waitReason) is { } tag && !tags.Contains(tag)) tags.Add(tag);
        return tags.ToImmutable();
    }

    private static void AddMatches(string function, SortedSet<int> found)
    {
        // In the last element of a package's path dots are written %2e, so that the first dot after it ends the package.
        int slash = function.LastIndexOf('/', EndOfPath(function) - 1);
        int dot = function.IndexOf('.', slash + 1);
        if (dot < 0) return;
        string package = function[..dot], name = function[(dot + 1)..];
        if (package.Contains("%2e", StringComparison.Ordinal)) package = package.Replace("%2e", ".", StringComparison.Ordinal);
        bool isWhole = true;
        while (true)
        {
            if (RulesByPackage.TryGetValue(package, out ImmutableArray<int> rules))
            {
                foreach (int index in rules)
                {
                    StackTagRule rule = StackTagTable.Rules[index];
                    if ((isWhole || rule.WithSubpackages) && name.StartsWith(rule.Name, StringComparison.Ordinal)) found.Add(index);
                }
            }

            int parent = package.LastIndexOf('/');
            if (parent < 0) return;
            package = package[..parent];
            isWhole = false;
        }
    }

    /// <summary>A type argument may hold slashes, too: <c>main.get[example.com/a.T]</c>.</summary>
    private static int EndOfPath(string function)
    {
        int arguments = function.AsSpan().IndexOfAny('[', '(');
        return arguments < 0 ? function.Length : Math.Max(1, arguments);
    }
}

/// <param name="Package">The package's import path.</param>
/// <param name="Tag">What its functions mean.</param>
/// <param name="Name">What the function's name within the package must begin with; empty for any.</param>
/// <param name="WithSubpackages">Packages below it count as well, such as those of a later major version (<c>…/v5</c>).</param>
internal sealed record StackTagRule(string Package, string Tag, string Name = "", bool WithSubpackages = true);
