using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Affinity;

/// <summary>
/// Whether Go's runtime takes note of other cores while it runs: from Go 1.25 on it reads them again and again and sets
/// GOMAXPROCS by them, unless that was set, or a GODEBUG setting (updatemaxprocs) holds it back. Older ones count cores once,
/// at their start (golang.org/issue/11609), and then keep too many threads running.
/// </summary>
public static class GoFollows
{
    private const string Setting = "updatemaxprocs";

    /// <summary>In a sentence, with what to do.</summary>
    /// <param name="environment">That of the process.</param>
    /// <param name="gomaxprocs">What it has now, where that is known.</param>
    public static (bool Follows, string Words) Of(
        Reading<GoBuildInfo> build, Reading<ImmutableArray<KeyValuePair<string, string>>> environment, int? gomaxprocs, int cores)
    {
        if (!build.TryGet(out GoBuildInfo? info) || GoVersionNumber.Minor(info.GoVersion) is not { } minor)
            return (false, $"its Go version is not known: up to Go 1.24 GOMAXPROCS stays as it is, and more Ps than cores take turns; restart it with GOMAXPROCS={Number(cores)}");
        string now = gomaxprocs is { } procs ? $" ({Number(procs)} now)" : "";
        string restart = $"restart it with GOMAXPROCS={Number(cores)} to have as many Ps as cores";
        if (minor < 25) return (false, $"{info.GoVersion} counts cores at its start only: GOMAXPROCS stays{now}, so more Ps than cores may take turns; {restart}");
        string? set = ValueOf(environment, "GOMAXPROCS");
        if (set is not null) return (false, $"GOMAXPROCS={PlainText.Clean(set, 20)} was set at its start, so it stays{now}; {restart}");
        string godebug = $"{info.Settings.GetValueOrDefault("DefaultGODEBUG")},{ValueOf(environment, "GODEBUG")}";
        // The last one counts; what the build says comes before what the environment says.
        string? update = godebug.Split(',').LastOrDefault(setting => setting.StartsWith(Setting + "=", StringComparison.Ordinal));
        if (update == Setting + "=0")
            return (false, $"{info.GoVersion} would follow, but GODEBUG {update} holds it back (a go.mod below go 1.25 says so by itself): GOMAXPROCS stays{now}; {restart}");
        return (true, $"{info.GoVersion} follows by itself: GOMAXPROCS{now} becomes {Number(cores)} within some seconds, unless the program sets it");
    }

    private static string? ValueOf(Reading<ImmutableArray<KeyValuePair<string, string>>> environment, string name)
    {
        foreach (KeyValuePair<string, string> entry in environment.ValueOr([]))
        {
            if (entry.Key.Equals(name, OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal)) return entry.Value;
        }

        return null;
    }

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
