using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Kernel;
using GoTop.Widgets;

namespace GoTop.Cli.Reports;

/// <summary>One process of an event trace log as text for people.</summary>
internal static class EtlTargetText
{
    private const int Rows = 15;
    private const int FunctionRows = 25;
    private const int OffCpuRows = 5;
    private const int ProcessesOfCore = 3;
    private const string None = "–";

    public static void Write(TextWriter output, Reading<LoggedTarget> looked)
    {
        output.WriteLine();
        if (!looked.TryGet(out LoggedTarget? target))
        {
            output.WriteLine($"No process is looked into: {PlainText.Clean(looked.Reason ?? "", 500)}");
            return;
        }

        KernelReport report = target.Report;
        output.WriteLine(Figures.Invariant($"Process {PlainText.Clean(target.Name ?? "without a name", 200)} ({target.ProcessId}): {target.Why}"));
        if (!target.PartialBecause.IsEmpty) output.WriteLine($"Its figures are partial, at least what they say: {string.Join("; ", target.PartialBecause)}");
        if (KernelTier.NotTold(report.Coverage) is { Length: > 0 } notTold) output.WriteLine(notTold);
        WriteFigures(output, report);
        if (report.RunQueueDelay.HasValue) WriteDelays(output, report);
        WriteThreads(output, report);
        WriteCores(output, report);
        WriteSamples(output, target);
    }

    private static void WriteFigures(TextWriter output, KernelReport report)
    {
        KernelCoverage coverage = report.Coverage;
        ThreadActivity all = report.Target;
        TextTable table = new("figure", "what");
        if (coverage.Tells(KernelFacts.Switches))
        {
            table.Add(Time(all.OnCpuNanoseconds), $"on a core, {ReportWords.Share(all.OnCpuNanoseconds, report.DurationNanoseconds)} of one core over {Time(report.DurationNanoseconds)}");
            if (coverage.Tells(KernelFacts.Ready)) table.Add(Time(all.ReadyNanoseconds), "ready to run, without a core");
        }

        if (report.RunQueueDelay.TryGet(out DurationSummary delay) && delay.Count > 0)
        {
            table.Add(Figures.Count(delay.Count), "waits for a core, from ready to running");
            table.Add(Time(delay.P50Nanoseconds), "of these the median");
            table.Add(Time(delay.P99Nanoseconds), "p99");
            table.Add(Time(delay.MaxNanoseconds), "the longest");
        }

        if (coverage.Tells(KernelFacts.Switches))
        {
            table.Add(Figures.Count(all.Preemptions), "times it lost a core to another");
            table.Add(Figures.Count(all.VoluntarySwitches), "times it gave a core up to wait");
            table.Add(Figures.Count(all.CoreMigrations), "times it went on on another core");
            foreach (OffCpuTime wait in all.OffCpu.Take(OffCpuRows)) table.Add(Time(wait.TotalNanoseconds), $"its threads together waited, {wait.Reason}{Ended(wait)}");
        }

        Add(report.DiskReadBytes, Figures.Bytes, "read from disks");
        Add(report.DiskWrittenBytes, Figures.Bytes, "written to disks");
        Add(report.NetworkReceivedBytes, Figures.Bytes, "received");
        Add(report.NetworkSentBytes, Figures.Bytes, "sent");
        Add(report.HardFaults, Figures.Count, "hard faults");
        table.Write(output, "What the kernel did for and against it");

        void Add(Reading<long> figure, Func<long, string> format, string what)
        {
            if (figure.TryGet(out long value)) table.Add(format(value), what);
        }
    }

    private static void WriteDelays(TextWriter output, KernelReport report)
    {
        TextTable histogram = new("waits", "for a core");
        foreach (DurationBucket bucket in Histogram.Of(report.RunQueueDelayHistogram))
            histogram.Add(Figures.Count(bucket.Count), $"{Figures.Nanoseconds(bucket.FromNanoseconds)} to {Figures.Nanoseconds(bucket.ToNanoseconds)}");
        histogram.Write(output, "How long its threads waited for a core");
        TextTable longest = new("at", "waited", "thread", "core", "because", "who ran there meanwhile");
        foreach (RunQueueWait wait in report.LongestWaits.Take(Rows))
        {
            longest.Add(
                Time(wait.AtNanoseconds - report.StartNanoseconds), Time(wait.DurationNanoseconds), Number(wait.Thread), Number(wait.Cpu), wait.Preempted ? "preempted" : "woken",
                Who(wait.RanInstead));
        }

        longest.Write(output, "Its longest waits");
        if (!report.RanInstead.TryGet(out ImmutableArray<RanInstead> instead)) return;
        TextTable others = new("time", "process");
        foreach (RanInstead one in instead.Take(Rows)) others.Add(Time(one.Nanoseconds), Process(one.Process, one.Name));
        others.Write(output, "Who had the core while it waited");
    }

    private static void WriteThreads(TextWriter output, KernelReport report)
    {
        if (!report.Coverage.Tells(KernelFacts.Switches)) return;
        bool isReadyTold = report.RunQueueDelay.HasValue;
        TextTable table = new("thread", "on CPU", "ready", "p50", "p99", "max", "preempted", "moved", "samples", "waits mostly for");
        foreach (ThreadActivity thread in report.Threads.Take(Rows))
        {
            DurationSummary delay = thread.RunQueueDelay;
            string Delay(long nanoseconds) => isReadyTold && delay.Count > 0 ? Time(nanoseconds) : None;
            table.Add(
                Number(thread.Thread), Time(thread.OnCpuNanoseconds), isReadyTold ? Time(thread.ReadyNanoseconds) : None, Delay(delay.P50Nanoseconds), Delay(delay.P99Nanoseconds), Delay(delay.MaxNanoseconds),
                Figures.Count(thread.Preemptions), Figures.Count(thread.CoreMigrations), report.Samples.HasValue ? Figures.Count(thread.Samples) : None,
                thread.OffCpu.IsEmpty ? None : $"{thread.OffCpu[0].Reason}, {Time(thread.OffCpu[0].TotalNanoseconds)}");
        }

        table.Write(output, Figures.Invariant($"Its threads, {Math.Min(Rows, report.Threads.Length)} of {report.Threads.Length + report.OmittedThreads:N0}"));
    }

    private static void WriteCores(TextWriter output, KernelReport report)
    {
        if (!report.Coverage.Tells(KernelFacts.AllSwitches)) return;
        TextTable table = new("core", "it", "others", "idle", "interrupts", "not known", "processes with most time");
        foreach (CoreActivity core in report.Cores)
        {
            string Share(long nanoseconds) => ReportWords.Share(nanoseconds, report.DurationNanoseconds);
            table.Add(
                Number(core.Cpu), Share(core.TargetNanoseconds), Share(Math.Max(0, core.BusyNanoseconds - core.TargetNanoseconds)), Share(core.IdleNanoseconds),
                core.InterruptNanoseconds is { } interrupts ? Share(interrupts) : None, Share(core.UnknownNanoseconds),
                string.Join(", ", core.Processes.Where(one => one.OnCpuNanoseconds > 0).Take(ProcessesOfCore).Select(one => $"{Process(one.Process, one.Name)} {Share(one.OnCpuNanoseconds)}")));
        }

        table.Write(output, "Cores");
    }

    private static void WriteSamples(TextWriter output, LoggedTarget target)
    {
        if (!target.Report.Samples.TryGet(out CpuSamples? samples) || samples.Count == 0) return;
        TextTable table = new("own", "share", "with callees", "function, or module of other code");
        foreach (SampledFunction function in samples.Functions.Take(FunctionRows))
            table.Add(Figures.Count(function.Self), ReportWords.Share(function.Self, samples.Count), Figures.Count(function.Total), function.Function);
        table.Write(output, Figures.Invariant($"Its {samples.Count:N0} CPU samples"));
        TextTable lines = new("own", "line");
        foreach (SampledLine line in samples.Lines.Where(line => line.Kind == FrameKind.Go && line.SelfAndKernel > 0).OrderByDescending(line => line.SelfAndKernel).Take(Rows))
            lines.Add(Figures.Count(line.SelfAndKernel), ReportWords.Place(line.Location));
        lines.Write(output, "By line, with the kernel's work for it");
        output.WriteLine();
        output.WriteLine(target.Functions.TryGet(out string? from)
            ? $"Names of functions: {PlainText.Clean(from, 600)}"
            : $"Functions are not named: {PlainText.Clean(target.Functions.Reason ?? "", 600)}");
    }

    /// <summary>A wait that goes on at the log's end has no length yet.</summary>
    private static string Ended(OffCpuTime wait) => wait.Count == 0 ? "" : $" ({Figures.Count(wait.Count)} times, the longest {Time(wait.MaxNanoseconds)})";

    private static string Who(ImmutableArray<RanInstead> who) => who.IsDefaultOrEmpty ? None : string.Join(", ", who.Select(one => $"{Process(one.Process, one.Name)} {Time(one.Nanoseconds)}"));

    private static string Process(int process, string? name) => process switch
    {
        0 => "(idle)",
        < 0 => "(not known)",
        _ => string.Create(CultureInfo.InvariantCulture, $"{name ?? None} ({process})"),
    };

    private static string Time(long nanoseconds) => Figures.Nanoseconds(nanoseconds);

    private static string Number(int number) => number < 0 ? None : number.ToString(CultureInfo.InvariantCulture);
}
