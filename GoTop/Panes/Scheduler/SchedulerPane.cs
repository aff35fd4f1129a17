using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>How long goroutines wait to run, what stops the world and what they wait for: from memory at each tick, and from traces.</summary>
public sealed class SchedulerPane : Pane<SchedulerView>
{
    public override string Id => "scheduler";

    public override string Title => "Scheduler";

    public override string ShortTitle => "Sched";

    public override SchedulerView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new SchedulerView { Notice = NoticeView.NoObservation };
        Snapshot now = observation.Now;
        RuntimeCounters counters = now.Go.Counters;
        bool seen = counters.SchedulingLatency.HasValue || counters.Procs.HasValue || counters.RecentPausesNanoseconds.HasValue;
        return new SchedulerView
        {
            Ended = PaneFrame.Ended(observation),
            Notice = seen ? null : NoticeView.Absent(counters.SchedulingLatency, "scheduler figures", now),
            Memory = MemoryFigures.Of(observation, input.Comparison),
            History = observation.History,
        };
    }

    protected override void Draw(SchedulerView view, DrawContext context) => SchedulerDrawing.Draw(view, context);
}
