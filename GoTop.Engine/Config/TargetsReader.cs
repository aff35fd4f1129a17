using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Agent;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Logs.Files;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[[target]]</c> tables.</summary>
internal sealed class TargetsReader(Func<string, string?> environment, ProblemList problems)
{
    private static readonly string[] KindKeys = ["pid", "process", "service", "url"];
    private const string MetricsOff = "off";

    private readonly HttpSettingsReader _http = new(environment, problems, "target", "a target");

    /// <summary>The targets that can be found; one that does not say what it is has only its problem.</summary>
    public ImmutableArray<TargetSettings> Read(ImmutableArray<TableReader> tables)
    {
        ImmutableArray<TargetSettings>.Builder targets = ImmutableArray.CreateBuilder<TargetSettings>();
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableReader table in tables)
        {
            TargetSettings target = ReadOne(table);
            bool isNamed = target is not { ProcessId: null, ProcessName: null, Service: null, Url: null };
            if (!isNamed && target.Name is null) continue;
            // What it is called everywhere else: by that name rules, recordings and the watchdog know it.
            string name = TargetNaming.NameOf(target);
            if (!lines.TryAdd(name, table.Position.Line))
                table.Report("name", string.Create(CultureInfo.InvariantCulture, $"there is already a target \"{name}\", in line {lines[name]}{(target.Name is null ? ": give one of them a name" : "")}"));
            else if (isNamed) targets.Add(target);
        }

        return targets.ToImmutable();
    }

    private TargetSettings ReadOne(TableReader table)
    {
        string? metrics = _http.NotEmpty(table, "metrics");
        TargetSettings target = new()
        {
            Name = _http.NotEmpty(table, "name"),
            ProcessId = table.WholeNumber("pid", 1, int.MaxValue),
            ProcessName = _http.NotEmpty(table, "process") is { } process ? WithoutExe(process) : null,
            Service = _http.NotEmpty(table, "service"),
            Url = _http.Url(table, "url", _http.NotEmpty(table, "url"), ""),
            ReadsMetrics = metrics != MetricsOff,
            MetricsUrl = _http.Url(table, "metrics", metrics == MetricsOff ? null : metrics, $", or \"{MetricsOff}\""),
            Logs = ReadLogs(table),
            LogEncoding = ReadEncoding(table),
            Labels = LabelsReader.Read(table.Table("labels"), problems),
            Http = _http.Read(table, TargetSettings.Default.Http),
            Rules = ControlSettingsReader.ReadRules(table.Find("rules"), table.Table("rules"), problems),
        };

        target = target with { Watchdog = WatchdogSettingsReader.Read(table.Table("watchdog"), target, problems) };

        // In the order of the file, so that the second one written is the one complained of.
        TomlEntry[] given = [.. table.Entries.Where(entry => KindKeys.Contains(entry.Key))];
        if (given.Length == 0)
            problems.Add(table.Position, "a target needs one of pid, process, service and url");
        else if (given.Length > 1)
            problems.Add(given[1].Position, $"a target has one of pid, process, service and url, not {string.Join(" and ", given.Select(entry => entry.Key))}");
        table.Finish();
        return target;
    }

    private ImmutableArray<string> ReadLogs(TableReader table)
    {
        ImmutableArray<string>.Builder logs = ImmutableArray.CreateBuilder<string>();
        foreach ((string text, TomlPosition at) in table.Texts("logs") ?? [])
        {
            LogLocation location = LogLocation.Parse(text);
            if (location.Name.Length == 0) problems.Add(at, "\"target.logs\" holds an entry without a name");
            else if (location.Kind != LogLocationKind.File) logs.Add(text);
            else if (Path.GetDirectoryName(text) is { } folder && folder.AsSpan().ContainsAny('*', '?')) problems.Add(at, $"\"target.logs\": * and ? may stand in a file's name only, not in its folder: {text}");
            else logs.Add(ConfigLoader.Resolve(text, problems));
        }

        return logs.ToImmutable();
    }

    private string? ReadEncoding(TableReader table)
    {
        if (_http.NotEmpty(table, "log_encoding") is not { } name || TextDecoding.Find(name) is not null) return _http.NotEmpty(table, "log_encoding");
        table.Report("log_encoding", $"\"target.log_encoding\": there is no encoding \"{name}\"; e.g. windows-1252, ibm850, utf-16");
        return null;
    }

    private static string WithoutExe(string name) =>
        name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) && name.Length > 4 ? name[..^4] : name;
}
