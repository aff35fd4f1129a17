using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Diagnosis.Rules;

/// <summary>A trace shows threads that sit in slow system calls, and who makes them.</summary>
public sealed class SlowSyscallRule : IFindingRule
{
    public string Name => "slow-syscall";

    public Finding? Check(Snapshot now, HistoryView history)
    {
        if (RecentTrace.Of(now) is not { } report) return null;
        if (TraceSymptoms.Of(report).Syscalls is not { Severity: { } severity, Site: { Site: [.., var place] } site, Threads: var threads }) return null;
        return new Finding(
            Name, severity,
            string.Create(CultureInfo.InvariantCulture, $"System calls of {Places.Of(place)} keep {threads:0.0} threads"),
            string.Create(CultureInfo.InvariantCulture, $"{Callers(site.Callers)}{RecentTrace.Source(report)}; {Counted.Of(site.Count, "call")}, {RecentTrace.Time(site.TotalNanoseconds)} in all, longest {RecentTrace.Time(site.MaxNanoseconds)}"),
            "Whatever it reads, writes or asks is slow: a disk, a share, a name server. Blocking in Scheduler has the stack.");
    }

    private static string Callers(SiteCallers callers) =>
        callers.Frames.IsDefaultOrEmpty ? "" : $"called by {Places.Of(callers.Frames[0])}{(callers.HasOthers ? " and others" : "")}; ";
}
