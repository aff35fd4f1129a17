using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads how to talk to a server: the keys <c>user</c> … <c>timeout</c> of a table.</summary>
/// <param name="owner">The table's name for messages.</param>
/// <param name="noun">What the table is, with its article: <c>a target</c>.</param>
internal sealed class HttpSettingsReader(Func<string, string?> environment, ProblemList problems, string owner, string noun)
{
    private static readonly string[] PasswordKeys = ["password", "password_file"];
    private static readonly string[] TokenKeys = ["token", "token_file"];
    private static readonly TimeSpan ShortestTimeout = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestTimeout = TimeSpan.FromMinutes(1);

    private readonly SecretReader _secrets = new(environment, problems, owner);

    /// <param name="usual">What holds without the keys.</param>
    public HttpSettings Read(TableReader table, HttpSettings usual)
    {
        HttpSettings http = usual with
        {
            User = NotEmpty(table, "user"),
            Password = _secrets.Read(table, "password"),
            BearerToken = _secrets.Read(table, "token"),
            ClientCertificate = HttpKeys.ExistingFile(table, "client_certificate", owner, problems),
            ClientKey = HttpKeys.ExistingFile(table, "client_key", owner, problems),
            CertificateAuthority = HttpKeys.ExistingFile(table, "ca", owner, problems),
            Timeout = table.Duration("timeout", ShortestTimeout, LongestTimeout) ?? usual.Timeout,
        };

        bool user = table.Find("user") is not null;
        string? password = PasswordKeys.FirstOrDefault(key => table.Find(key) is not null);
        string? token = TokenKeys.FirstOrDefault(key => table.Find(key) is not null);
        if (user && password is null) table.Report("user", $"\"{owner}.user\" needs a password or password_file beside it");
        if (!user && password is not null) table.Report(password, $"\"{owner}.{password}\" needs a user beside it");
        if (user && token is not null) table.Report(token, $"{noun} has either a user and password or a token, not both");
        if (table.Find("client_key") is not null && table.Find("client_certificate") is null) table.Report("client_key", $"\"{owner}.client_key\" needs a client_certificate beside it");
        return http;
    }

    public string? NotEmpty(TableReader table, string key)
    {
        string? text = table.Text(key);
        if (text is null || !string.IsNullOrWhiteSpace(text)) return text;
        table.Report(key, $"\"{owner}.{key}\" is empty");
        return null;
    }

    /// <summary>An address without credentials.</summary>
    /// <param name="orElse">What else may stand there, for the message.</param>
    public Uri? Url(TableReader table, string key, string? text, string orElse)
    {
        if (text is null) return null;
        if (HttpKeys.Address(text) is not { } url)
        {
            table.Report(key, $"\"{owner}.{key}\" must be an address that starts with http:// or https://{orElse}");
            return null;
        }

        if (url.UserInfo.Length == 0) return url;
        // The address is shown and recorded, so it must not carry a password.
        table.Report(key, $"\"{owner}.{key}\" must not hold a user or password; use the keys user and password");
        return null;
    }
}
