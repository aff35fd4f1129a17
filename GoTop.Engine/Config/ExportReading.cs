using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Export.Exporters;

namespace GoTop.Engine.Config;

/// <summary>What the tables of exporters have in common: how a receiver is spoken to.</summary>
internal sealed class ExportReading(TableReader table, string place, Func<string, string?> environment, ProblemList problems)
{
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    private static readonly ImmutableArray<string> Reserved = ["Content-Type", "Content-Length", "Content-Encoding", "Host", "Transfer-Encoding", "Connection", "TE", "X-GoTop-Timestamp", "X-GoTop-Signature"];

    private readonly SecretReader _secrets = new(environment, problems, place);

    public string? Secret(string key) => _secrets.Read(table, key);

    /// <param name="urlKey">The key of the address, which may be secret as a whole.</param>
    public ExportHttpSettings? Http(string urlKey)
    {
        Uri? url = Url(urlKey);
        ImmutableArray<(string, string)> headers = Headers();
        string? authority = ExistingFile("ca"), certificate = ExistingFile("client_certificate"), key = ExistingFile("client_key");
        if (key is not null && certificate is null) table.Report("client_key", $"\"{place}.client_key\" needs \"client_certificate\"");
        ExportHttpSettings usual = new(new Uri("http://localhost"), []);
        TimeSpan timeout = table.Duration("timeout", ShortestTimeout, LongestTimeout) ?? usual.Timeout;
        return url is null ? null : new ExportHttpSettings(url, headers) { Authority = authority, ClientCertificate = certificate, ClientKey = key, Timeout = timeout };
    }

    /// <returns>Null without the key, and where something is wrong with it, which is then reported.</returns>
    public string? ExistingFile(string key)
    {
        if (table.Text(key) is not { } file) return null;
        if (string.IsNullOrWhiteSpace(file))
        {
            // Not the same as no key: somebody meant a file, and without it less would be asked for than they think.
            table.Report(key, $"\"{place}.{key}\" is empty");
            return null;
        }

        string path = ConfigLoader.Resolve(file, problems);
        if (File.Exists(path)) return path;
        table.Report(key, $"\"{place}.{key}\": there is no file {path}");
        return null;
    }

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

        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? url) && (url.Scheme == Uri.UriSchemeHttp || url.Scheme == Uri.UriSchemeHttps) && url.Host.Length > 0 && url.UserInfo.Length == 0) return url;
        table.Report(key, $"\"{place}.{key}\" must be an address that starts with http:// or https://, without a user or password in it");
        return null;
    }

    /// <summary>Their values may be <c>env:NAME</c>.</summary>
    private ImmutableArray<(string Name, string Value)> Headers()
    {
        if (table.Table("headers") is not { } headers) return [];
        ImmutableArray<(string, string)>.Builder read = ImmutableArray.CreateBuilder<(string, string)>();
        foreach (TomlEntry entry in headers.Entries)
        {
            string? value = entry.Value is TomlScalar { Value: string text } ? _secrets.Resolve(headers, entry.Key, text) : null;
            string? wrong = entry.Value is not TomlScalar { Value: string } ? "must be a string"
                : entry.Key.Length == 0 || !entry.Key.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '-' or '_') ? "is no name of a header"
                : Reserved.Contains(entry.Key, StringComparer.OrdinalIgnoreCase) ? "is set by GoTop itself"
                : value is not null && value.AsSpan().ContainsAnyExceptInRange(' ', '~') ? "holds what a header cannot" : null;
            if (wrong is not null) problems.Add(entry.Position, $"\"{place}.headers\": \"{entry.Key}\" {wrong}");
            else if (value is not null) read.Add((entry.Key, value));
        }

        return read.ToImmutable();
    }
}
