using System.Net;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Export.Push;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[export]</c> table. An exporter with a problem is off: half a configuration could tell the wrong people.</summary>
internal sealed class ExportSettingsReader(Func<string, string?> environment, ProblemList problems)
{
    private static readonly TimeSpan MostOften = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastOften = TimeSpan.FromHours(1);

    private static readonly ExportHttpSettings Nowhere = new(new Uri("http://localhost"), []);

    public ExportSettings Read(TableReader? table)
    {
        ExportSettings settings = new();
        if (table is null) return settings;
        settings = settings with { Prometheus = ReadPrometheus(table.Table("prometheus")), Otlp = ReadOtlp(table.Table("otlp")), Push = ReadPush(table.Table("push")) };
        table.Finish();
        return settings;
    }

    private PrometheusEndpointSettings? ReadPrometheus(TableReader? table)
    {
        if (table is null) return null;
        const string place = "export.prometheus";
        int before = problems.Reported;
        ExportReading reading = new(table, place, environment, problems);
        IPEndPoint? listen = Address(table.Text("listen"));
        if (table.Find("listen") is null) table.Report("listen", $"\"{place}\" needs \"listen\", e.g. \"127.0.0.1:9399\"");
        else if (listen is null) table.Report("listen", $"\"{place}.listen\" must be an address with a port, e.g. \"127.0.0.1:9399\" or \"[::]:9399\"");
        string? token = reading.Secret("token");
        if (token is not null && (token.Length < 16 || token.AsSpan().ContainsAnyExceptInRange('!', '~'))) table.Report("token", $"\"{place}.token\" must have 16 characters at least, and no blanks");
        string? certificate = reading.ExistingFile("certificate"), key = reading.ExistingFile("key"), clients = reading.ExistingFile("client_ca");
        if (certificate is null && (key ?? clients) is not null)
            table.Report(key is null ? "client_ca" : "key", $"\"{place}\": certificates of clients and keys need \"certificate\": without it no TLS is spoken");
        if (listen is not null && !IPAddress.IsLoopback(listen.Address) && token is null && clients is null)
            table.Report("listen", $"\"{place}.listen\" goes beyond this machine: that needs \"token\" (or \"token_file\"), or \"client_ca\" with \"certificate\"");
        table.Finish();
        return problems.Reported > before || listen is null ? null : new PrometheusEndpointSettings(listen) { Token = token, Certificate = certificate, Key = key, ClientAuthority = clients };
    }

    private OtlpSettings? ReadOtlp(TableReader? table)
    {
        if (table is null) return null;
        int before = problems.Reported;
        ExportReading reading = new(table, "export.otlp", environment, problems);
        OtlpSettings otlp = new(reading.Http("endpoint") ?? Nowhere, table.Choice("protocol", ("http", OtlpProtocol.Http), ("grpc", OtlpProtocol.Grpc)) ?? OtlpProtocol.Http);
        otlp = otlp with
        {
            Every = table.Duration("every", MostOften, LeastOften) ?? otlp.Every,
            Compress = table.Truth("compress") ?? otlp.Compress,
            SendsMetrics = table.Truth("metrics") ?? otlp.SendsMetrics,
            Logs = ReadLogs(table),
        };
        if (!otlp.SendsMetrics && otlp.Logs is null && problems.Reported == before) table.Report("metrics", "\"export.otlp\" sends neither metrics nor logs");
        table.Finish();
        return problems.Reported > before ? null : otlp;
    }

    /// <returns>Null for none.</returns>
    private static LogFilter? ReadLogs(TableReader table)
    {
        string text = table.Text("logs") ?? OtlpSettings.UsualLogs;
        if (text == "off") return null;
        if (LogFilter.TryParse(text, out LogFilter? filter, out LogFilterError? error)) return filter;
        table.Report("logs", $"\"export.otlp.logs\" is \"off\" or a filter of log lines: {error}");
        return null;
    }

    private PushSettings? ReadPush(TableReader? table)
    {
        if (table is null) return null;
        int before = problems.Reported;
        ExportReading reading = new(table, "export.push", environment, problems);
        // Without a sound address the other keys are looked at all the same: one problem at a time would be tedious.
        PushSettings push = new(reading.Http("url") ?? Nowhere);
        push = push with
        {
            Every = table.Duration("every", MostOften, LeastOften) ?? push.Every,
            MaxMegabytes = table.WholeNumber("max_megabytes", 1, 10_000) ?? push.MaxMegabytes,
            Secret = reading.Secret("secret"),
            Compress = table.Truth("compress") ?? push.Compress,
        };
        table.Finish();
        return problems.Reported > before ? null : push;
    }

    private static IPEndPoint? Address(string? text)
    {
        const string localhost = "localhost:";
        if (text is null) return null;
        if (text.StartsWith(localhost, StringComparison.OrdinalIgnoreCase)) text = $"{IPAddress.Loopback}:{text[localhost.Length..]}";
        return IPEndPoint.TryParse(text, out IPEndPoint? address) && address.Port > 0 && text.EndsWith($":{address.Port}", StringComparison.Ordinal) ? address : null;
    }
}
