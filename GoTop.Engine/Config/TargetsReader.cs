using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Logs.Files;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[[target]]</c> tables.</summary>
internal sealed class TargetsReader(Func<string, string?> environment, ProblemList problems)
{
    private static readonly string[] KindKeys = ["pid", "process", "service", "url"];
    private const string MetricsOff = "off";
    private static readonly string[] PasswordKeys = ["password", "password_file"];
    private static readonly string[] TokenKeys = ["token", "token_file"];
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    private readonly SecretReader _secrets = new(environment, problems);

    /// <summary>The targets that can be found; one that does not say what it is has only its problem.</summary>
    public ImmutableArray<TargetSettings> Read(ImmutableArray<TableReader> tables)
    {
        ImmutableArray<TargetSettings>.Builder targets = ImmutableArray.CreateBuilder<TargetSettings>();
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableReader table in tables)
        {
            TargetSettings target = ReadOne(table);
            if (target.Name is { } name && !lines.TryAdd(name, table.Position.Line))
                table.Report("name", string.Create(CultureInfo.InvariantCulture, $"there is already a target \"{name}\", in line {lines[name]}"));
            else if (target is not { ProcessId: null, ProcessName: null, Service: null, Url: null })
                targets.Add(target);
        }

        return targets.ToImmutable();
    }

    private TargetSettings ReadOne(TableReader table)
    {
        string? metrics = NotEmpty(table, "metrics");
        TargetSettings target = new()
        {
            Name = NotEmpty(table, "name"),
            ProcessId = table.WholeNumber("pid", 1, int.MaxValue),
            ProcessName = NotEmpty(table, "process") is { } process ? WithoutExe(process) : null,
            Service = NotEmpty(table, "service"),
            Url = ReadUrl(table, "url", NotEmpty(table, "url"), ""),
            ReadsMetrics = metrics != MetricsOff,
            MetricsUrl = ReadUrl(table, "metrics", metrics == MetricsOff ? null : metrics, $", or \"{MetricsOff}\""),
            Logs = ReadLogs(table),
            LogEncoding = ReadEncoding(table),
            Labels = ReadLabels(table.Table("labels")),
            Http = ReadHttp(table),
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

    private static string? ReadEncoding(TableReader table)
    {
        if (NotEmpty(table, "log_encoding") is not { } name || TextDecoding.Find(name) is not null) return NotEmpty(table, "log_encoding");
        table.Report("log_encoding", $"\"target.log_encoding\": there is no encoding \"{name}\"; e.g. windows-1252, ibm850, utf-16");
        return null;
    }

    private static string? NotEmpty(TableReader table, string key)
    {
        string? text = table.Text(key);
        if (text is null || !string.IsNullOrWhiteSpace(text)) return text;
        table.Report(key, $"\"target.{key}\" is empty");
        return null;
    }

    private static string WithoutExe(string name) =>
        name.EndsWith(".exe", StringComparison.OrdinalIgnoreCase) && name.Length > 4 ? name[..^4] : name;

    private static Uri? ReadUrl(TableReader table, string key, string? text, string orElse)
    {
        if (text is null) return null;
        if (!Uri.TryCreate(text, UriKind.Absolute, out Uri? url) || (url.Scheme != Uri.UriSchemeHttp && url.Scheme != Uri.UriSchemeHttps) || url.Host.Length == 0)
        {
            table.Report(key, $"\"target.{key}\" must be an address that starts with http:// or https://{orElse}");
            return null;
        }

        if (url.UserInfo.Length == 0) return url;
        // The address is shown and recorded, so it must not carry a password.
        table.Report(key, $"\"target.{key}\" must not hold a user or password; use the keys user and password");
        return null;
    }

    private ImmutableSortedDictionary<string, string> ReadLabels(TableReader? table)
    {
        if (table is null) return TargetSettings.Default.Labels;
        ImmutableSortedDictionary<string, string>.Builder labels = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (TomlEntry entry in table.Entries)
        {
            if (entry.Value is TomlScalar { Value: string text }) labels[entry.Key] = text;
            else problems.Add(entry.Value.Position, $"label \"{entry.Key}\" must be a string, not {entry.Value.Kind}");
        }

        return labels.ToImmutable();
    }

    private HttpSettings ReadHttp(TableReader table)
    {
        HttpSettings http = new();
        http = http with
        {
            User = NotEmpty(table, "user"),
            Password = _secrets.Read(table, "password"),
            BearerToken = _secrets.Read(table, "token"),
            ClientCertificate = ExistingFile(table, "client_certificate"),
            ClientKey = ExistingFile(table, "client_key"),
            CertificateAuthority = ExistingFile(table, "ca"),
            Timeout = table.Duration("timeout", ShortestTimeout, LongestTimeout) ?? http.Timeout,
        };

        bool user = table.Find("user") is not null;
        string? password = PasswordKeys.FirstOrDefault(key => table.Find(key) is not null);
        string? token = TokenKeys.FirstOrDefault(key => table.Find(key) is not null);
        if (user && password is null) table.Report("user", "\"target.user\" needs a password or password_file beside it");
        if (!user && password is not null) table.Report(password, $"\"target.{password}\" needs a user beside it");
        if (user && token is not null) table.Report(token, "a target has either a user and password or a token, not both");
        if (table.Find("client_key") is not null && table.Find("client_certificate") is null) table.Report("client_key", "\"target.client_key\" needs a client_certificate beside it");
        return http;
    }

    private string? ExistingFile(TableReader table, string key)
    {
        if (NotEmpty(table, key) is not { } text) return null;
        string path = ConfigLoader.Resolve(text, problems);
        if (File.Exists(path)) return path;
        table.Report(key, $"\"target.{key}\": there is no file {path}");
        return null;
    }
}
