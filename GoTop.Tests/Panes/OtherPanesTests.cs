using System.Collections.Immutable;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Cores;
using GoTop.Panes.Logs;
using GoTop.Panes.Overview;
using GoTop.Panes.Picker;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class OtherPanesTests
{
    private static readonly AppFacts App = new() { Processes = Observations.Processes, OwnLog = Observations.OwnLog };

    [Fact]
    public void The_log_follows_until_it_is_held_and_then_stands_still_while_lines_arrive()
    {
        LogsPane pane = new();
        PaneInput input = Input(Observations.Leak);
        Assert.EndsWith("following", pane.Build(input).Status, StringComparison.Ordinal);

        PaneInput held = After(pane, input, PaneCommand.Up, PaneCommand.Up, PaneCommand.Up);
        LogsView before = pane.Build(held);
        Assert.Equal(3, before.Below);

        Observation later = Observations.Leak with { LogLines = Observations.Leak.LogLines.RemoveRange(0, 10).Add(LogEntry.Of(new LogLine(Observations.Start.AddSeconds(200), "x", "INFO new"))) };
        LogsView after = pane.Build(held with { Observation = later });
        Assert.Equal(before.Lines, after.Lines);
        Assert.Equal(4, after.Below);

        PaneInput following = After(pane, held with { Observation = later }, PaneCommand.Follow);
        Assert.Equal("INFO new", pane.Build(following).Lines[^1].Text);
        Assert.Equal(0, pane.Build(After(pane, following, PaneCommand.Home, PaneCommand.PageDown, PaneCommand.PageDown, PaneCommand.PageDown)).Below);
    }

    [Fact]
    public void The_log_is_filtered_shifted_and_switched_to_our_own()
    {
        LogsPane pane = new();
        PaneInput input = Input(Observations.Leak);
        LogsView errors = pane.Build(input with { State = PaneState.Initial with { Filter = "error publish" } });
        Assert.All(errors.Lines, line => Assert.StartsWith("ERROR", line.Text, StringComparison.Ordinal));
        Assert.Equal(12, errors.Lines.Length);
        Assert.Equal(20, pane.Build(After(pane, input, PaneCommand.Right)).Skip);
        PaneCommand[] toOwn = [PaneCommand.NextView, PaneCommand.NextView, PaneCommand.NextView];
        Assert.Equal(Observations.OwnLog, pane.Build(After(pane, input, toOwn)).Lines);
        Assert.Equal(0, After(pane, input, [.. toOwn, PaneCommand.NextView]).State.View);
    }

    [Fact]
    public void A_process_is_selected_by_its_key_and_known_by_it()
    {
        PickerPane pane = new();
        PaneInput input = After(pane, Input(null), PaneCommand.Down);
        Assert.Equal(new ProcessKey(1187, 10_002), input.State.Selected);
        Assert.Equal("prometheus", pane.SelectedProcess(input)!.Identity.Name);

        PaneInput inverted = After(pane, input, PaneCommand.Invert);
        Assert.Equal("prometheus", pane.SelectedProcess(inverted)!.Identity.Name);
        Assert.Equal(new ProcessKey(933, 9_311), After(pane, Input(null), PaneCommand.Open).State.Selected);
        Assert.Null(pane.SelectedProcess(input with { App = AppFacts.Empty }));
    }

    [Fact]
    public void Services_can_be_filtered_by_anything_that_is_shown()
    {
        PickerPane pane = new();
        PaneInput input = Input(null);
        Assert.Equal(1, pane.Build(input with { State = PaneState.Initial with { Filter = "8080" } }).Table!.RowCount);
        Assert.Equal(2, pane.Build(input with { State = PaneState.Initial with { Filter = "!8080" } }).Table!.RowCount);
    }

    [Fact]
    public void Without_a_go_process_the_picker_says_so_and_offers_the_demo()
    {
        AppFacts none = new() { Processes = Reading.Of<ImmutableArray<GoProcess>>([]) };
        GoldenScreens.AssertSame("picker-80x22-none", GoldenScreens.Draw(new PickerPane(), Input(null) with { App = none }).ToString());
        Assert.Contains("Press d for the demo", new PickerPane().Build(Input(null) with { App = none }).Notice!.Advice, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(8, 8, 4.0, "More Ps than the quota feeds", Tone.Warning)]
    [InlineData(8, 4, null, "More Ps than allowed cores", Tone.Warning)]
    [InlineData(2, 8, null, "Fewer Ps than cores it may use: 6", Tone.Accent)]
    [InlineData(4, 8, 4.0, "GOMAXPROCS fits", Tone.Good)]
    [InlineData(3, 8, 2.5, "GOMAXPROCS fits", Tone.Good)]
    public void The_cores_pane_says_in_words_whether_the_runtime_fits_its_cores(int procs, int allowed, double? quota, string words, Tone tone)
    {
        Snapshot now = Observations.Leak.Now;
        now = now with
        {
            Go = now.Go with { Counters = now.Go.Counters with { Gomaxprocs = Reading.Of(procs) } },
            Process = now.Process with { AllowedCores = Reading.Of(CoreSet.Of(Enumerable.Range(0, allowed))) },
            Container = now.Container with { CpuQuotaCores = quota is { } cores ? Reading.Of(cores) : Reading.NotSupported<double>("no quota") },
        };
        (string text, Tone actual) = new CoresPane().Build(Input(Observations.Leak with { Now = now })).Words[1];
        Assert.StartsWith(words, text, StringComparison.Ordinal);
        Assert.Equal(tone, actual);
    }

    [Fact]
    public void Many_cores_scroll_and_every_one_can_be_reached()
    {
        CoresPane pane = new();
        ImmutableArray<CoreLoad> cores = [.. Enumerable.Range(0, 128).Select(core => new CoreLoad(new LogicalCore(core, core / 2, 0, core / 64, 0), core % 50, 5, 0, 0, 0))];
        Observation large = Observations.Leak with { Now = Observations.Leak.Now with { Host = Observations.Leak.Now.Host with { Cores = Reading.Of(cores) } } };
        PaneInput input = Input(large);
        GoldenScreens.AssertSame("cores-80x22-128", GoldenScreens.Draw(pane, input).ToString());
        PaneInput end = After(pane, input, PaneCommand.End);
        Assert.Contains(" 127 ", GoldenScreens.Draw(pane, end).ToString(), StringComparison.Ordinal);
        Assert.Equal(end.State, After(pane, end, PaneCommand.Down, PaneCommand.PageDown).State);
        Assert.Equal(0, After(pane, end, PaneCommand.Home).State.Top);
    }

    [Fact]
    public void No_finding_is_good_news_only_about_what_could_be_read()
    {
        OverviewPane pane = new();
        Assert.Equal(("Nothing wrong found.", Tone.Good), Verdict(Observations.Healthy));
        Assert.Equal(Tone.Warning, Verdict(Observations.Denied).Tone);
        Assert.Contains("goroutines, GC cannot be judged", Verdict(Observations.Denied).Text, StringComparison.Ordinal);

        (string Text, Tone Tone) Verdict(Observation observation)
        {
            OverviewView view = pane.Build(Input(observation));
            return (view.Verdict, view.VerdictTone);
        }
    }

    [Theory]
    [InlineData("overview")]
    [InlineData("gc")]
    public void A_healthy_service_on_windows_shows_what_that_system_cannot_tell(string id)
    {
        IPane pane = PaneCatalog.All.Single(candidate => candidate.Id == id);
        GoldenScreens.AssertSame($"{id}-120x38-healthy", GoldenScreens.Draw(pane, Input(Observations.Healthy) with { Width = 120, Height = 38 }).ToString());
    }

    [Fact]
    public void Ids_are_unique_and_the_digits_have_their_order()
    {
        Assert.Equal(
            ["overview", "goroutines", "gc", "cores", "cpu", "heap", "locks", "scheduler", "leaks", "logs", "threads", "kernel", "alerts", "fleet", "picker"],
            PaneCatalog.All.Select(pane => pane.Id));
        Assert.Equal(PaneCatalog.All.Length, PaneCatalog.All.Select(pane => pane.Id).Distinct().Count());
    }

    private static PaneInput Input(Observation? observation) => new(observation, PaneState.Initial, App, 80, 22);

    private static PaneInput After(IPane pane, PaneInput input, params PaneCommand[] commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = pane.Handle(command, input) };
        return input;
    }
}
