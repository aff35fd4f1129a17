using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>A trace as text for people: the verdict, then tables.</summary>
internal static class TraceReportText
{
    private const int Rows = 10;

    public static void Write(TextWriter output, TraceReport report)
    {
        ReportWords.WriteParagraph(output, report.Verdict);
        output.WriteLine();
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{report.GoVersion} trace of {Figures.Nanoseconds(report.DurationNanoseconds)}: {Counted.Of(report.Events, "event")}, {Counted.Of(report.Goroutines, "goroutine")}, {Counted.Of(report.Generations, "generation")}, {Figures.Bytes(report.Bytes)}{Gomaxprocs(report)}"));
        if (report.EndedEarly is { } early) output.WriteLine($"It ends early: {PlainText.Clean(early, 500)}");
        WriteDurations(output, report);
        WriteNamed(output, "Stopped world, by reason", report.StopTheWorld);
        WriteStops(output, report);
        WriteNamed(output, "GC", report.Ranges);
        WriteNamed(output, "Blocked, by reason", [.. report.Blocked.Take(Rows)]);
        WriteBlockedSites(output, report);
        WriteSyscallSites(output, report);
        WriteWaits(output, report);
        WriteWakers(output, report);
        WriteProcs(output, report);
        WriteTasks(output, report);
        WriteNamed(output, "User regions, by type", report.Regions);
        WriteCpu(output, report);
    }

    private static string Gomaxprocs(TraceReport report) => report.Gomaxprocs is { } count ? $", GOMAXPROCS {count}" : "";

    private static void WriteDurations(TextWriter output, TraceReport report)
    {
        TextTable table = new("count", "total", "p50", "p99", "longest", "what goroutines did");
        Add(table, report.SchedulingLatency, "waited to run (scheduling latency)");
        Add(table, report.Running, "ran");
        Add(table, report.Syscalls, "were in system calls");
        table.Write(output, "Goroutines");
    }

    private static void Add(TextTable table, DurationSummary durations, string name) => table.Add(
        Figures.Count(durations.Count), Figures.Nanoseconds(durations.TotalNanoseconds), Figures.Nanoseconds(durations.P50Nanoseconds),
        Figures.Nanoseconds(durations.P99Nanoseconds), Figures.Nanoseconds(durations.MaxNanoseconds), name);

    private static void WriteNamed(TextWriter output, string title, ImmutableArray<NamedDurations> named)
    {
        TextTable table = new("count", "total", "p50", "p99", "longest", "");
        foreach (NamedDurations each in named) Add(table, each.Durations, each.Name.Length == 0 ? "(no reason given)" : each.Name);
        table.Write(output, title);
    }

    private static void WriteStops(TextWriter output, TraceReport report)
    {
        TextTable table = new("at", "length", "reason");
        foreach (WorldStop stop in report.LongestStops.OrderByDescending(stop => stop.DurationNanoseconds).Take(Rows))
            table.Add(Figures.Nanoseconds(stop.AtNanoseconds), Figures.Nanoseconds(stop.DurationNanoseconds), stop.Kind);
        table.Write(output, "Longest stops of the world");
    }

    private static void WriteBlockedSites(TextWriter output, TraceReport report)
    {
        TextTable table = new("count", "total", "longest", "reason", "where; most often woken by");
        foreach (BlockedSite site in report.BlockedSites.Take(Rows))
        {
            string woken = site.WokenBy is [{ Site.IsEmpty: false } first, ..] ? $"; {ReportWords.Place(first.Site)}" : "";
            table.Add(Figures.Count(site.Count), Figures.Nanoseconds(site.TotalNanoseconds), Figures.Nanoseconds(site.MaxNanoseconds), site.Reason, ReportWords.Place(site.Site) + woken);
        }

        table.Write(output, "Blocked, by place");
    }

    private static void WriteSyscallSites(TextWriter output, TraceReport report)
    {
        TextTable table = new("count", "total", "longest", "where");
        foreach (SiteDurations site in report.SyscallSites.Take(Rows))
            table.Add(Figures.Count(site.Count), Figures.Nanoseconds(site.TotalNanoseconds), Figures.Nanoseconds(site.MaxNanoseconds), ReportWords.Place(site.Site));
        table.Write(output, "System calls, by place");
    }

    private static void WriteWaits(TextWriter output, TraceReport report)
    {
        TextTable table = new("at", "waited", "goroutine", "after", "started with; where it stood");
        foreach (SchedulingWait wait in report.WorstSchedulingWaits)
        {
            table.Add(
                Figures.Nanoseconds(wait.AtNanoseconds), Figures.Nanoseconds(wait.DurationNanoseconds), wait.Goroutine.ToString(CultureInfo.InvariantCulture), wait.Reason,
                $"{(wait.StartFunction.Length == 0 ? "–" : wait.StartFunction)}; {ReportWords.Place(wait.Site)}");
        }

        table.Write(output, "Longest waits to run");
    }

    private static void WriteWakers(TextWriter output, TraceReport report)
    {
        TextTable table = new("woke", "that had waited", "where");
        foreach (Waker waker in report.Wakers.Take(Rows))
            table.Add(Figures.Count(waker.Count), Figures.Nanoseconds(waker.WaitedNanoseconds), waker.Site.IsEmpty ? "(the runtime: timers, network, GC)" : ReportWords.Place(waker.Site));
        table.Write(output, "Who woke others");
    }

    private static void WriteProcs(TextWriter output, TraceReport report)
    {
        TextTable table = new("in use", "Go code", "GC", "syscalls", "P");
        foreach (ProcTime proc in report.Procs)
        {
            table.Add(
                ReportWords.Share(proc.RunningNanoseconds, report.DurationNanoseconds), ReportWords.Share(proc.GoNanoseconds, report.DurationNanoseconds),
                ReportWords.Share(proc.GcNanoseconds, report.DurationNanoseconds), ReportWords.Share(proc.SyscallNanoseconds, report.DurationNanoseconds),
                proc.Id.ToString(CultureInfo.InvariantCulture));
        }

        table.Write(output, "Ps, of the trace's time");
    }

    private static void WriteTasks(TextWriter output, TraceReport report)
    {
        TextTable table = new("begun", "ended", "p50", "p99", "longest", "type");
        foreach (TaskDurations task in report.Tasks.Take(Rows))
        {
            table.Add(
                Figures.Count(task.Count), Figures.Count(task.Latency.Count), Figures.Nanoseconds(task.Latency.P50Nanoseconds), Figures.Nanoseconds(task.Latency.P99Nanoseconds),
                Figures.Nanoseconds(task.Latency.MaxNanoseconds), task.Type);
        }

        table.Write(output, "User tasks, by type");
    }

    private static void WriteCpu(TextWriter output, TraceReport report)
    {
        TextTable table = new("samples", "share", "function");
        foreach (FunctionSamples function in report.CpuFunctions.Take(Rows))
            table.Add(Figures.Count(function.Samples), ReportWords.Share(function.Samples, report.CpuSamples), function.Function);
        table.Write(output, "CPU samples in the trace");
    }
}
