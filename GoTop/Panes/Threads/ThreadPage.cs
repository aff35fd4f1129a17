using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Panes.Kernel;
using GoTop.Panes.Scheduler;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

/// <summary>An open thread: its time on and off the cores, who ran instead, and the stack of its goroutine.</summary>
/// <param name="Delays">How long it waited for a core, for where there is room beside the list; null where that is not told.</param>
internal sealed record ThreadPage(string Title, ImmutableArray<(string Text, Tone Tone)> Lines, PageRows Rows, DurationPanel? Delays)
{
    /// <summary>Title and lines.</summary>
    public const int HeadRows = 3;

    public static ThreadPage Of(Observation observation, int id)
    {
        Snapshot now = observation.Now;
        string name = Figures.Invariant($"Thread {id}");
        PageRows rows = new();
        if (!now.Threads.TryGet(out ImmutableArray<ThreadFigures> threads) || threads.FirstOrDefault(candidate => candidate.Id == id) is not { } thread)
            return new ThreadPage(name, [("It has ended, or was not read this time.", Tone.Warning), ("", Tone.Dim)], rows, null);

        GoroutineNames goroutines = new(now);
        string core = thread.LastCore.TryGet(out int last) ? Figures.Invariant($", last on core {last}") : "";
        string called = ThreadWords.Name(thread) is { Length: > 0 } own ? $" {own}" : "";
        Rates(rows, thread);
        DurationPanel? delays = Events(rows, thread, now);
        Stack(rows, thread, observation);
        return new ThreadPage($"{name}{called}: {ThreadWords.State(thread)}{core}", [Go(thread, goroutines), Cores(thread, now)], rows, delays);
    }

    private static (string Text, Tone Tone) Go(ThreadFigures thread, GoroutineNames goroutines)
    {
        if (!thread.Go.TryGet(out GoThread go)) return ($"Which M of Go's it is: {Figure.Of(thread.Go, _ => "").Reason}", Tone.Dim);
        string proc = go.Proc is { } held ? Figures.Invariant($" with P {held}") : " without a P";
        (string runs, Tone tone) = ThreadRows.Runs(thread, goroutines);
        return go.Goroutine is { } id
            ? (Figures.Invariant($"M {go.Id}{proc} has goroutine {id}: {runs}"), Tone.Normal)
            : (Figures.Invariant($"M {go.Id}{proc}: {runs}"), tone);
    }

    private static (string Text, Tone Tone) Cores(ThreadFigures thread, Snapshot now)
    {
        if (!thread.AllowedCores.TryGet(out CoreSet? allowed)) return ($"Where it may run: {Figure.Of(thread.AllowedCores, _ => "").Reason}", Tone.Dim);
        return ThreadRows.Differs(thread, now) && now.Process.AllowedCores.TryGet(out CoreSet? all)
            ? ($"It may run on {Named(allowed)}, the process on {Named(all)}", Tone.Warning)
            : ($"It may run on {Named(allowed)}", Tone.Dim);

        static string Named(CoreSet cores) => cores.Count == 1 ? $"core {cores}" : $"cores {cores}";
    }

    private static void Rates(PageRows rows, ThreadFigures thread)
    {
        rows.Heading("since the reading before");
        Add(thread.CpuPercent, Figures.Percent, "on a core", _ => Tone.Normal, $"user {Figure.Of(thread.UserPercent, Figures.Percent).Text}, system {Figure.Of(thread.SystemPercent, Figures.Percent).Text}");
        Add(thread.RunQueueDelayPercent, Figures.Percent, "ready without a core", ThreadWords.ToneOfDelay, "");
        Add(thread.VoluntarySwitchesPerSecond, Figures.PerSecond, "gave up its core to wait", _ => Tone.Normal, "");
        Add(thread.InvoluntarySwitchesPerSecond, Figures.PerSecond, "lost its core to another", _ => Tone.Normal, "");

        void Add(Reading<double> reading, Func<double, string> format, string what, Func<double, Tone> tone, string more)
        {
            Figure figure = Figure.Of(reading, format, tone);
            rows.Add(figure.Text, what, figure.Tone, figure.Reason ?? more);
        }
    }

    private static DurationPanel? Events(PageRows rows, ThreadFigures thread, Snapshot now)
    {
        if (!thread.Kernel.TryGet(out ThreadActivity? activity) || !now.Kernel.TryGet(out KernelFigures? kernel))
        {
            rows.Heading("from the kernel's events");
            rows.Note(Figure.Of(thread.Kernel, _ => "").Reason is { Length: > 0 } why ? why : "none yet");
            return null;
        }

        rows.Heading($"where {Figures.Nanoseconds(kernel.Report.DurationNanoseconds)} went, by the kernel's events{(kernel.IsPartial ? "; some were lost: at least these" : "")}");
        rows.Add(Figures.Nanoseconds(activity.OnCpuNanoseconds), "on a core", Tone.Good, $"lost it {Figures.Counted(activity.Preemptions, "time")}, moved {Figures.Counted(activity.CoreMigrations, "time")}");
        if (kernel.ReadyPercent.HasValue) rows.Add(Figures.Nanoseconds(activity.ReadyNanoseconds), "ready without a core", activity.ReadyNanoseconds > activity.OnCpuNanoseconds ? Tone.Critical : Tone.Normal, Waits(activity));
        foreach (OffCpuTime off in activity.OffCpu)
            rows.Add(Figures.Nanoseconds(off.TotalNanoseconds), $"off: {PlainText.Clean(off.Reason, 64)}", Tone.Normal, off.Count == 0 ? "still" : $"{Figures.Counted(off.Count, "time")}, longest {Figures.Nanoseconds(off.MaxNanoseconds)}");
        if (activity.RanInstead.Length > 0)
        {
            rows.Heading("who had the core while it waited");
            foreach (RanInstead who in activity.RanInstead)
            {
                (string text, Tone tone) = ProcessWords.Of(who, ProcessWords.Target(now));
                rows.Add(Figures.Nanoseconds(who.Nanoseconds), text, tone);
            }
        }

        if (activity.RunQueueDelay.Count == 0) return null;
        ImmutableArray<DurationBucket> buckets = Histogram.Of(activity.RunQueueDelayHistogram);
        rows.Heading($"its waits for a core: {Summary(activity.RunQueueDelay)}");
        foreach (DurationBucket bucket in buckets)
            rows.Add(Figures.Count(bucket.Count), $"{Figures.Nanoseconds(bucket.FromNanoseconds)} – {Figures.Nanoseconds(bucket.ToNanoseconds)}", bucket.Count == 0 ? Tone.Dim : bucket.FromNanoseconds >= 10e6 ? Tone.Warning : Tone.Normal);
        return new DurationPanel($"{Figures.Counted(activity.RunQueueDelay.Count, "wait")} for a core", Summary(activity.RunQueueDelay), buckets, null);
    }

    private static string Waits(ThreadActivity activity) =>
        activity.WaitsSinceNanoseconds > 0 ? $"at this moment for {Figures.Nanoseconds(activity.WaitsSinceNanoseconds)}" : $"{Figures.Counted(activity.RunQueueDelay.Count, "time")}";

    private static string Summary(in DurationSummary delay) =>
        $"p50 {Figures.Nanoseconds(delay.P50Nanoseconds)}, p99 {Figures.Nanoseconds(delay.P99Nanoseconds)}, max {Figures.Nanoseconds(delay.MaxNanoseconds)}";

    private static void Stack(PageRows rows, ThreadFigures thread, Observation observation)
    {
        if (!thread.Go.TryGet(out GoThread go) || (go.Goroutine ?? go.LockedGoroutine) is not { } id) return;
        ImmutableArray<CodeLocation> frames = GoroutineDetail.Frames(observation, id);
        rows.Heading(Figures.Invariant($"stack of goroutine {id}"));
        if (frames.IsEmpty) rows.Note("not read: it runs; see on CPU in Kernel");
        else rows.Stack(frames.Select(frame => (frame, StackView.ToneOf(frame.Function))));
    }
}
