using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>A real Prometheus or VictoriaMetrics on a free port that scrapes once a second. Its data lie in a temporary folder.</summary>
internal sealed class PrometheusServer : IAsyncDisposable
{
    private static readonly TimeSpan OneAnswer = TimeSpan.FromSeconds(10);

    private readonly Process _process;
    private readonly string _folder;

    private PrometheusServer(Process process, string folder, Uri url) => (_process, _folder, Url) = (process, folder, url);

    public Uri Url { get; }

    /// <summary>Its program; skips the test, saying why, where it is not at hand.</summary>
    public static string Require(string engine)
    {
        string program = Path.Combine(Environment.GetEnvironmentVariable("GOTOP_EXPORT_SERVERS") ?? "/opt/export-servers", "usr", "bin", engine);
        Assert.SkipUnless(File.Exists(program), $"{engine} is not on this machine; eng/get-export-servers.sh unpacks it");
        return program;
    }

    /// <summary>Starts it and waits until it answers.</summary>
    /// <param name="engine"><c>prometheus</c> or <c>victoria-metrics</c>.</param>
    /// <param name="scrapes">The part below <c>scrape_configs:</c>.</param>
    public static async Task<PrometheusServer> StartAsync(string engine, string scrapes) =>
        // Between the look for a free port and its use another may have taken it.
        await TryStartAsync(engine, scrapes) ?? await TryStartAsync(engine, scrapes) ?? throw new InvalidOperationException($"{engine} ends before it is ready");

    /// <returns>Null where it ended by itself.</returns>
    private static async Task<PrometheusServer?> TryStartAsync(string engine, string scrapes)
    {
        string program = Require(engine), folder = Directory.CreateTempSubdirectory("gotop-prometheus-").FullName;
        string config = Path.Combine(folder, "prometheus.yml");
        Uri url = new(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{FreePort()}/"));
        string[] arguments = engine == "prometheus"
            ? [$"--config.file={config}", $"--storage.tsdb.path={folder}/data", $"--web.listen-address={url.Authority}", "--log.level=error"]
            : [$"-promscrape.config={config}", $"-storageDataPath={folder}/data", $"-httpListenAddr={url.Authority}", "-search.latencyOffset=0s", "-loggerLevel=ERROR"];
        Process? process = null;
        try
        {
            await File.WriteAllTextAsync(config, $"global: {{scrape_interval: 1s}}\nscrape_configs:\n{scrapes}\n", TestContext.Current.CancellationToken);
            process = Process.Start(new ProcessStartInfo(program, arguments))!;
            using HttpClient http = new() { BaseAddress = url, Timeout = OneAnswer };
            await Until.TrueAsync(async () => await IsReadyAsync(http) || process.HasExited, what: $"{engine} becomes ready");
            if (!process.HasExited) return new PrometheusServer(process, folder, url);
        }
        catch
        {
            await EndAsync(process, folder);
            throw;
        }

        await EndAsync(process, folder);
        return null;
    }

    public ValueTask DisposeAsync() => new(EndAsync(_process, _folder));

    private static async Task<bool> IsReadyAsync(HttpClient http)
    {
        try
        {
            using HttpResponseMessage ready = await http.GetAsync(new Uri("-/ready", UriKind.Relative), TestContext.Current.CancellationToken);
            return ready.IsSuccessStatusCode;
        }
        catch (Exception failure) when (failure is HttpRequestException or TaskCanceledException && !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            return false;
        }
    }

    private static async Task EndAsync(Process? process, string folder)
    {
        if (process is not null)
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, CancellationToken.None);
            process.Dispose();
        }

        Directory.Delete(folder, recursive: true);
    }

    private static int FreePort()
    {
        using Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }
}
