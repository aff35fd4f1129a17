using System.Net;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Prometheus;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Export;

/// <summary>One exporter whose every word fails, beside one that is sound.</summary>
public sealed class FailingExporterTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-export-");
    private readonly AwaitableTime _time = new();
    private readonly List<Sound> _made = [];
    private volatile GoTopConfig _config = Listening(9399);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task It_neither_ends_the_following_nor_keeps_the_others_from_being_told_and_ended()
    {
        FakePlatform platform = new();
        AgentServices services = new(platform, new GoProcessFinder(platform, _time), _time, NullLogger.Instance, "0.1.0", _folder.FullName, () => _config);
        static Task<string> Untried(ExportSettings settings, ExporterTrialParts parts, CancellationToken cancellation) => throw new NotSupportedException();
        ExportConsumer consumer = new(services,
        [
            new ExporterKind("failing", _ => "always the same", (_, _) => new Failing(), Untried),
            new ExporterKind("sound", settings => settings.Prometheus, (_, _) => Make(), Untried),
        ]);
        // The first look is over: from here on one each second.
        await _time.TimerOfAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(["sound"], new ExportFile(_folder.FullName).Read().Value.Exporters.Select(standing => standing.Id));
        _config = Listening(9400);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.True(SpinWait.SpinUntil(() => { lock (_made) return _made.Count == 2; }, Limit), "the configuration is not followed any more");
        await consumer.DisposeAsync().AsTask().WaitAsync(Limit, Cancellation);
        Assert.All(_made, sound => Assert.True(sound.IsEnded));
        // What they had to leave is written down.
        Assert.Equal(3, Assert.Single(new ExportFile(_folder.FullName).Read().Value.Exporters).Dropped);
    }

    [Fact]
    public void How_they_stand_is_old_after_half_a_minute()
    {
        ExportState state = new(Observations.Start, [new Sound().Standing]);
        Assert.False(state.IsOld(Observations.Start.AddSeconds(30)));
        Assert.True(state.IsOld(Observations.Start.AddSeconds(31)));
    }

    private static GoTopConfig Listening(int port) => GoTopConfig.Default with { Export = new ExportSettings { Prometheus = new PrometheusEndpointSettings(new IPEndPoint(IPAddress.Loopback, port)) } };

    private Sound Make()
    {
        Sound made = new();
        lock (_made) _made.Add(made);
        return made;
    }

    private sealed class Failing : IExporter
    {
        public string Id => "failing";

        public ExporterStanding Standing => throw new InvalidOperationException("a bug");

        public ValueTask DisposeAsync() => throw new InvalidOperationException("a bug");
    }

    private sealed class Sound : IExporter
    {
        public string Id => "sound";

        public bool IsEnded { get; private set; }

        public ExporterStanding Standing => new(Id, "here", Observations.Start, 0, IsEnded ? 3 : 0, 0, null, null, null);

        public ValueTask DisposeAsync()
        {
            IsEnded = true;
            return ValueTask.CompletedTask;
        }
    }
}
