using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[fleet]</c> table.</summary>
internal sealed class FleetSettingsReader(Func<string, string?> environment, ProblemList problems)
{
    private const int MostEngines = 20;

    private readonly HttpSettingsReader _http = new(environment, problems, "fleet.prometheus", "an engine");
    private readonly HttpSettingsReader _short = new(environment, problems, "fleet", "the fleet");

    public FleetSettings Read(TableReader? table)
    {
        FleetSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            Interval = table.Duration("interval", FleetSettings.ShortestInterval, FleetSettings.LongestInterval) ?? settings.Interval,
            AtOnce = table.WholeNumber("at_once", 1, 256) ?? settings.AtOnce,
            Engines = ReadEngines(table) is { IsEmpty: false } engines ? engines : settings.Engines,
        };
        table.Finish();
        return settings;
    }

    private ImmutableArray<PrometheusSettings> ReadEngines(TableReader table)
    {
        if (table.Find("prometheus")?.Value is TomlScalar { Value: string address })
            return address.Length > 0 && _short.Url(table, "prometheus", address, "") is { } one ? [PrometheusSettings.Of(one)] : [];
        ImmutableArray<PrometheusSettings>.Builder engines = ImmutableArray.CreateBuilder<PrometheusSettings>();
        foreach (TableReader entry in table.Tables("prometheus"))
        {
            if (ReadEngine(entry) is not { } engine) continue;
            if (engines.Any(known => known.Name.Equals(engine.Name, StringComparison.OrdinalIgnoreCase))) entry.Report("name", $"there is already an engine \"{engine.Name}\" in \"fleet.prometheus\": give each a name");
            else if (engines.Count == MostEngines) entry.Report("name", $"there are more than {MostEngines} engines in \"fleet.prometheus\"");
            else engines.Add(engine);
        }

        return engines.ToImmutable();
    }

    private PrometheusSettings? ReadEngine(TableReader table)
    {
        string? name = _http.NotEmpty(table, "name");
        Uri? url = _http.Url(table, "url", _http.NotEmpty(table, "url"), "");
        if (url is null && table.Find("url") is null) table.Report("url", "\"fleet.prometheus\" needs a url");
        PrometheusSettings engine = PrometheusSettings.Of(url ?? new Uri("http://none.invalid"));
        string? selector = ReadSelector(table);
        engine = engine with
        {
            Name = name ?? engine.Name,
            Selector = selector ?? "",
            Window = table.Duration("window", TimeSpan.FromSeconds(5), TimeSpan.FromHours(1)) ?? engine.Window,
            Tenant = ReadTenant(table),
            Http = _http.Read(table, engine.Http),
        };
        table.Finish();
        return url is null || selector is null ? null : engine;
    }

    /// <returns>Null when it is wrong: all targets would be more than was meant, and the wrong ones.</returns>
    private static string? ReadSelector(TableReader table)
    {
        string selector = table.Text("selector")?.Trim().TrimEnd(',').TrimEnd() ?? "";
        if (PromSelector.ProblemOf(selector) is not { } problem) return selector;
        table.Report("selector", $"\"fleet.prometheus.selector\" {problem}");
        return null;
    }

    private string? ReadTenant(TableReader table)
    {
        if (_http.NotEmpty(table, "tenant") is not { } tenant) return null;
        if (!tenant.AsSpan().ContainsAnyExceptInRange('!', '~')) return tenant;
        table.Report("tenant", "\"fleet.prometheus.tenant\" holds blanks or other characters that a header cannot");
        return null;
    }
}
