using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Logs;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

/// <summary>The Logs pane, and what is derived and found, over a minute of a service that logs, begins to fail and panics.</summary>
public sealed class LogsPaneTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private static readonly Observation Failing = Observe();
    private readonly LogsPane _pane = new();

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    public void Lines_patterns_and_panics_are_shown(int width, int height)
    {
        PaneInput input = Input(width, height);
        GoldenScreens.AssertSame($"logs-failing-{width}x{height}", Draw(input));
        input = After(input, PaneCommand.NextView);
        GoldenScreens.AssertSame($"logs-patterns-{width}x{height}", Draw(input));
        input = After(input, PaneCommand.NextView);
        GoldenScreens.AssertSame($"logs-panics-{width}x{height}", Draw(input));
        input = After(input, PaneCommand.Open);
        GoldenScreens.AssertSame($"logs-panic-{width}x{height}", Draw(input));
        Assert.Empty(After(input, PaneCommand.Back).State.Levels);
    }

    [Fact]
    public void A_pattern_opens_its_lines()
    {
        PaneInput input = After(Input(120, 38), PaneCommand.NextView);
        int failed = Failing.Now.Log.Patterns.Value.Index().First(figure => figure.Item.Pattern.Template.StartsWith("publish", StringComparison.Ordinal)).Index;
        input = After(input, [.. Enumerable.Repeat(PaneCommand.Down, failed), PaneCommand.Open]);
        Assert.Equal(0, input.State.View);
        LogsView view = _pane.Build(input);
        Assert.NotEmpty(view.Lines);
        Assert.All(view.Lines, line => Assert.StartsWith("publish order", line.Message, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"level":"WARN","msg":"said \"good bye\" to anna"}""")]
    [InlineData("""{"level":"WARN","msg":"C:\\shop\\orders: no such file"}""")]
    [InlineData("""{"level":"WARN","msg":"first\nsecond\tcolumn \u00e9t\uabcd"}""")]
    [InlineData("level=WARN msg=\"said \\\"good bye\\\" to anna 7\"")]
    [InlineData("""2026/05/04 03:03:01 WARN cannot open C:\new\table (part 3) "x y" as 'anna'""")]
    public void The_filter_of_a_pattern_finds_its_lines_whatever_is_escaped_in_them(string line)
    {
        LogTally tally = new(Start, new CodeOrigins(""), []);
        tally.Add(Encoding.UTF8.GetBytes(line), "x", Start, isPast: false);
        string filter = LogTables.FilterOf(Assert.Single(tally.Read(Start).Patterns));
        Assert.True(LogFilter.TryParse(filter, out LogFilter? parsed, out LogFilterError? error), $"{filter}: {error}");
        Assert.True(parsed.Matches(LogEntry.Of(new LogLine(Start, "x", line))), filter);
        Assert.False(parsed.Matches(LogEntry.Of(new LogLine(Start, "x", "another line altogether"))), filter);
    }

    [Fact]
    public void A_filter_that_is_half_typed_says_what_is_missing_and_passes_everything()
    {
        PaneInput input = Input(120, 38);
        int all = _pane.Build(input).Lines.Length;
        LogsView view = _pane.Build(input with { State = PaneState.Initial with { Filter = "level>=" } });
        Assert.Equal(all, view.Lines.Length);
        Assert.Equal("filter: a value is missing after level>= (at 8)", view.Status);
        view = _pane.Build(input with { State = PaneState.Initial with { Filter = "level>=warn and order=7" } });
        Assert.All(view.Lines, line => Assert.Equal("7", line.Field("order")));
        Assert.NotEmpty(view.Lines);
    }

    [Fact]
    public void Rates_are_of_all_lines_and_findings_tell_of_panics_and_bursts()
    {
        LogFigures log = Failing.Now.Log;
        Assert.Equal((30.0, 6.0, 1.0), (log.LinesPerSecond.Value, log.ErrorsPerSecond.Value, log.WarningsPerSecond.Value));
        Assert.Equal(2, FigureCatalog.Find("log.panics")!.Select(Failing.Now).Value);
        Assert.Equal(30, FigureCatalog.Find("log.linesPerSecond")!.Select(Failing.Now).Value);
        Assert.False(FigureCatalog.Find("log.gctrace.liveBytes")!.Select(Failing.Now).HasValue);
        Finding[] found = [.. Failing.Findings.Where(finding => finding.Rule is "logged-panic" or "error-burst")];
        Assert.Equal(["logged-panic", "error-burst"], found.Select(finding => finding.Rule));
        Assert.Equal((Severity.Warning, "A handler panics in main.charge (pay.go:12)"), (found[0].Severity, found[0].Title));
        Assert.StartsWith("runtime error: index out of range, 2 times (goroutine 99, ", found[0].Detail, StringComparison.Ordinal);
        Assert.StartsWith("It logs ", found[1].Title, StringComparison.Ordinal);
        Assert.EndsWith("most of all: publish order * failed", found[1].Detail, StringComparison.Ordinal);
    }

    /// <summary>75 s: calm for 60 s, then 6 errors a second; two panics that a server recovered from.</summary>
    private static Observation Observe()
    {
        LogTally tally = new(Start, new CodeOrigins(""), []);
        Derivation derivation = new();
        Observation? last = null;
        for (int second = 0; second < 75; second++)
        {
            DateTimeOffset now = Start.AddSeconds(second);
            List<LogLine> lines = [];
            for (int i = 0; i < 30; i++)
            {
                int order = (second * 30) + i;
                Add(
                    i == 0 ? $$"""{"time":"{{now:o}}","level":"WARN","msg":"payment gateway slow","took":"2.1s","order":{{i + 7}}}"""
                    : i <= 6 && second >= 60 ? $"level=ERROR msg=\"publish order {order} failed\" order={i + 4} err=\"context deadline exceeded\""
                    : $$"""{"time":"{{now:o}}","level":"INFO","msg":"request","path":"/orders/{{order}}","status":200}""");
            }

            if (second is 62 or 64)
            {
                foreach (string line in (string[])
                [
                    $"2026/05/04 03:03:0{second - 60} http: panic serving 127.0.0.1:{40_000 + second}: runtime error: index out of range", $"goroutine {second + 35} [running]:",
                    "net/http.(*conn).serve.func1()", "\t/go/src/net/http/server.go:1943 +0xd3", "panic({0x70eb40?, 0xa0d6c0?})", "\t/go/src/runtime/panic.go:783 +0x132",
                    "main.charge(0x0?)", "\t/src/shop/pay.go:12 +0x13",
                ]) tally.Add(Encoding.UTF8.GetBytes(line), "/var/log/shop.log", now, isPast: false);
            }

            long at = (second + 1) * 1_000_000_000L;
            last = derivation.Next(
                new Sample
                {
                    Time = now,
                    MonotonicNanoseconds = at,
                    Target = Observations.OrderApi,
                    Facts = new SampleFacts { LogLines = [.. lines], Logs = Reading.Of(tally.Read(now)) }.ReadAt(at),
                    Sources = [new SourceStatus("logs", SourceState.Ok, null, 0.1)],
                },
                tickMilliseconds: 0);

            void Add(string text)
            {
                tally.Add(Encoding.UTF8.GetBytes(text), "/var/log/shop.log", now, isPast: false);
                lines.Add(new LogLine(now, "/var/log/shop.log", text));
            }
        }

        return last!;
    }

    private static PaneInput Input(int width, int height) => new(Failing, PaneState.Initial, AppFacts.Empty, width, height);

    private PaneInput After(PaneInput input, params ImmutableArray<PaneCommand> commands) =>
        commands.Aggregate(input, (now, command) => now with { State = _pane.Handle(command, now) });

    private string Draw(PaneInput input) => GoldenScreens.Draw(_pane, input).ToString();
}
