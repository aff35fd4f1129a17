using GoTop.Engine.Agent;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Feeds;
using GoTop.Tests.Recording;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Feeds;

/// <summary>The screen opens a target that an agent records.</summary>
public sealed class LiveFeedPastTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-past-");
    private readonly FakeTimeProvider _time = new(RecordedSamples.At(6).Time);
    private readonly FakePlatform _platform = new();
    private readonly FakeProcess _agent = new(77, "gotop", "/usr/bin/gotop");

    public LiveFeedPastTests()
    {
        _platform.Add(_agent);
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        for (int tick = 1; tick <= 5; tick++) writer.Append(RecordedSamples.At(tick));
    }

    private string FilePath => Path.Combine(_folder.FullName, "shop.gotop");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task What_the_agent_recorded_is_there_to_step_back_to_and_in_the_curves()
    {
        AgentPast past = Past(Agent(FilePath));
        Assert.NotNull(await past.Derivation);
        using LiveFeed feed = Open(past);
        Observation live = await AdvanceUntil(feed, observation => observation.History.Times.Length > 5);
        Assert.Equal(live.Tick + 5, live.History.Times.Length);
        Assert.Equal(RecordedSamples.At(5).Time, feed.Neighbour(live, -(int)live.Tick)!.Now.Time);
        Assert.Equal(RecordedSamples.At(2).Time, feed.At(RecordedSamples.At(2).Time)!.Now.Time);
    }

    [Fact]
    public async Task What_was_watched_until_the_past_is_there_stands_behind_it()
    {
        using ManualResetEventSlim mayRead = new();
        AgentPast past = Past(() =>
        {
            mayRead.Wait(TimeSpan.FromMinutes(2));
            return Agent(FilePath);
        });
        using LiveFeed feed = Open(past);
        Observation alone = await AdvanceUntil(feed, observation => observation.Tick >= 3);
        Assert.Equal(alone.Tick, alone.History.Times.Length);
        mayRead.Set();
        Observation live = await AdvanceUntil(feed, observation => observation.History.Times.Length > observation.Tick);
        Assert.Equal(live.Tick + 5, live.History.Times.Length);
        List<long> ticks = [];
        for (Observation? one = live; one is not null; one = feed.Neighbour(one, -1)) ticks.Insert(0, one.Tick);
        Assert.Equal(Enumerable.Range(-4, 5 + (int)live.Tick).Select(tick => (long)tick), ticks);
    }

    [Fact]
    public async Task A_past_that_does_not_come_is_done_without()
    {
        using ManualResetEventSlim mayRead = new();
        AgentPast past = Past(() =>
        {
            mayRead.Wait(TimeSpan.FromMinutes(2));
            return Agent(FilePath);
        });
        using LiveFeed feed = Open(past);
        await AdvanceUntil(feed, observation => observation.Tick >= 62);
        mayRead.Set();
        Assert.NotNull(await past.Derivation);
        Observation live = await AdvanceUntil(feed, observation => observation.Tick >= 64);
        Assert.Equal(live.Tick, live.History.Times.Length);
        Assert.Equal(1, feed.Neighbour(live, -100)!.Tick);
    }

    [Fact]
    public async Task A_recording_that_cannot_be_read_costs_nothing_but_the_past()
    {
        AgentPast past = Past(Agent(FilePath + ".gone"));
        Assert.Null(await past.Derivation);
        using LiveFeed feed = Open(past);
        Observation live = await AdvanceUntil(feed, observation => observation.Tick >= 2);
        Assert.Equal(live.Tick, live.History.Times.Length);
        Assert.Equal(1, feed.Neighbour(live, -100)!.Tick);
    }

    [Fact]
    public async Task Without_an_agent_that_records_this_process_there_is_no_past()
    {
        async Task NoneAsync(Reading<AgentState> agent, TargetIdentity target)
        {
            using AgentPast past = new(() => agent, target, _platform, _time, NullLogger.Instance);
            Assert.Null(await past.Derivation);
        }

        await NoneAsync(Reading.NotSupported<AgentState>("no agent has run here"), RecordedSamples.Target);
        await NoneAsync(Agent(recording: null), RecordedSamples.Target);
        await NoneAsync(Agent(FilePath), RecordedSamples.Target with { Process = new ProcessKey(43, 1) });
        _platform.End(77);
        await NoneAsync(Agent(FilePath), RecordedSamples.Target);
    }

    private AgentPast Past(Reading<AgentState> agent) => Past(() => agent);

    private AgentPast Past(Func<Reading<AgentState>> agent) => new(agent, RecordedSamples.Target, _platform, _time, NullLogger.Instance);

    private LiveFeed Open(AgentPast past)
    {
        TargetContext context = new(RecordedSamples.Target, _platform, new TargetSettings(), _time);
        return new LiveFeed(context, new Sampler(RecordedSamples.Target, [], Second, _time, NullLogger.Instance, past: past.Derivation), past);
    }

    /// <summary>Each second is a tick, which is published on the sampler's task.</summary>
    private async Task<Observation> AdvanceUntil(LiveFeed feed, Func<Observation, bool> wanted)
    {
        TaskCompletionSource<Observation> found = new(TaskCreationOptions.RunContinuationsAsynchronously);
        feed.Published += () =>
        {
            if (feed.Latest is { } latest && wanted(latest)) found.TrySetResult(latest);
        };
        using CancellationTokenSource late = new(TimeSpan.FromMinutes(2), TimeProvider.System);
        while (!found.Task.IsCompleted)
        {
            _time.Advance(Second);
            await Task.WhenAny(found.Task, Task.Delay(TimeSpan.FromMilliseconds(2), TimeProvider.System, TestContext.Current.CancellationToken));
            late.Token.ThrowIfCancellationRequested();
        }

        return await found.Task;
    }

    private Reading<AgentState> Agent(string? recording) => Reading.Of(new AgentState
    {
        ToolVersion = "0.1.0",
        ProcessId = 77,
        StartToken = _agent.Key.StartToken,
        StartedAt = RecordedSamples.Start,
        Phase = AgentPhase.Running,
        Folder = _folder.FullName,
        Targets = [new AgentTargetState("shop", "process shop", TargetPhase.Watched, RecordedSamples.Start, 42, null, RecordedSamples.Start, 1, recording, null, 0)],
    });
}
