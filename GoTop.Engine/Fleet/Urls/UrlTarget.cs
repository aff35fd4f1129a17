using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.Urls;

/// <summary>One target and what its page told last. One task at a time asks; the row may be read by any.</summary>
internal sealed class UrlTarget
{
    private const string FirstReading = "rates come with the second reading", WasRestarted = "it was restarted: rates come with the next reading";

    private readonly TargetSettings _settings;
    private readonly LatencyBuckets _latencies = new();
    private readonly UrlHistory _history = new();
    private readonly FleetRow _nameless;
    private double _cpuSeconds = double.NaN, _gcCpuSeconds = double.NaN, _pauseSeconds = double.NaN, _allocBytes = double.NaN, _startSeconds = double.NaN;
    private long _readAt;
    private bool _hasRead;
    private string? _goVersion, _moduleVersion, _modulePath;
    private FleetRow _row;

    /// <param name="exchange">Null where its settings cannot be used; the reason says why.</param>
    public UrlTarget(TargetSettings settings, Uri page, HttpExchange? exchange, string? reason)
    {
        (_settings, Page, Exchange) = (settings, page, exchange);
        string name = PlainText.Clean(settings.Name ?? page.Authority, 100);
        bool isHere = page.IsLoopback;
        // No two have one name, but any number without a name may be on one host. What comes before the host may hold a password.
        string id = settings.Name is null ? page.GetComponents(UriComponents.HttpRequestUrl, UriFormat.UriEscaped) : name;
        _nameless = new FleetRow($"url:{id}", name, Label("service") ?? Label("job") ?? name)
        {
            Source = UrlTargets.SourceName,
            Host = Reading.Of(isHere ? PlainText.Clean(Environment.MachineName, 80) : page.Host),
            Os = Label("os") is { } os ? Reading.Of(os.ToLowerInvariant()) : isHere ? Reading.Of(OwnSystem) : Reading.NotSupported<string>("neither its metrics nor a label os tells it"),
            Version = Label("version") is { } version ? Reading.Of(version) : Reading.NotYet<string>(),
            // An engine's instance has the port even where it goes without saying.
            Authority = string.Create(CultureInfo.InvariantCulture, $"{page.Host}:{page.Port}"),
            // Without pprof pages there is nothing to open it by.
            Target = settings.Url is null && settings is { ProcessId: null, ProcessName: null, Service: null } ? null : settings.Name ?? settings.Url?.AbsoluteUri,
        };
        _row = exchange is null ? _nameless with { State = FleetState.Unread, Reason = reason } : _nameless;
    }

    public Uri Page { get; }

    public HttpExchange? Exchange { get; }

    public TimeSpan Timeout => _settings.Http.Timeout;

    public FleetRow Row => Volatile.Read(ref _row);

    private static string OwnSystem => RuntimeInformation.RuntimeIdentifier.Split('-')[0] switch
    {
        "win" => "windows",
        "osx" => "macos",
        _ => "linux",
    };

    public FleetHistory History(DateTimeOffset now, TimeSpan interval) => _history.ToHistory(Row.Id, now, interval);

    /// <summary>The page was read.</summary>
    /// <param name="now">Monotonic.</param>
    public void Take(FleetPageReader page, long now)
    {
        FleetRaw raw = page.Raw;
        double start = raw[RuntimeMetric.ProcessStartSeconds], seconds = (now - _readAt) / 1e9;
        bool isSame = double.IsNaN(start) || double.IsNaN(_startSeconds) || start == _startSeconds;
        if (!_hasRead) raw.WhyNoRates = FirstReading;
        else if (!isSame) raw.WhyNoRates = WasRestarted;
        raw.CpuPerSecond = Rate(ref _cpuSeconds, raw[RuntimeMetric.ProcessCpuSeconds]);
        raw.GcCpuPerSecond = Rate(ref _gcCpuSeconds, raw[RuntimeMetric.GcCpuSeconds]);
        raw.PausePerSecond = Rate(ref _pauseSeconds, raw[RuntimeMetric.PauseTotalSeconds]);
        raw.AllocBytesPerSecond = Rate(ref _allocBytes, raw[RuntimeMetric.TotalAlloc]);
        if (isSame && _hasRead) raw.SchedulingP99Seconds = page.Latencies.QuantileSince(_latencies, 0.99);
        _latencies.CopyFrom(page.Latencies);
        (_readAt, _startSeconds, _hasRead) = (now, start, true);
        _goVersion = page.GoVersion.Take(_goVersion);
        _moduleVersion = page.ModuleVersion.Take(_moduleVersion);
        _modulePath = page.ModulePath.Take(_modulePath);
        FleetRow row = _nameless with
        {
            Service = _nameless.Service != _nameless.Name || string.IsNullOrEmpty(_modulePath) ? _nameless.Service : LastPart(_modulePath),
            State = raw.HasRuntime ? FleetState.Up : FleetState.Unread,
            Reason = raw.HasRuntime ? null : "its page has no figure of a Go runtime",
            Os = raw.IsWindows && !_nameless.Os.HasValue ? Reading.Of("windows") : _nameless.Os,
            Version = _nameless.Version.HasValue ? _nameless.Version : Text(_moduleVersion, "its metrics lack go_build_info"),
            GoVersion = Text(_goVersion, "its metrics lack go_info"),
            StartedAt = raw.StartedAt(),
            Figures = raw.ToFigures(),
        };
        _history.Add(row.Figures);
        Volatile.Write(ref _row, row);

        double Rate(ref double before, double counter)
        {
            double rate = isSame && _hasRead && seconds > 0 && counter >= before ? (counter - before) / seconds : double.NaN;
            before = counter;
            return rate;
        }
    }

    /// <summary>The page could not be had.</summary>
    public void Take(HttpException failure)
    {
        _hasRead = false;
        (_cpuSeconds, _gcCpuSeconds, _pauseSeconds, _allocBytes, _startSeconds) = (double.NaN, double.NaN, double.NaN, double.NaN, double.NaN);
        FleetRow row = Row with
        {
            State = failure.Failure is HttpFailure.Unreachable or HttpFailure.Late ? FleetState.Down : FleetState.Unread,
            Reason = failure.Message,
            Figures = [.. FleetFigureCatalog.All.Select(_ => Reading.Failed<double>(failure.Message))],
            StartedAt = Reading.Failed<DateTimeOffset>(failure.Message),
        };
        _history.Add(row.Figures);
        Volatile.Write(ref _row, row);
    }

    private static Reading<string> Text(string? text, string absent) => string.IsNullOrEmpty(text) ? Reading.NotSupported<string>(absent) : Reading.Of(text);

    /// <summary>What people call the service of a module: <c>checkout</c> of <c>example.com/shop/checkout/v2</c>.</summary>
    private static string LastPart(string module)
    {
        string[] parts = module.Split('/', StringSplitOptions.RemoveEmptyEntries);
        if (parts.Length == 0) return module;
        bool isMajor = parts.Length > 1 && parts[^1] is ['v', >= '0' and <= '9', ..];
        return parts[isMajor ? ^2 : ^1];
    }

    private string? Label(string name) => _settings.Labels.GetValueOrDefault(name) is { Length: > 0 } text ? PlainText.Clean(text, 80) : null;
}
