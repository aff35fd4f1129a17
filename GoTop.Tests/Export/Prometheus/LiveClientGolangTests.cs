using System.Globalization;
using System.Net;
using System.Text.RegularExpressions;
using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Platform;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Export.Prometheus;

/// <summary>A real service tells its figures by client_golang; the agent reads its memory from outside and tells them under the same names.</summary>
public sealed partial class LiveClientGolangTests : IAsyncLifetime
{
    /// <summary>They rise and fall with each GC cycle, which frees stacks as well: what they are between two readings may lie beyond both.</summary>
    private static readonly HashSet<string> Teeth =
    [
        "go_memstats_heap_objects", "go_memstats_heap_idle_bytes", "go_memstats_heap_inuse_bytes", "go_memstats_heap_released_bytes", "go_memstats_stack_inuse_bytes", "go_memstats_heap_sys_bytes",
        "go_memstats_next_gc_bytes",
    ];

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-live-export-").FullName;
    private readonly CancellationTokenSource _stop = new();
    private readonly TaskCompletionSource<PrometheusExporter> _exporter = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly HttpClient _client = new();
    private Task _run = Task.CompletedTask;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public ValueTask InitializeAsync() => ValueTask.CompletedTask;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _run;
        _stop.Dispose();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("1.22")]
    [InlineData("1.27")]
    public async Task What_has_client_golangs_name_has_its_value_and_kind(string version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the target is built for Linux");
        string program = await GoToolchain.RequireWithLibrariesAsync("metrics", version);
        await using GoService service = await GoService.StartAsync(program, "-all");
        Uri own = new($"http://{service.Address}/metrics"), ours = await StartAgentAsync(service.ProcessId);

        (Dictionary<string, double> before, Dictionary<string, string> itsKinds) = Parse(await _client.GetStringAsync(own, Cancellation));
        Dictionary<string, double> told, after;
        Dictionary<string, string> ourKinds;
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        enough.CancelAfter(TimeSpan.FromMinutes(1));
        do
        {
            Assert.False(enough.IsCancellationRequested, "the agent told nothing newer within a minute");
            // Being asked, it allocates: what it counts grows.
            (after, _) = Parse(await _client.GetStringAsync(own, Cancellation));
            (told, ourKinds) = Parse(await _client.GetStringAsync(ours, Cancellation));
            (after, _) = Parse(await _client.GetStringAsync(own, Cancellation));
        }
        while (!told.ContainsKey("go_goroutines") || before.Any(one => IsCounter(one.Key) && told.TryGetValue(one.Key, out double value) && value < one.Value));

        string[] common = [.. told.Keys.Intersect(before.Keys).Order(StringComparer.Ordinal)];
        Assert.Superset(
            new HashSet<string>
            {
                "go_goroutines", "go_threads", "go_gc_gogc_percent", "go_sched_gomaxprocs_threads", "go_memstats_alloc_bytes_total", "go_memstats_sys_bytes", "go_memstats_next_gc_bytes",
                "process_cpu_seconds_total", "process_resident_memory_bytes", "process_open_fds", "process_max_fds", "process_start_time_seconds",
            },
            new HashSet<string>(common));
        Assert.InRange((told["go_memstats_heap_idle_bytes"] + told["go_memstats_heap_inuse_bytes"]) / told["go_memstats_heap_sys_bytes"], 0.8, 1.2);
        // Of the right size all the same.
        Assert.All(common.Where(Teeth.Contains), name => Assert.InRange(told[name], 0, (4 * Math.Max(before[name], after[name])) + (1 << 20)));
        Assert.All(common.Where(name => !Teeth.Contains(name)), name =>
        {
            double low = Math.Min(before[name], after[name]), high = Math.Max(before[name], after[name]);
            // Gauges move between the two readings; a few goroutines, descriptors and objects come and go with each question.
            double slack = IsCounter(name) ? high * 0.001 : (high * 0.2) + 8;
            Assert.True(told[name] >= low - slack && told[name] <= high + slack, $"{name}: its own {low} to {high}, told {told[name]}");
        });
        Assert.All(ourKinds.Keys.Intersect(itsKinds.Keys), name => Assert.Equal($"{name} {itsKinds[name]}", $"{name} {ourKinds[name]}"));
    }

    private async Task<Uri> StartAgentAsync(int processId)
    {
        ExporterKind kind = ExporterCatalog.All.Single(one => one.Id == ExporterCatalog.Prometheus) with
        {
            Create = (settings, parts) =>
            {
                PrometheusExporter made = new(settings.Prometheus!, parts);
                _exporter.TrySetResult(made);
                return made;
            },
        };
        LoadedConfig loaded = new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(
            $"interval = \"200ms\"\n[agent]\nfolder = '{_folder}'\nrecord = false\n[audit]\nfile = '{Path.Combine(_folder, "audit.jsonl")}'\n[[target]]\nname = \"shop\"\npid = {processId}\nmetrics = \"off\"\n",
            Path.Combine(_folder, "gotop.toml"));
        Assert.Empty(loaded.Problems);
        loaded = loaded with { Config = loaded.Config with { Export = new ExportSettings { Prometheus = new PrometheusEndpointSettings(new IPEndPoint(IPAddress.Loopback, 0)) } } };
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        AgentWorker worker = new(
            new AgentParts(platform, new GoProcessFinder(platform, TimeProvider.System), TimeProvider.System, NullLogger.Instance, "test"), loaded, [services => new ExportConsumer(services, [kind])]);
        _run = Task.Run(() => worker.RunAsync(_stop.Token), Cancellation);
        PrometheusExporter exporter = await _exporter.Task.WaitAsync(TimeSpan.FromMinutes(1), Cancellation);
        return new Uri(await exporter.Listening.WaitAsync(TimeSpan.FromMinutes(1), Cancellation), PrometheusEndpoint.Path);
    }

    private static bool IsCounter(string name) =>
        name.EndsWith("_total", StringComparison.Ordinal) || name.EndsWith("_count", StringComparison.Ordinal) || name.EndsWith("_sum", StringComparison.Ordinal);

    /// <summary>Values without labels of their own, by name; ours carry the target's name.</summary>
    private static (Dictionary<string, double> Values, Dictionary<string, string> Kinds) Parse(string page)
    {
        Dictionary<string, double> values = new(StringComparer.Ordinal);
        Dictionary<string, string> kinds = new(StringComparer.Ordinal);
        foreach (string line in page.Split('\n'))
        {
            if (line.StartsWith("# TYPE ", StringComparison.Ordinal) && line.Split(' ') is [_, _, { } name, { } kind]) kinds[name] = kind;
            if (Line().Match(line) is { Success: true } match) values[match.Groups["name"].Value] = double.Parse(match.Groups["value"].Value, CultureInfo.InvariantCulture);
        }

        return (values, kinds);
    }

    [GeneratedRegex("""^(?<name>[a-z_]+)(\{service_name="shop"\})? (?<value>\S+)$""")]
    private static partial Regex Line();
}
