using System.Net;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Export;

/// <summary>What an agent does for exports that nobody has asked for, and when it writes down how the others stand.</summary>
public sealed class IdleExportTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(2);
    private static readonly GoTopConfig Nothing = GoTopConfig.Default with { Targets = [new TargetSettings { Name = "shop", ProcessName = "shop" }] };
    private static readonly GoTopConfig Something = Nothing with { Export = new ExportSettings { Prometheus = new PrometheusEndpointSettings(new IPEndPoint(IPAddress.Loopback, 9399)) } };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-export-");
    private readonly AwaitableTime _time = new();
    private readonly FakePlatform _platform = new();
    private readonly TaskCompletionSource<ExportParts> _made = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private volatile GoTopConfig _config = Nothing;
    private volatile int _looks;

    public IdleExportTests() => _time.SetUtcNow(Observations.Leak.Now.Time);

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private ExportFile StandingsFile => new(_folder.FullName);

    private AgentTarget Shop => new("shop", new TargetContext(Observations.OrderApi, _platform, Nothing.Targets[0], _time));

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Nothing_is_kept_of_what_is_observed_until_somebody_exports_it()
    {
        await using ExportConsumer consumer = await StartAsync();
        await consumer.ObservedAsync(Shop, Observations.Leak, Cancellation);
        _config = Something;
        _time.Advance(TimeSpan.FromSeconds(1));
        ExportParts parts = await _made.Task.WaitAsync(Limit, Cancellation);
        Assert.Null(Assert.Single(parts.View().Targets).Observation);
        await consumer.ObservedAsync(Shop, Observations.Leak, Cancellation);
        Assert.NotNull(Assert.Single(parts.View().Targets).Observation);
    }

    [Fact]
    public async Task That_nothing_is_exported_any_more_is_written_once_and_holds()
    {
        _config = Something;
        await using ExportConsumer consumer = await StartAsync();
        Assert.Single(StandingsFile.Read().Value.Exporters);
        _config = Nothing;
        _time.Advance(TimeSpan.FromSeconds(1));
        Until(() => StandingsFile.Read().TryGet(out ExportState? state) && state.Exporters.IsEmpty);
        ExportState told = StandingsFile.Read().Value;
        // The second look begins when what the first one had to do is done.
        await LookAsync(TimeSpan.FromSeconds(5));
        await LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal(told.WrittenAt, StandingsFile.Read().Value.WrittenAt);
        Assert.False(told.IsOld(told.WrittenAt.AddDays(1)));
    }

    [Fact]
    public async Task Without_anything_to_tell_there_is_no_file_and_nobody_looks_for_one()
    {
        await using ExportConsumer consumer = await StartAsync();
        Assert.False(File.Exists(StandingsFile.Path));
        File.WriteAllText(StandingsFile.Path, "another's");
        await LookAsync(TimeSpan.FromSeconds(5));
        await LookAsync(TimeSpan.FromSeconds(1));
        Assert.Equal("another's", File.ReadAllText(StandingsFile.Path));
    }

    [Fact]
    public async Task How_exporters_stand_is_written_every_five_seconds_though_the_clock_is_set_back()
    {
        _config = Something;
        await using ExportConsumer consumer = await StartAsync();
        _time.Set(TimeSpan.FromHours(-1));
        _time.Advance(TimeSpan.FromSeconds(5));
        DateTimeOffset now = _time.GetUtcNow();
        Until(() => StandingsFile.Read().TryGet(out ExportState? state) && state.WrittenAt == now);
    }

    /// <summary>The first look is over when this returns: from here on there is one for each second that passes, or for several that pass at once.</summary>
    private async Task<ExportConsumer> StartAsync()
    {
        AgentServices services = new(_platform, new GoProcessFinder(_platform, _time), _time, NullLogger.Instance, "0.1.0", _folder.FullName, Config);
        ExporterKind kind = new("quiet", settings => settings.Prometheus, (_, parts) => Make(parts), (_, _, _) => throw new NotSupportedException());
        ExportConsumer consumer = new(services, [kind]);
        await _time.TimerOfAsync(TimeSpan.FromSeconds(1));
        return consumer;
    }

    private async Task LookAsync(TimeSpan passes)
    {
        int before = _looks;
        _time.Advance(passes);
        await Task.Run(() => Until(() => _looks > before), Cancellation);
    }

    private GoTopConfig Config()
    {
        Interlocked.Increment(ref _looks);
        return _config;
    }

    private Quiet Make(ExportParts parts)
    {
        _made.TrySetResult(parts);
        return new Quiet();
    }

    private static void Until(Func<bool> condition) => Assert.True(SpinWait.SpinUntil(condition, Limit), "it did not come to that within two minutes");

    private sealed class Quiet : IExporter
    {
        public string Id => "quiet";

        public ExporterStanding Standing => new(Id, "here", Observations.Start, 0, 0, 0, null, null, null);

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
