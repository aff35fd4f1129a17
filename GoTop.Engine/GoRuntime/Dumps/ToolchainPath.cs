using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// The one place where a dump tells its Go version: a toolchain that the go command fetched by itself lies in the module
/// cache under its version, <c>golang.org/toolchain@v0.0.1-go1.25.1.linux-amd64/src/…</c>.
/// </summary>
internal static class ToolchainPath
{
    private const string Before = "golang.org/toolchain@v0.0.1-";

    public static string? Version(ImmutableArray<CodeLocation> locations)
    {
        foreach (CodeLocation location in locations)
        {
            int start = location.File.IndexOf(Before, StringComparison.Ordinal);
            if (start < 0) continue;
            ReadOnlySpan<char> version = location.File.AsSpan(start + Before.Length);
            int end = version.IndexOf('/');
            // Behind the version stands the system: go1.25.1.linux-amd64.
            int system = end < 0 ? -1 : version[..end].LastIndexOf('.');
            if (system > 0 && version.StartsWith("go1.")) return version[..system].ToString();
        }

        return null;
    }
}
