using System.Collections.Frozen;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>What a function's name as Go writes it tells: <c>net/http.(*conn).serve</c> is of package <c>net/http</c>.</summary>
public static class FunctionNames
{
    // Written in assembly, these have no package.
    private static readonly FrozenSet<string> RuntimeAssembly = FrozenSet.ToFrozenSet(
        [
            "aeshashbody", "callRet", "cmpbody", "countbody", "crosscall1", "crosscall2", "debugCall", "gcWriteBarrier", "gogo", "indexbody", "indexbytebody", "memeqbody",
            "racecall", "setg_gcc", "sigtramp", "threadentry", "_cgo_wait_runtime_init_done",
        ],
        StringComparer.Ordinal);

    // First elements of the standard library's import paths; those of others have a dot or are "main", as a rule.
    private static readonly FrozenSet<string> Library = FrozenSet.ToFrozenSet(
        [
            "archive", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding", "errors", "expvar", "flag",
            "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime",
            "simd", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time", "type", "unicode", "unique", "unsafe", "vendor", "weak",
        ],
        StringComparer.Ordinal);

    /// <summary>The package's path; empty for a name without one.</summary>
    public static ReadOnlySpan<char> PackageOf(ReadOnlySpan<char> function)
    {
        // The arguments of a generic type or function may contain both marks.
        int arguments = function.IndexOf('[');
        ReadOnlySpan<char> head = arguments < 0 ? function : function[..arguments];
        int slash = head.LastIndexOf('/');
        int dot = head[(slash + 1)..].IndexOf('.');
        return dot < 0 ? [] : head[..(slash + 1 + dot)];
    }

    /// <summary>Whether it is the runtime's own; its pprof, trace and debug packages are not.</summary>
    public static bool IsRuntime(string function)
    {
        ReadOnlySpan<char> package = PackageOf(function);
        if (package.IsEmpty) return RuntimeAssembly.Contains(function) || function.StartsWith("_rt0_", StringComparison.Ordinal) || function.StartsWith("runtime·", StringComparison.Ordinal);
        return package is "runtime" || IsWithin(package, "runtime/internal") || IsWithin(package, "internal/runtime");
    }

    /// <summary>Whether it is the runtime's or one of the packages that lock and wait for others: sync and what lies in internal.</summary>
    public static bool IsRuntimeOrLock(string function)
    {
        if (IsRuntime(function)) return true;
        ReadOnlySpan<char> package = PackageOf(function);
        return IsWithin(package, "sync") || IsWithin(package, "internal");
    }

    /// <summary>Whether it is the standard library's, runtime included; functions without a package (assembly, C) count as such.</summary>
    public static bool IsLibrary(string function)
    {
        ReadOnlySpan<char> package = PackageOf(function);
        if (package.IsEmpty) return !function.StartsWith('[') && !function.StartsWith('<');
        int slash = package.IndexOf('/');
        return Library.GetAlternateLookup<ReadOnlySpan<char>>().Contains(slash < 0 ? package : package[..slash]);
    }

    private static bool IsWithin(ReadOnlySpan<char> package, string root) =>
        package.StartsWith(root, StringComparison.Ordinal) && (package.Length == root.Length || package[root.Length] == '/');
}
