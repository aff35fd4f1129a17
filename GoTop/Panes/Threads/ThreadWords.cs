using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Threads;

/// <summary>What threads do, in words.</summary>
internal static class ThreadWords
{
    private const int LongestWord = 64;
    private const double BadDelayPercent = 50;
    private const double PoorDelayPercent = 10;

    public static string Of(ThreadRunState state) => state switch
    {
        ThreadRunState.Runnable => "runnable",
        ThreadRunState.Running => "running",
        ThreadRunState.Ready => "ready",
        ThreadRunState.Sleeping => "sleeping",
        ThreadRunState.Uninterruptible => "disk wait",
        ThreadRunState.Stopped => "stopped",
        ThreadRunState.Ended => "ended",
        _ => "unknown",
    };

    /// <summary><c>sleeping futex_do_wait</c>.</summary>
    public static string State(ThreadFigures thread) => thread.WaitReason.TryGet(out string? reason) && reason.Length > 0
        ? $"{Of(thread.Counters.State)} {PlainText.Clean(reason, LongestWord)}"
        : Of(thread.Counters.State);

    public static Tone ToneOf(ThreadRunState state) => state switch
    {
        ThreadRunState.Runnable or ThreadRunState.Running => Tone.Good,
        ThreadRunState.Ready => Tone.Accent,
        ThreadRunState.Uninterruptible or ThreadRunState.Stopped => Tone.Warning,
        _ => Tone.Dim,
    };

    /// <summary>Of one thread.</summary>
    public static Tone ToneOfDelay(double percent) => percent >= BadDelayPercent ? Tone.Critical : percent >= PoorDelayPercent ? Tone.Warning : Tone.Normal;

    public static string Name(ThreadFigures thread) => thread.Name.TryGet(out string? name) ? PlainText.Clean(name, LongestWord) : "";

    /// <summary>Two lines on all of them together.</summary>
    public static ImmutableArray<(string Text, Tone Tone)> Of(ImmutableArray<ThreadFigures> threads, ThreadTable table, GoroutineNames goroutines)
    {
        string states = string.Join(", ", threads.GroupBy(thread => thread.Counters.State).OrderByDescending(group => group.Count()).Select(group => $"{Figures.Count(group.Count())} {Of(group.Key)}"));
        string omitted = table.Omitted > 0 ? $"; {Figures.Count(table.Omitted)} more are not read" : "";
        int known = threads.Count(thread => thread.Go.HasValue), run = threads.Count(thread => thread.Go.TryGet(out GoThread go) && go.Goroutine is not null);
        string ours = known > 0 ? $"; {Figures.Count(run)} of the {Figures.Count(known)} that are Go's have a goroutine" : "";
        return [($"{Figures.Counted(threads.Length, "thread")}: {states}{ours}{omitted}", Tone.Normal), Delay(threads, goroutines)];
    }

    private static (string Text, Tone Tone) Delay(ImmutableArray<ThreadFigures> threads, GoroutineNames goroutines)
    {
        double cpu = 0, delay = 0;
        ThreadFigures? worst = null;
        foreach (ThreadFigures thread in threads)
        {
            cpu += thread.CpuPercent.ValueOr(0);
            if (!thread.RunQueueDelayPercent.TryGet(out double percent)) continue;
            delay += percent;
            if (worst is null || percent > worst.RunQueueDelayPercent.Value) worst = thread;
        }

        if (worst is null)
        {
            Figure missing = threads.IsEmpty ? default : Figure.Of(threads[0].RunQueueDelayPercent, _ => "");
            return ($"How long they wait for a core: {missing.Reason ?? "not known"}", Tone.Dim);
        }

        double most = worst.RunQueueDelayPercent.Value;
        string who = most >= PoorDelayPercent ? Figures.Invariant($"; worst: thread {worst.Id}") + Runs(worst, goroutines) + $" {Figures.Percent(most)} of its time" : "";
        return ($"They use {Figures.Percent(cpu)} of a core and wait {Figures.Percent(delay)} of a thread's time for one{who}", delay >= 100 ? Tone.Critical : delay >= 25 ? Tone.Warning : Tone.Normal);
    }

    private static string Runs(ThreadFigures thread, GoroutineNames goroutines) =>
        thread.Go.TryGet(out GoThread go) && go.Goroutine is { } id && goroutines.Function(id) is { } function ? $" ({Drawing.WithoutImportPath(function)})" : "";
}
