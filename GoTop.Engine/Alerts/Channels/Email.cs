using System.Collections.Immutable;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Diagnosis;
using MailKit;
using MailKit.Net.Smtp;
using MailKit.Security;
using MimeKit;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>How the connection to a mail server is protected.</summary>
public enum MailSecurity : byte
{
    /// <summary>STARTTLS, which the server must offer.</summary>
    StartTls,

    /// <summary>TLS from the first byte.</summary>
    Tls,

    None,
}

/// <summary>Mail, by an SMTP server.</summary>
public sealed record EmailSettings(
    ChannelCommon Common, string Server, int Port, MailSecurity Security, string? User, string? Password, string From, ImmutableArray<string> To, string? Authority) : ChannelSettings(Common)
{
    public const string Id = "email";
    private const int MostRecipients = 100;

    public override string Kind => Id;

    public override string Where => FormattableString.Invariant($"{string.Join(", ", To)} by {Server}:{Port}");

    public override bool SaysTheSame(ChannelSettings other) =>
        other is EmailSettings mail && this with { To = mail.To } == mail && To.SequenceEqual(mail.To);

    public override IAlertChannel Create(ChannelParts parts) => new EmailChannel(this);

    internal static EmailSettings? Read(ChannelReading reading)
    {
        string server = reading.Needed("server");
        MailSecurity security = reading.Table.Choice("tls", ("starttls", MailSecurity.StartTls), ("tls", MailSecurity.Tls), ("none", MailSecurity.None)) ?? MailSecurity.StartTls;
        int port = reading.Table.WholeNumber("port", 1, 65535) ?? security switch { MailSecurity.StartTls => 587, MailSecurity.Tls => 465, _ => 25 };
        string? user = reading.Table.Text("user"), password = reading.Secret("password");
        if (user is null != password is null) reading.Report(user is null ? "password" : "user", "\"alerts.channel.user\" and \"alerts.channel.password\" need each other");
        if (user is not null && security == MailSecurity.None && !IsThisMachine(server)) reading.Report("tls", "without TLS a password would cross the network for everybody to read");
        string from = reading.Needed("from");
        ImmutableArray<(string Value, TomlPosition At)> to = reading.NeededTexts("to", MostRecipients);
        if (!reading.Failed && !MailboxAddress.TryParse(from, out _)) reading.Report("from", "\"alerts.channel.from\" is no mail address");
        if (!reading.Failed && to.Any(one => !MailboxAddress.TryParse(one.Value, out _))) reading.Report("to", "\"alerts.channel.to\" must hold mail addresses");
        string? authority = reading.Authority();
        return reading.Failed ? null : new EmailSettings(reading.Common, server, port, security, user, password, from, [.. to.Select(one => one.Value)], authority);
    }

    private static bool IsThisMachine(string server) => server is "localhost" or "127.0.0.1" or "::1";
}

/// <summary>One connection for each message: they are rare, and a server that was restarted costs nothing.</summary>
internal sealed class EmailChannel(EmailSettings settings) : IAlertChannel
{
    public ImmutableArray<string> Secrets { get; } = [settings.Password ?? ""];

    public async Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        using MimeMessage mail = Compose(message);
        using TolerantClient client = new();
        try
        {
            // Revocation lists are often out of reach where servers stand; the chain and the name are checked.
            client.CheckCertificateRevocation = false;
            if (settings.Authority is { } authority) client.ServerCertificateValidationCallback = Trusting(authority);
            await client.ConnectAsync(settings.Server, settings.Port, settings.Security switch
            {
                MailSecurity.StartTls => SecureSocketOptions.StartTls,
                MailSecurity.Tls => SecureSocketOptions.SslOnConnect,
                _ => SecureSocketOptions.None,
            }, cancellation).ConfigureAwait(false);
            if (settings.User is { } user) await client.AuthenticateAsync(user, settings.Password ?? "", cancellation).ConfigureAwait(false);
            string answer = await client.SendAsync(mail, cancellation).ConfigureAwait(false);
            await SayGoodbyeAsync(client, cancellation).ConfigureAwait(false);
            return client.Refused.Count == 0 ? answer : $"{answer}; refused: {string.Join("; ", client.Refused)}";
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception failure) when (Explain(failure, client) is { } told)
        {
            throw told;
        }
    }

    public void Dispose()
    {
    }

    internal MimeMessage Compose(AlertMessage message)
    {
        MimeMessage mail = new()
        {
            // No line end is in it: the texts are cleaned, and MimeKit encodes the rest.
            Subject = MessageText.Subject(message),
            Date = message.At,
            Body = new BodyBuilder { TextBody = MessageText.Full(message), HtmlBody = MessageText.Html(message) }.ToMessageBody(),
            Priority = message is { IsResolved: false, Severity: Severity.Critical } ? MessagePriority.Urgent : MessagePriority.Normal,
        };
        mail.From.Add(MailboxAddress.Parse(settings.From));
        foreach (string to in settings.To) mail.To.Add(MailboxAddress.Parse(to));
        // So that nobody's holiday answers it.
        mail.Headers.Add(HeaderId.AutoSubmitted, "auto-generated");
        return mail;
    }

    /// <summary>The mail has been taken; a server that hangs up without a word has it nevertheless.</summary>
    private static async Task SayGoodbyeAsync(SmtpClient client, CancellationToken cancellation)
    {
        try
        {
            await client.DisconnectAsync(quit: true, cancellation).ConfigureAwait(false);
        }
        catch (Exception gone) when (gone is IOException or ProtocolException or SocketException or CommandException)
        {
            // Taken all the same.
        }
    }

    private static RemoteCertificateValidationCallback Trusting(string authority)
    {
        X509Certificate2Collection roots = [];
        try
        {
            roots.ImportFromPemFile(authority);
        }
        catch (Exception wrong) when (wrong is IOException or UnauthorizedAccessException or CryptographicException)
        {
            throw new ChannelException($"certificate authority {authority}: {wrong.Message}", isTransient: false);
        }

        return (_, certificate, _, errors) =>
        {
            if (certificate is not X509Certificate2 server || (errors & ~SslPolicyErrors.RemoteCertificateChainErrors) != SslPolicyErrors.None) return false;
            using X509Chain chain = new();
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
            chain.ChainPolicy.DisableCertificateDownloads = true;
            chain.ChainPolicy.CustomTrustStore.AddRange(roots);
            return chain.Build(server);
        };
    }

    private ChannelException? Explain(Exception failure, TolerantClient client)
    {
        string where = $"{settings.Server}:{settings.Port}";
        return failure switch
        {
            ChannelException told => told,
            MailKit.Security.AuthenticationException => new ChannelException($"{where} does not accept the user and password", isTransient: false),
            SslHandshakeException tls => new ChannelException($"{where}: TLS failed: {tls.InnerException?.Message ?? FirstLine(tls.Message)}", isTransient: false),
            SmtpCommandException refused => new ChannelException($"{where} answered {(int)refused.StatusCode}: {refused.Message}{(client.Refused.Count > 0 ? $" ({string.Join("; ", client.Refused)})" : "")}", (int)refused.StatusCode is >= 400 and < 500),
            NotSupportedException => new ChannelException($"{where}: {FirstLine(failure.Message)}", isTransient: false),
            SocketException socket => new ChannelException($"{where} cannot be reached: {socket.Message}", isTransient: true),
            IOException or ProtocolException or ServiceNotConnectedException => new ChannelException($"{where}: the connection broke: {FirstLine(failure.Message)}", isTransient: true),
            System.Security.Authentication.AuthenticationException tls => new ChannelException($"{where}: TLS failed: {tls.Message}", isTransient: false),
            _ => null,
        };
    }

    private static string FirstLine(string text) => text.Split('\n', 2)[0].Trim();

    /// <summary>An address that is refused keeps nobody else from being told.</summary>
    private sealed class TolerantClient : SmtpClient
    {
        public List<string> Refused { get; } = [];

        protected override void OnRecipientNotAccepted(MimeMessage message, MailboxAddress mailbox, SmtpResponse response) =>
            Refused.Add(FormattableString.Invariant($"{mailbox.Address}: {(int)response.StatusCode} {response.Response}"));
    }
}
