using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>The log shows a panic or a fatal error that happened lately.</summary>
public sealed class LoggedCrashRule : IFindingRule
{
    private static readonly TimeSpan Lately = TimeSpan.FromMinutes(10);

    public string Name => "logged-panic";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (!now.Facts.Logs.TryGet(out LogCounters? logs)) return null;
        LogCrash[] lately = [.. logs.Crashes.Where(crash => crash.CountSince > 0 && now.Time - crash.LastAt <= Lately)];
        if (lately.Length == 0) return null;
        LogCrash worst = lately.MinBy(crash => crash.Kind == LogCrashKind.Recovered) ?? lately[0];
        string where = worst.Place is { } place ? $" in {Places.Of(place)}" : "";
        string times = worst.CountSince > 1 ? string.Create(CultureInfo.InvariantCulture, $", {worst.CountSince} times") : "";
        string more = lately.Length > 1 ? string.Create(CultureInfo.InvariantCulture, $"; {lately.Length - 1} more of other kinds") : "";
        string goroutine = worst.Goroutine is { } id ? string.Create(CultureInfo.InvariantCulture, $"goroutine {id}, ") : "";
        return new Finding(
            Name, worst.Kind == LogCrashKind.Recovered ? Severity.Warning : Severity.Critical,
            worst.Kind switch
            {
                LogCrashKind.Recovered => $"A handler panics{where}",
                LogCrashKind.FatalError => $"Go's runtime gave up{where}",
                LogCrashKind.Signal => "It was ended by a signal",
                _ => $"It panicked{where}",
            },
            $"{worst.Reason}{times} ({goroutine}{worst.Origin}){more}",
            "See its stack in Logs, view panics.");
    }
}
