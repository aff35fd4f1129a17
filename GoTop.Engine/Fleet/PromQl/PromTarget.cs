using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>One target as an engine knows it, gathered from several answers.</summary>
internal sealed class PromTarget
{
    private readonly string?[] _identity = new string?[PromLabels.OfIdentity];
    private List<FleetAlert> _alerts = [], _toldAlerts = [];
    private string? _service;

    public PromTarget(string key, PromSeries series)
    {
        Key = key;
        for (int i = 0; i < _identity.Length; i++) _identity[i] = series[(PromLabel)i];
    }

    public string Key { get; }

    /// <summary>A label of its own goes before what it is called, so that several of a service have peers.</summary>
    public string Service => _service ?? this[PromLabel.ServiceName] ?? this[PromLabel.Target] ?? this[PromLabel.ExportedJob] ?? this[PromLabel.Job] ?? "?";

    /// <summary>Of many that an agent tells of, its instance would be the same for all.</summary>
    public string Name => this[PromLabel.ExportedInstance]
        ?? (IsScrapedItself ? this[PromLabel.Instance] : _service is null ? null : this[PromLabel.ServiceName])
        ?? this[PromLabel.ServiceInstance] ?? Host ?? this[PromLabel.Instance] ?? Service;

    public FleetRaw Raw { get; } = new();

    /// <summary>1 or 0 as it was scraped, or as an agent tells; NaN for what is not scraped but sent.</summary>
    public double Up { get; set; } = double.NaN;

    public bool WasGo { get; set; }

    /// <summary>An agent watches it, and nobody else tells of it.</summary>
    public bool IsOfAgent { get; set; }

    public bool IsSeen { get; set; }

    public string? Host { get; private set; }

    public string? Os { get; private set; }

    public string? Version { get; private set; }

    public string? GoVersion { get; private set; }

    public string? this[PromLabel label] => _identity[(int)label];

    /// <summary>Whether the target itself is scraped, and not something that tells of it.</summary>
    public bool IsScrapedItself => this[PromLabel.ServiceName] is null && this[PromLabel.Target] is null && this[PromLabel.ExportedInstance] is null;

    /// <summary>A new round: only what is read seldom stays.</summary>
    public void Begin()
    {
        Raw.Clear();
        _toldAlerts.Clear();
        (Up, IsSeen) = (double.NaN, false);
    }

    public void Describe(PromSeries series)
    {
        _service = series[PromLabel.Service] ?? _service;
        Host = series[PromLabel.HostName] ?? series[PromLabel.Host] ?? series[PromLabel.Node] ?? Host;
        Os = series[PromLabel.OsType] ?? series[PromLabel.Os] ?? Os;
    }

    /// <summary>One that fires.</summary>
    public void Add(FleetAlert alert)
    {
        const int Most = 20;
        if (_toldAlerts.Count < Most && !_toldAlerts.Contains(alert)) _toldAlerts.Add(alert);
    }

    /// <summary>All that fire were told. Until then, and where they cannot be had, those of the round before stand.</summary>
    public void EndAlerts() => (_alerts, _toldAlerts) = (_toldAlerts, _alerts);

    /// <summary>What the answer to <see cref="PromQueries.Infos"/> says.</summary>
    public void TakeInfo(PromSeries series)
    {
        Describe(series);
        switch (series[PromLabel.Name])
        {
            case PromQueries.GoInfo: GoVersion = series[PromLabel.Version] ?? GoVersion; break;
            case PromQueries.BuildInfo: Version = series[PromLabel.Version] ?? Version; break;
            default:
                Version = series[PromLabel.ServiceVersion] ?? Version;
                GoVersion = series[PromLabel.RuntimeVersion] ?? series[PromLabel.GoVersion] ?? GoVersion;
                break;
        }
    }

    /// <summary>Matchers that select this target alone.</summary>
    public string ToSelector() =>
        string.Join(',', Enumerable.Range(0, PromLabels.OfIdentity).Where(i => _identity[i] is not null).Select(i => PromQueries.Matcher(PromLabels.Names[i], _identity[i]!)));

    /// <param name="osOfHost">What exporters of machines tell.</param>
    /// <param name="whyNoVersions">Why nobody could be asked for versions; null where that went well.</param>
    public FleetRow ToRow(string source, IReadOnlyDictionary<string, string> osOfHost, string? whyNoVersions)
    {
        string host = HostOf(this[PromLabel.ExportedInstance] ?? this[PromLabel.Instance] ?? Name);
        string? os = Os ?? osOfHost.GetValueOrDefault(host) ?? (Host is { } named ? osOfHost.GetValueOrDefault(named) : null) ?? (Raw.IsWindows ? "windows" : null);
        bool isDown = Up == 0;
        return new FleetRow($"{source}:{Key}", Name, Service)
        {
            Source = source,
            State = isDown ? FleetState.Down : FleetState.Up,
            Reason = !isDown ? null : IsOfAgent ? "its agent says that it has ended" : "the last scrape failed (up is 0)",
            Host = Reading.Of(Host ?? host),
            Os = os is null ? Reading.NotSupported<string>("neither a label os nor an exporter of its machine tells it") : Reading.Of(os.ToLowerInvariant()),
            Version = Text(Version, "its metrics lack go_build_info"),
            GoVersion = Text(GoVersion, "its metrics lack go_info"),
            StartedAt = Raw.StartedAt(),
            Figures = Raw.ToFigures(),
            Alerts = [.. _alerts],
            Authority = IsScrapedItself && this[PromLabel.Instance] is { } instance && instance.Contains(':', StringComparison.Ordinal) ? instance : null,
        };

        Reading<string> Text(string? text, string absent) =>
            text is { Length: > 0 } ? Reading.Of(text) : whyNoVersions is null ? Reading.NotSupported<string>(absent) : Reading.Failed<string>(whyNoVersions);
    }

    /// <summary><c>host</c> of <c>host:port</c>, <c>::1</c> of <c>[::1]:80</c>.</summary>
    public static string HostOf(string instance)
    {
        int colon = instance.LastIndexOf(':');
        if (colon <= 0 || instance.AsSpan(colon + 1).ContainsAnyExceptInRange('0', '9')) return instance;
        string host = instance[..colon];
        return host is ['[', .., ']'] ? host[1..^1] : host;
    }

    public static Severity SeverityOf(string? label) => label?.ToLowerInvariant() switch
    {
        "critical" or "page" or "error" or "fatal" or "disaster" or "high" => Severity.Critical,
        "info" or "notice" or "none" or "low" => Severity.Notice,
        _ => Severity.Warning,
    };
}
