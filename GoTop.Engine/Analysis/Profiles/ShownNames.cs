namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// What google/pprof calls a function (internal/symbolizer, Demangle): C++ functions without arguments and template arguments. Names that
/// are still mangled stay so.
/// </summary>
internal static class ShownNames
{
    /// <param name="systemName">The linker's; when the name differs from it, somebody has made it readable already.</param>
    public static string Of(string name, string systemName)
    {
        if (name.Length > 0 && name != systemName) return name;
        return LooksLikeCPlusPlus(systemName) ? Without(Without(systemName, '(', ')'), '<', '>') : systemName;
    }

    private static bool LooksLikeCPlusPlus(string name)
    {
        // Constructors in Java, methods of generic types in Go.
        if (name.Contains(".<", StringComparison.Ordinal) || name.Contains("]).", StringComparison.Ordinal)) return false;
        return name.AsSpan().ContainsAny("<>[]") || name.Contains("::", StringComparison.Ordinal);
    }

    /// <summary>Without what stands between outermost marks; after one that closes too much, as it is.</summary>
    private static string Without(string name, char open, char close)
    {
        char[] kept = new char[name.Length];
        int count = 0;
        int nesting = 0;
        int atOpen = 0;
        for (int i = 0; i < name.Length; i++)
        {
            if (name[i] == open && nesting++ == 0) atOpen = count;
            kept[count++] = name[i];
            if (name[i] != close) continue;
            nesting--;
            if (nesting < 0) return string.Concat(kept.AsSpan(0, count), name.AsSpan(i + 1));
            if (nesting == 0) count = atOpen;
        }

        return new string(kept, 0, count);
    }
}
