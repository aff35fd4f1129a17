using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;

namespace GoTop.Engine.Config;

/// <summary>What the tables of exporters have in common: how a receiver is spoken to.</summary>
internal sealed class ExportReading(TableReader table, string place, Func<string, string?> environment, ProblemList problems)
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    private static readonly ImmutableArray<string> Reserved = ["Content-Type", "Content-Length", "Content-Encoding", "Host", "Transfer-Encoding", "Connection", "TE", BodySignature.TimestampHeader, BodySignature.SignatureHeader];

    private readonly SecretReader _secrets = new(environment, problems, place);

    public string? Secret(string key) => _secrets.Read(table, key);

    /// <param name="urlKey">The key of the address, which may be secret as a whole.</param>
    public ExportHttpSettings? Http(string urlKey)
    {
        Uri? url = Url(urlKey);
        ImmutableArray<(string, string)> headers = HttpKeys.Headers(table, "headers", place, Reserved, _secrets, problems);
        string? authority = ExistingFile("ca"), certificate = ExistingFile("client_certificate"), key = ExistingFile("client_key");
        if (key is not null && certificate is null) table.Report("client_key", $"\"{place}.client_key\" needs \"client_certificate\"");
        ExportHttpSettings usual = new(new Uri("http://localhost"), []);
        TimeSpan timeout = table.Duration("timeout", ShortestTimeout, LongestTimeout) ?? usual.Timeout;
        return url is null ? null : new ExportHttpSettings(url, headers) { Authority = authority, ClientCertificate = certificate, ClientKey = key, Timeout = timeout };
    }

    /// <returns>Null without the key, and where something is wrong with it, which is then reported.</returns>
    public string? ExistingFile(string key) => HttpKeys.ExistingFile(table, key, place, problems);

    private Uri? Url(string key)
    {
        int before = problems.Reported;
        string? text = _secrets.Read(table, key);
        if (problems.Reported > before) return null;
        if (text is null)
        {
            table.Report(key, $"\"{place}\" needs \"{key}\"");
            return null;
        }

        return HttpKeys.Receiver(table, key, text, place);
    }
}
