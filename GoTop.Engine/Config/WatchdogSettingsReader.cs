using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Control.Watchdog;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>watchdog</c> of a target.</summary>
internal static class WatchdogSettingsReader
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Hour = TimeSpan.FromHours(1);
    private static readonly TimeSpan Day = TimeSpan.FromDays(1);

    /// <param name="target">All else that the table says of it.</param>
    /// <returns>Null without the table, and for one with a slip: a watchdog that was meant otherwise must not restart anything.</returns>
    public static WatchdogSettings? Read(TableReader? table, TargetSettings target, ProblemList problems)
    {
        if (table is null) return null;
        int before = problems.Reported;
        WatchdogSettings settings = new();
        bool? restart = table.Truth("restart");
        string? http = table.Text("http");
        settings = settings with
        {
            Every = table.Duration("every", Second, Hour) ?? settings.Every,
            Failures = table.WholeNumber("failures", 1, 100) ?? settings.Failures,
            // A service of production is restarted by a machine only where somebody wrote that it shall be.
            Restart = restart ?? !target.Rules.Production,
            Restarts = table.WholeNumber("restarts", 1, 100) ?? settings.Restarts,
            CoolDown = table.Duration("cool_down", Second, Hour) ?? settings.CoolDown,
            Grace = table.Duration("grace", TimeSpan.Zero, Hour) ?? settings.Grace,
            Healthy = table.Duration("healthy", Second, Day) ?? settings.Healthy,
            Tcp = ReadTcp(table, problems),
            Http = ReadUrl(table, http),
            HttpStatus = ReadStatus(table, problems),
            HttpBody = table.Text("http_body") is { Length: > 0 } body ? body : null,
            Timeout = table.Duration("timeout", TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(1)) ?? settings.Timeout,
            Progress = table.Truth("progress") ?? settings.Progress,
            HangAfter = table.Duration("hang_after", TimeSpan.FromSeconds(5), Hour) ?? settings.HangAfter,
            LogEvery = table.Duration("log_every", Second, Day),
            Maintenance = WindowsReader.Read(table, "maintenance", problems),
        };
        if (http is null)
        {
            foreach (string key in (string[])["http_status", "http_body"])
            {
                if (table.Find(key) is not null) table.Report(key, $"\"target.watchdog.{key}\" needs http beside it");
            }
        }

        if (settings.LogEvery is not null && target.Logs.IsEmpty) table.Report("log_every", "\"target.watchdog.log_every\" needs the target's logs");
        if (target.Url is not null && restart == true) table.Report("restart", "a target that is known by its url cannot be restarted from here");
        if (target.Url is not null) settings = settings with { Restart = false };
        table.Finish();
        return problems.Reported == before ? settings : null;
    }

    private static ImmutableArray<TcpPlace> ReadTcp(TableReader table, ProblemList problems)
    {
        ImmutableArray<TcpPlace>.Builder places = ImmutableArray.CreateBuilder<TcpPlace>();
        foreach ((string text, TomlPosition at) in table.Texts("tcp") ?? [])
        {
            int colon = text.LastIndexOf(':');
            string host = colon < 0 ? "" : text[..colon].Trim('[', ']');
            if (host.Length > 0 && int.TryParse(text.AsSpan(colon + 1), NumberStyles.None, CultureInfo.InvariantCulture, out int port) && port is > 0 and < 65536) places.Add(new TcpPlace(host, port));
            else problems.Add(at, $"\"{text}\" is no address: write \"127.0.0.1:8080\" or \"[::1]:8080\"");
        }

        return places.ToImmutable();
    }

    private static Uri? ReadUrl(TableReader table, string? text)
    {
        if (text is null) return null;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 && url.UserInfo.Length == 0) return url;
        table.Report("http", "\"target.watchdog.http\" must be an address that starts with http:// or https://, without a user in it");
        return null;
    }

    private static ImmutableArray<int> ReadStatus(TableReader table, ProblemList problems)
    {
        if (table.Find("http_status") is not { } entry) return [];
        TomlNode[] items = entry.Value is TomlArray { OfTables: false } array ? [.. array.Items] : [entry.Value];
        ImmutableArray<int>.Builder status = ImmutableArray.CreateBuilder<int>();
        foreach (TomlNode item in items)
        {
            if (item is TomlScalar { Value: long number and >= 100 and <= 599 }) status.Add((int)number);
            else problems.Add(item.Position, "\"target.watchdog.http_status\" must hold statuses from 100 to 599");
        }

        return status.ToImmutable();
    }
}
