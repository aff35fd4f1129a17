namespace GoTop.Engine.Discovery;

/// <summary>
/// A process's name as a person knows it. Linux cuts the name in its process list after 15 bytes, so the executable's
/// file name completes it; Windows adds <c>.exe</c>.
/// </summary>
internal static class ProcessNames
{
    private const int LinuxNameLength = 15;
    private const string WindowsSuffix = ".exe";
    private const string DeletedMark = " (deleted)";

    public static string ForScreen(string listed, string executablePath)
    {
        string file = FileName(executablePath);
        return WithoutSuffix(IsCut(listed, file) ? file : listed);
    }

    public static string OfExecutable(string path) => WithoutSuffix(FileName(path));

    /// <summary>Whether a person who writes <paramref name="wanted"/> means this process.</summary>
    public static bool Matches(string wanted, string listed, string? executablePath)
    {
        wanted = WithoutSuffix(wanted);
        if (wanted.Equals(WithoutSuffix(listed), StringComparison.OrdinalIgnoreCase)) return true;
        return executablePath is not null && wanted.Equals(WithoutSuffix(FileName(executablePath)), StringComparison.OrdinalIgnoreCase);
    }

    private static bool IsCut(string listed, string file) =>
        listed.Length == LinuxNameLength && file.Length > listed.Length && file.StartsWith(listed, StringComparison.Ordinal);

    private static string FileName(string path)
    {
        if (path.EndsWith(DeletedMark, StringComparison.Ordinal)) path = path[..^DeletedMark.Length];
        // Both separators, whatever this runs on: a recording may come from the other system.
        return path[(path.LastIndexOfAny(['/', '\\']) + 1)..];
    }

    private static string WithoutSuffix(string name) =>
        name.EndsWith(WindowsSuffix, StringComparison.OrdinalIgnoreCase) ? name[..^WindowsSuffix.Length] : name;
}
