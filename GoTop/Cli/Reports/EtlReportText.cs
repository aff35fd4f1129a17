using System.Globalization;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>An event trace log of Windows as text for people.</summary>
internal static class EtlReportText
{
    private const int Rows = 15;
    private const int EventRows = 30;

    public static void Write(TextWriter output, EtlReport report)
    {
        EtlHeader header = report.Header;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"Event trace log of {Figures.Nanoseconds(report.DurationNanoseconds)}: {Counted.Of(report.Events, "event")} in {Counted.Of(report.Buffers, "buffer")}, Windows {header.OsMajor}.{header.OsMinor}.{header.Build}, {header.Processors} processors of {header.CpuMegahertz:N0} MHz"));
        string started = header.StartedAt is { } start ? start.ToString("yyyy-MM-dd HH:mm:ss'Z'", CultureInfo.InvariantCulture) : "at a time that is not told";
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Session {(header.SessionName.Length == 0 ? "without a name" : header.SessionName)}, started {started}"));
        if (report.EndedEarly is { } early) output.WriteLine($"It ends early: {early}");
        if (header.EventsLost + header.BuffersLost > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Lost while it was recorded: {Counted.Of(header.EventsLost, "event")}, {Counted.Of(header.BuffersLost, "buffer")}"));
        if (report.DamagedBuffers > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(report.DamagedBuffers, "buffer is", "buffers are")} damaged; {string.Join("; ", report.Problems)}"));
        if (report.UndecodedEvents > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(report.UndecodedEvents, "event")} could not be taken apart"));
        WriteScheduler(output, report);
        EtlTargetText.Write(output, report.Target);
        WriteProcesses(output, report);
        WriteSamples(output, report);
        WriteEvents(output, report);
    }

    private static void WriteScheduler(TextWriter output, EtlReport report)
    {
        if (report.Scheduler is not { } scheduler) return;
        TextTable table = new("figure", "what");
        table.Add(Figures.Count(scheduler.ContextSwitches), "context switches");
        table.Add(Figures.Count(scheduler.Preemptions), "threads preempted");
        table.Add(Figures.Count(scheduler.CoreMigrations), "threads that went on on another processor");
        if (scheduler.RunQueueDelay is { } delay)
        {
            table.Add(Figures.Nanoseconds(delay.P50Nanoseconds), "from ready to run to running, median");
            table.Add(Figures.Nanoseconds(delay.P99Nanoseconds), "the same, p99");
            table.Add(Figures.Nanoseconds(delay.MaxNanoseconds), "the same, longest");
        }

        table.Add(Figures.Nanoseconds(scheduler.InterruptNanoseconds), "in interrupts and deferred calls");
        table.Write(output, "Scheduler");
    }

    private static void WriteProcesses(TextWriter output, EtlReport report)
    {
        TextTable table = new("pid", "on CPU", "samples", "ready p99", "ready max", "name");
        foreach (LoggedProcess process in report.Processes.Take(Rows))
        {
            table.Add(
                process.Id.ToString(CultureInfo.InvariantCulture), process.OnCpuNanoseconds is { } onCpu ? Figures.Nanoseconds(onCpu) : "–",
                process.Samples is { } samples ? Figures.Count(samples) : "–", Delay(process.RunQueueDelay, delay => delay.P99Nanoseconds), Delay(process.RunQueueDelay, delay => delay.MaxNanoseconds),
                process.Name ?? "–");
        }

        table.Write(output, string.Create(CultureInfo.InvariantCulture, $"Processes, {Math.Min(Rows, report.Processes.Length)} of {report.Processes.Length:N0}"));
    }

    private static string Delay(DurationSummary? delay, Func<DurationSummary, long> figure) => delay is { Count: > 0 } known ? Figures.Nanoseconds(figure(known)) : "–";

    private static void WriteSamples(TextWriter output, EtlReport report)
    {
        if (report.Samples is not { } samples) return;
        TextTable table = new("samples", "share", "process", "module");
        foreach (ModuleSamples module in samples.Modules.Take(Rows))
        {
            string process = string.Create(CultureInfo.InvariantCulture, $"{module.Process ?? "–"} ({module.ProcessId})");
            table.Add(Figures.Count(module.Samples), ReportWords.Share(module.Samples, samples.Count), process, module.Module);
        }

        table.Write(output, "CPU samples by the code they were found in");
    }

    private static void WriteEvents(TextWriter output, EtlReport report)
    {
        TextTable table = new("events", "provider", "event");
        foreach (EventCount count in report.Counts.Take(EventRows)) table.Add(Figures.Count(count.Count), count.Provider, count.Event);
        table.Write(output, string.Create(CultureInfo.InvariantCulture, $"Events, {Math.Min(EventRows, report.Counts.Length)} of {report.Counts.Length:N0} kinds"));
    }
}
