using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes.Overview;
using GoTop.Panes.Scheduler;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App;

/// <summary>How keys ask for traces.</summary>
public sealed class TraceKeysTests : IDisposable
{
    private readonly FakeFeed _feed = new();
    private readonly FakeHost _host = new();
    private readonly AppController _app;
    private readonly KeyDispatcher _keys;

    public TraceKeysTests()
    {
        _feed.Publish(Observations.Healthy);
        _host.Feed = _feed;
        _app = new AppController(_host, [new SchedulerPane(), new OverviewPane()], AppUnderTest.Options, () => { });
        _keys = new KeyDispatcher(_app, KeyMap.Build(ActionCatalog.All, ImmutableDictionary<string, ImmutableArray<string>>.Empty).Map);
    }

    public void Dispose() => _app.Dispose();

    [Fact]
    public void Each_press_asks_for_one_trace_more_of_the_length_that_was_set()
    {
        Assert.Equal((0, 0), (Press("").TraceRequest, Press("").TraceSeconds));
        Assert.Equal((1, 1), (Press("t").TraceRequest, _feed.Interest.TraceSeconds));
        Assert.Equal((2, 3), (Press("+ + t").TraceRequest, _feed.Interest.TraceSeconds));
        Assert.Equal(TraceSeconds(1), Press("- - - -"));
        Assert.Equal(TraceSeconds(5), Press("+ + + + + + +"));
        Assert.False(_feed.Interest.Force);

        Interest TraceSeconds(int seconds) => _feed.Interest with { TraceSeconds = seconds };
    }

    [Fact]
    public void A_request_stands_when_another_pane_is_shown_and_ends_with_its_target()
    {
        Press("t 2");
        Assert.Equal(("overview", 1), (_app.State.Pane, _feed.Interest.TraceRequest));
        // There the key means nothing.
        Assert.Equal(1, Press("t").TraceRequest);

        FakeFeed another = new();
        _host.Feed = another;
        _app.TakeNews();
        _app.Settle(80, 21);
        Assert.Equal(0, another.Interest.TraceRequest);
    }

    [Fact]
    public void Forcing_asks_first_and_names_what_held_the_trace_back()
    {
        _feed.Publish(TraceReports.WithFacts(Observations.Healthy, facts => facts with { DearRequests = Reading.Of(new DearRequests { HeldBack = "GC uses 41 % of its CPU (more than 25 %)" }) }));
        _app.TakeNews();
        Assert.Equal(0, Press("!").TraceRequest);
        Assert.Contains("Held back: GC uses 41 % of its CPU (more than 25 %). A trace of 1 s costs", _app.State.Pending!.Question, StringComparison.Ordinal);
        Assert.Equal(0, Press("n").TraceRequest);
        Assert.Equal((1, true), (Press("! y").TraceRequest, _feed.Interest.Force));
    }

    [Fact]
    public void Consent_is_for_one_trace()
    {
        Press("! y");
        Observation taken = TraceReports.With(Later(Observations.Healthy, 5), TraceReports.Idle, secondsAgo: 1);
        _feed.Publish(taken);
        _app.TakeNews();
        Assert.False(Press("").Force);

        Press("! y");
        _feed.Publish(Later(taken, 20));
        _app.TakeNews();
        Assert.True(Press("").Force);
        _feed.Publish(Later(taken, 40));
        _app.TakeNews();
        Assert.False(Press("").Force);
    }

    [Fact]
    public void How_often_a_trace_is_taken_by_itself_goes_round_with_the_key()
    {
        Assert.Null(Press("").TraceEverySeconds);
        Assert.Equal(300, Press("E").TraceEverySeconds);
        Assert.Equal(60, Press("E").TraceEverySeconds);
        Assert.Equal(30, Press("E").TraceEverySeconds);
        Assert.Equal(0, Press("E").TraceEverySeconds);
        Assert.Equal("No trace is taken by itself any more.", _app.State.Message);
    }

    [Theory]
    [InlineData("90s", 90)]
    [InlineData("5m", 300)]
    [InlineData("off", 0)]
    public void It_can_be_typed(string text, int seconds)
    {
        _app.SetTraceCycle(text);
        Assert.Equal(seconds, Press("").TraceEverySeconds);
    }

    [Theory]
    [InlineData("soon", "\"soon\" is not a time")]
    [InlineData("1s", "every 10s at most often")]
    [InlineData("2h", "every 10s at most often")]
    public void What_is_no_time_is_told_and_changes_nothing(string text, string problem)
    {
        _app.SetTraceCycle(text);
        Assert.StartsWith(problem, _app.State.Message, StringComparison.Ordinal);
        Assert.Null(Press("").TraceEverySeconds);
    }

    private static Observation Later(Observation observation, int seconds) =>
        observation with { Now = observation.Now with { MonotonicNanoseconds = Observations.Healthy.Now.MonotonicNanoseconds + (seconds * 1_000_000_000L) } };

    private Interest Press(string keys)
    {
        foreach (string text in keys.Split(' ', StringSplitOptions.RemoveEmptyEntries))
        {
            Assert.True(KeyStroke.TryParse(text, out KeyStroke key, out string? problem), problem);
            _keys.Key(key);
        }

        _app.Settle(80, 21);
        return _feed.Interest;
    }
}
