using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Discovery;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class HostileTextTests
{
    /// <summary>An escape sequence, a C1 control, line ends, a right-to-left override and an isolate, and a lone surrogate.</summary>
    private const string Hostile = "ev\u001b]0;owned\u0007il\u009b31m\r\n\u202Egnp.exe\u2066x\ud800y";

    [Fact]
    public void Nothing_that_a_target_supplies_can_command_the_terminal_or_turn_the_text()
    {
        Observation observation = HostileObservation();
        AppFacts app = new()
        {
            Processes = Reading.Of<ImmutableArray<GoProcess>>([new GoProcess(observation.Now.Target, observation.Now.Sources)]),
            OwnLog = observation.LogLines,
        };
        foreach (IPane pane in PaneCatalog.All)
        {
            PaneInput input = new(observation, PaneState.Initial with { Filter = "!" + Hostile.Replace("\n", "", StringComparison.Ordinal) }, app, 120, 38);
            AssertHarmless(GoldenScreens.Draw(pane, input));
            input = input with { State = PaneState.Initial };
            AssertHarmless(GoldenScreens.Draw(pane, input));
            foreach (PaneCommand command in new[] { PaneCommand.Open, PaneCommand.Down, PaneCommand.Open, PaneCommand.NextView, PaneCommand.Down, PaneCommand.Open, PaneCommand.NextView, PaneCommand.End, PaneCommand.NextView })
            {
                input = input with { State = pane.Handle(command, input) };
                AssertHarmless(GoldenScreens.Draw(pane, input));
            }
        }

        Canvas line = new(200, 1);
        VitalSigns.Draw(observation, Marks.None, false, new DrawContext(line.All, GoldenScreens.Theme, GlyphSet.Unicode));
        AssertHarmless(line);
    }

    private static void AssertHarmless(Canvas canvas)
    {
        for (int y = 0; y < canvas.Height; y++)
        {
            foreach (ref readonly CanvasCell cell in canvas.Row(y))
            {
                if (cell.IsContinuation) continue;
                Assert.False(Rune.IsControl(cell.Glyph) || PlainCells.ChangesDirection(cell.Glyph), $"U+{cell.Glyph.Value:X4} reached a cell");
            }
        }
    }

    private static ProfileCapture HostileProfile(ProfileKind kind)
    {
        ProfileBuilder builder = new(new ProfileValueType("contentions", "count"), new ProfileValueType("delay", "nanoseconds")) { DefaultSampleType = Hostile };
        ProfileFrame frame = new(Hostile, Hostile, 7);
        builder.AddSample([frame, frame, new ProfileFrame("main." + Hostile, Hostile, 8)], [3, 5_000_000]);
        using MemoryStream bytes = new();
        ProfileWriter.Write(builder.Build(), bytes);
        return new ProfileCapture
        {
            Kind = kind,
            TakenAt = Observations.Start,
            ReadAtNanoseconds = 1,
            Seconds = 2,
            TookMilliseconds = 1,
            CostToTarget = Hostile,
            Content = [.. bytes.ToArray()],
        };
    }

    private static Observation HostileObservation()
    {
        Snapshot now = Observations.Leak.Now;
        CodeLocation place = new(Hostile, Hostile, 7);
        GoroutineTable table = new()
        {
            Rows = [new GoroutineRow(9, GoroutineState.Waiting, 1, 5, 0, 0, 1, 0, true)],
            Locations = [place],
            WaitReasons = ["", Hostile],
            Stacks = [[0, 0]],
            NowNanoseconds = 1_000_000_000_000,
            Torn = 0,
            SystemGoroutines = 0,
        };
        GoroutineGroup group = new(
            new GroupKey(place, Hostile, GoroutineState.Waiting, Hostile), 1, Reading.Of(0.0), Reading.Of(995.0), [new StackShape(1, [place, place])]);
        SourceStatus refused = new(Hostile, SourceState.Denied, Hostile, 1) { CostToTarget = Hostile };
        return Observations.Leak with
        {
            Now = now with
            {
                Profiles = ProfileDerivation.Derive(null, ProfileCaptures.None.Change((kind, _) => Reading.Of(HostileProfile(kind)))),
                Target = now.Target with
                {
                    Name = Hostile,
                    Path = Reading.Of(Hostile),
                    Service = Reading.Of(Hostile),
                    User = Reading.Of(Hostile),
                    Build = Reading.Of(new GoBuildInfo(Hostile, Hostile, Hostile, Hostile, ImmutableSortedDictionary<string, string>.Empty)),
                },
                Facts = now.Facts with { Goroutines = Reading.Of(table) },
                Groups = Reading.Of<ImmutableArray<GoroutineGroup>>([group]),
                Process = now.Process with { Priority = Reading.Of(Hostile), ResidentBytes = Reading.Denied<long>(Hostile) },
                Container = now.Container with { Group = Reading.Of(Hostile) },
                Go = now.Go with { Counters = now.Go.Counters with { GoVersion = Reading.Of(Hostile) } },
                Sources = [refused],
                TargetEnded = Hostile,
            },
            Findings = [new Finding("x", Severity.Warning, Hostile, Hostile, Hostile)],
            LogLines = [LogEntry.Of(new LogLine(Observations.Start, Hostile, Hostile))],
        };
    }
}
