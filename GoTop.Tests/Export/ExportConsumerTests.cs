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
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Export;

/// <summary>What the agent hands to exporters, read from a page that it serves.</summary>
public sealed class ExportConsumerTests : IAsyncDisposable
{
    private static readonly PrometheusEndpointSettings AnyPort = new(new IPEndPoint(IPAddress.Loopback, 0));

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-export-");
    private readonly FakeTimeProvider _time = new(Observations.Leak.Now.Time);
    private readonly FakePlatform _platform = new();
    private readonly List<PrometheusExporter> _made = [];
    private readonly ExportConsumer _consumer;
    private bool _isDisposed;
    private readonly GoTopConfig _config = GoTopConfig.Default with
    {
        Targets = [new TargetSettings { Name = "shop", ProcessName = "shop" }],
        Export = new ExportSettings { Prometheus = AnyPort },
    };

    public ExportConsumerTests()
    {
        AgentServices services = new(_platform, new GoProcessFinder(_platform, _time), _time, NullLogger.Instance, "0.1.0", _folder.FullName, () => _config);
        ExporterKind kind = ExporterCatalog.All.Single(one => one.Id == ExporterCatalog.Prometheus) with { Create = Make };
        _consumer = new ExportConsumer(services, [kind]);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private AgentTarget Shop => new("shop", new TargetContext(Observations.OrderApi, _platform, _config.Targets[0], _time));

    public async ValueTask DisposeAsync()
    {
        if (!_isDisposed) await _consumer.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task A_target_is_on_the_page_while_it_is_read_and_no_longer()
    {
        Assert.Contains("gotop_target_up{service_name=\"shop\"} 0", await PageAsync(), StringComparison.Ordinal);
        await _consumer.ObservedAsync(Shop, Observations.Leak, Cancellation);
        string page = await PageAsync();
        Assert.Contains("gotop_target_up{service_name=\"shop\"} 1", page, StringComparison.Ordinal);
        Assert.Contains($"go_goroutines{{service_name=\"shop\"}} {Observations.Leak.Now.Go.Counters.Goroutines.Value}", page, StringComparison.Ordinal);

        await _consumer.HappenedAsync(new AgentEvent(AgentEventKind.Lost, _time.GetUtcNow(), Shop, "exit code 1", null), Cancellation);
        page = await PageAsync();
        Assert.Contains("gotop_target_up{service_name=\"shop\"} 0", page, StringComparison.Ordinal);
        Assert.DoesNotContain("go_goroutines", page, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_has_not_been_read_for_a_minute_is_not_told_as_if_it_were_new()
    {
        await _consumer.ObservedAsync(Shop, Observations.Leak, Cancellation);
        Assert.Contains("go_goroutines{", await PageAsync(), StringComparison.Ordinal);
        _time.Advance(TimeSpan.FromSeconds(61));
        Assert.DoesNotContain("go_goroutines{", await PageAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task How_it_stands_is_written_down()
    {
        await PageAsync();
        await _consumer.DisposeAsync();
        _isDisposed = true;
        ExporterStanding standing = Assert.Single(new ExportFile(_folder.FullName).Read().Value.Exporters);
        Assert.Equal(("prometheus", 1L, 0L, null), (standing.Id, standing.Sent, standing.Dropped, standing.Problem));
    }

    private PrometheusExporter Make(ExportSettings settings, ExportParts parts)
    {
        PrometheusExporter made = new(settings.Prometheus!, parts);
        lock (_made) _made.Add(made);
        return made;
    }

    private async Task<string> PageAsync()
    {
        Assert.True(SpinWait.SpinUntil(() => { lock (_made) return _made.Count == 1; }, TimeSpan.FromMinutes(1)), "no exporter was made");
        Uri address = await _made[0].Listening.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        // A page is kept for a second.
        _time.Advance(PrometheusExporter.PageAge);
        using HttpClient client = new();
        return await client.GetStringAsync(new Uri(address, PrometheusEndpoint.Path), Cancellation);
    }
}
