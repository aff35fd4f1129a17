using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Cores;
using GoTop.Panes.Kernel;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>What the kernel's events say, in words and figures, and at every size.</summary>
public sealed class KernelPaneTests
{
    private static readonly KernelPane Pane = new();

    public static TheoryData<string, int, int, int> ViewsAndSizes()
    {
        TheoryData<string, int, int, int> data = [];
        string[] names = ["overview", "waits", "oncpu", "lines", "offcpu", "processes"];
        for (int view = 0; view < names.Length; view++)
        {
            foreach ((int width, int height) in new[] { (80, 22), (120, 38), (200, 48), (40, 10) }) data.Add(names[view], view, width, height);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(ViewsAndSizes))]
    public void Every_view_shows_a_process_on_too_few_cores_at_every_size(string name, int view, int width, int height)
    {
        PaneInput input = Input(KernelObservations.Pinned, view, width, height);
        GoldenScreens.AssertSame($"kernel-pinned-{name}-{width}x{height}", GoldenScreens.Draw(Pane, input).ToString());
        Assert.DoesNotContain(GoldenScreens.Draw(Pane, input, GlyphSet.Ascii).ToString(), letter => letter > '~');
    }

    [Fact]
    public void States_of_collecting_are_told_in_words()
    {
        Check("neighbour", KernelObservations.Neighbour);
        Check("idle", KernelObservations.Idle);
        Check("of-itself", KernelObservations.OfItself);
        Check("lost", KernelObservations.Lost);
        Check("not-yet", KernelReports.With(Observations.Leak, Reading.NotYet<KernelReport>("events are being switched on")));
        Check("denied", KernelReports.With(Observations.Leak, Reading.Denied<KernelReport>("perf_event_open is not allowed: run gotop as root")));
        Check("stale", KernelReports.With(Observations.Leak, Reading.Of(KernelReports.Throttled).AsStale("the last report is 9 s old")));
    }

    public static TheoryData<string, string, string> Verdicts => new()
    {
        { nameof(KernelObservations.Throttled), "Throttled by its quota: its threads are ready without a core 3.3 s of every second", "Its container is throttled in 60 % of the periods; its quota is 4 cores; GOMAXPROCS is 8." },
        { nameof(KernelObservations.Pinned), "Short of cores: its threads are ready without a core 7.0 s of every second", "it may only run on core 3 of 8; GOMAXPROCS is 8; the other cores are" },
        { nameof(KernelObservations.Neighbour), "Short of cores: its threads are ready without a core 1.9 s", "Backup-job (7100) had the cores for 74 % of that time" },
        { nameof(KernelObservations.Idle), "Idle: it uses 0.8% of one core and waits for none", "its threads are mostly sleeping" },
        { nameof(KernelObservations.Lost), "ready without a core at least 3.3 s", "throttled" },
    };

    [Theory]
    [MemberData(nameof(Verdicts))]
    public void The_answer_is_in_words_at_the_top(string moment, string begins, string contains)
    {
        Observation observation = (Observation)typeof(KernelObservations).GetProperty(moment)!.GetValue(null)!;
        string verdict = Pane.Build(Input(observation, 0, 120, 38)).Verdict.Text;
        Assert.Contains(begins, verdict, StringComparison.Ordinal);
        Assert.Contains(contains, verdict, StringComparison.Ordinal);
    }

    [Fact]
    public void Without_events_the_counters_still_tell_whether_it_is_short_of_cores()
    {
        KernelView view = Pane.Build(Input(Observations.Denied, 0, 120, 38));
        Assert.NotNull(view.NoEvents);
        Assert.Contains("perf_event_paranoid 3", view.NoEvents!.Reason, StringComparison.Ordinal);
        Assert.Contains("elevated", view.NoEvents.Advice, StringComparison.Ordinal);
        Assert.Contains("its container's quota stops it 31.0% of the time", view.Verdict.Text, StringComparison.Ordinal);
    }

    [Fact]
    public void Lost_events_make_every_figure_of_events_at_least_that_much()
    {
        KernelView view = Pane.Build(Input(KernelObservations.Lost, 0, 120, 38));
        Assert.Contains("12,345 were lost", view.Status.Text, StringComparison.Ordinal);
        Assert.Equal(Tone.Warning, view.Status.Tone);
        foreach (string label in (string[])["on CPU", "ready, no core", "p99, for a core", "preempted", "sent"])
            Assert.StartsWith("≥ ", view.Overview!.Figures.Single(row => row.Label == label).Value.Text, StringComparison.Ordinal);
        // Throttling and Go's own latency are counted, not made of events.
        Assert.DoesNotContain('≥', view.Overview!.Figures.Single(row => row.Label == "throttled").Value.Text);
    }

    [Fact]
    public void What_is_not_told_has_its_reason_and_is_never_a_zero()
    {
        KernelView view = Pane.Build(Input(KernelObservations.OfItself, 0, 120, 38));
        Assert.StartsWith("Events of this process alone", view.Status.Text, StringComparison.Ordinal);
        Assert.Contains("other processes, waits for a core (needs root)", view.NotTold, StringComparison.Ordinal);
        Assert.Contains("needs root", view.Overview!.WaitsNote, StringComparison.Ordinal);
        Assert.True(view.Overview.Figures.Single(row => row.Label == "sent").Value.IsMissing);
        Assert.Contains("needs root", Pane.Build(Input(KernelObservations.OfItself, 5, 120, 38)).NoEvents!.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Events_are_collected_only_while_something_shows_them()
    {
        Assert.True(Pane.Interest(Input(null, 0, 80, 22)).KernelEvents);
        CoresPane cores = new();
        PaneInput load = Input(Observations.Leak, 0, 120, 38);
        Assert.False(cores.Interest(load).KernelEvents);
        Assert.True(cores.Interest(load with { State = cores.Handle(PaneCommand.NextView, load) }).KernelEvents);
    }

    [Fact]
    public void A_function_opens_to_the_stacks_it_is_in_and_closes_again()
    {
        PaneInput input = Input(KernelObservations.Pinned, 2, 120, 38);
        PaneInput opened = input with { State = Pane.Handle(PaneCommand.Open, input) };
        GoldenScreens.AssertSame("kernel-opened-120x38", GoldenScreens.Draw(Pane, opened).ToString());
        KernelView view = Pane.Build(opened);
        Assert.Contains("orders.(*Handler).price", view.List!.Title, StringComparison.Ordinal);
        // Two of the three stacks, each with its heading.
        Assert.Equal(2 + 2 + 2, view.List.Table.RowCount);
        Assert.Equal(input.State, Pane.Handle(PaneCommand.Back, opened));
    }

    [Fact]
    public void Samples_by_function_are_told_apart_by_whose_code_it_is()
    {
        KernelView view = Pane.Build(Input(KernelObservations.Pinned, 2, 120, 38));
        Assert.Equal("318 samples on CPU: Go 79.2%, kernel 12.6%, native 8.2%; 2 of stacks beyond those kept", view.List!.Title);
        Assert.Equal(3, new[] { 0, 2, 3 }.Select(row => view.List.Table.Cell(row, 4).Tone).Distinct().Count());
    }

    [Fact]
    public void All_of_its_threads_time_is_divided_by_what_they_do()
    {
        KernelView view = Pane.Build(Input(KernelObservations.Pinned, 4, 120, 38));
        ImmutableArray<double> shares = [.. Enumerable.Range(0, view.List!.Table.RowCount).Select(row => double.Parse(view.List.Table.Cell(row, 1).Text.TrimEnd('%'), System.Globalization.CultureInfo.InvariantCulture))];
        Assert.InRange(shares.Sum(), 99.5, 100.5);
        Assert.Equal("ready, without a core", view.List.Table.Cell(0, 4).Text);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(12, 4)]
    [InlineData(400, 2)]
    [InlineData(9, 120)]
    [InlineData(400, 120)]
    public void No_size_is_too_small_or_too_large_to_draw(int width, int height)
    {
        foreach (Observation observation in new[] { KernelObservations.Pinned, KernelObservations.OfItself, KernelObservations.Idle, Observations.AllMissing })
        {
            for (int view = 0; view < 6; view++)
            {
                PaneInput input = Input(observation, view, width, height);
                foreach (PaneCommand command in Enum.GetValues<PaneCommand>()) GoldenScreens.Draw(Pane, input with { State = Pane.Handle(command, input) });
            }
        }
    }

    private static void Check(string name, Observation observation) =>
        GoldenScreens.AssertSame($"kernel-state-{name}", GoldenScreens.Draw(Pane, Input(observation, 0, 80, 22)).ToString());

    private static PaneInput Input(Observation? observation, int view, int width, int height) =>
        new(observation, PaneState.Initial with { View = view }, AppFacts.Empty, width, height);
}
