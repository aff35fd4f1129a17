using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Scheduler;
using GoTop.Screen;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>The scheduler pane's views of a trace, at every size, and how it stands with traces in every state.</summary>
public sealed class SchedulerGoldenTests
{
    private static readonly SchedulerPane Pane = new();

    private static Observation Trouble { get; } = TraceReports.With(Observations.Leak, TraceReports.Trouble);

    public static TheoryData<string, int, int, int> ViewsAndSizes()
    {
        TheoryData<string, int, int, int> data = [];
        string[] names = ["overview", "timeline", "waits", "blocking", "stops", "tasks"];
        for (int view = 0; view < names.Length; view++)
        {
            foreach ((int width, int height) in new[] { (80, 21), (120, 37), (200, 47), (40, 10) }) data.Add(names[view], view, width, height);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ViewsAndSizes))]
    public void Every_view_shows_a_trace_at_every_size(string name, int view, int width, int height)
    {
        PaneInput input = Input(Trouble, width, height) with { State = PaneState.Initial with { View = view } };
        GoldenScreens.AssertSame($"scheduler-trace-{name}-{width}x{height}", GoldenScreens.Draw(Pane, input).ToString());
        string ascii = GoldenScreens.Draw(Pane, input, GlyphSet.Ascii).ToString();
        Assert.DoesNotContain(ascii, letter => letter > '~');
        if (width == 80) GoldenScreens.AssertSame($"scheduler-trace-{name}-ascii", ascii);
    }

    [Theory]
    [MemberData(nameof(ViewsAndSizes))]
    public void Every_view_shows_a_real_trace_at_every_size(string name, int view, int width, int height)
    {
        PaneInput input = Input(TraceReports.With(Observations.Leak, TraceReports.Real), width, height) with { State = PaneState.Initial with { View = view } };
        GoldenScreens.AssertSame($"scheduler-real-{name}-{width}x{height}", GoldenScreens.Draw(Pane, input).ToString());
    }

    [Theory]
    [InlineData("waits", SchedulerViewNumber.Waits)]
    [InlineData("blocking", SchedulerViewNumber.Blocking)]
    public void What_enter_opens_names_the_stack_and_who_ended_the_wait(string name, int view)
    {
        foreach ((int width, int height) in new[] { (80, 21), (120, 37) })
        {
            PaneInput input = Input(Trouble, width, height) with { State = PaneState.Initial with { View = view } };
            PaneInput opened = input with { State = Pane.Handle(PaneCommand.Open, input) };
            GoldenScreens.AssertSame($"scheduler-opened-{name}-{width}x{height}", GoldenScreens.Draw(Pane, opened).ToString());
        }
    }

    [Fact]
    public void States_of_asking_are_told_in_words()
    {
        Observation none = TraceReports.WithFacts(Observations.Healthy, facts => facts with { DearRequests = Reading.Of(DearRequests.None) });
        Check("none", Reachable(none));
        Check("no-pprof", Observations.Leak);
        Check("running", With(Reachable(none), new DearRequests { Running = "trace of 1 s", RunningSeconds = 0.6, PlannedSeconds = 1, RunningBytes = 123_456 }));
        Check("held-back", With(Trouble, new DearRequests { HeldBack = "GC uses 41 % of the CPU (more than 25 %)" }));
        Check("failed", TraceReports.WithFacts(Trouble, facts => facts with { Trace = Reading.Failed<TraceBurst>("somebody else is tracing: 500 tracing is already enabled") }));
        Check("failed-again", TraceReports.WithFacts(Trouble, facts => facts with { Trace = facts.Trace.AsStale("somebody else is tracing: 500 tracing is already enabled") }));
        Check("old-and-cycling", With(TraceReports.With(Observations.Leak, TraceReports.Trouble, secondsAgo: 300), new DearRequests { TraceEverySeconds = 600, NextTraceSeconds = 300 }));
        Check("cut-short", TraceReports.With(Observations.Leak, TraceReports.Trouble with { EndedEarly = "the trace ends in a batch at byte 3,400,000" }));
        Check("idle", TraceReports.With(Observations.Healthy, TraceReports.Idle));
        Check("denied", TraceReports.With(Observations.Denied, TraceReports.Trouble));
        Check("ended", TraceReports.With(Observations.Ended, TraceReports.Trouble));
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(3, 2)]
    [InlineData(12, 4)]
    [InlineData(400, 2)]
    [InlineData(9, 120)]
    [InlineData(400, 120)]
    public void No_size_is_too_small_or_too_large_to_draw(int width, int height)
    {
        foreach (Observation observation in new[] { Trouble, TraceReports.With(Observations.AllMissing, TraceReports.Idle), TraceReports.With(Observations.Ended, TraceReports.Trouble) })
        {
            for (int view = 0; view < 6; view++)
            {
                PaneInput input = Input(observation, width, height) with { State = PaneState.Initial with { View = view } };
                GoldenScreens.Draw(Pane, input);
                foreach (PaneCommand command in Enum.GetValues<PaneCommand>()) GoldenScreens.Draw(Pane, input with { State = Pane.Handle(command, input) });
            }
        }
    }

    private static void Check(string name, Observation observation)
    {
        GoldenScreens.AssertSame($"scheduler-state-{name}", GoldenScreens.Draw(Pane, Input(observation, 80, 21)).ToString());
        GoldenScreens.Draw(Pane, Input(observation, 80, 21) with { State = PaneState.Initial with { View = 3 } });
    }

    private static PaneInput Input(Observation observation, int width, int height) => new(observation, PaneState.Initial, AppFacts.Empty, width, height);

    private static Observation Reachable(Observation observation) =>
        observation with { Now = observation.Now with { Target = observation.Now.Target with { PprofUrl = Reading.Of("http://127.0.0.1:6060/debug/pprof/") } } };

    private static Observation With(Observation observation, DearRequests requests) => TraceReports.WithFacts(observation, facts => facts with { DearRequests = Reading.Of(requests) });

    private static class SchedulerViewNumber
    {
        public const int Waits = 2;
        public const int Blocking = 3;
    }
}
