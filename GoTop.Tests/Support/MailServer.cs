using System.Collections.Concurrent;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using MimeKit;

namespace GoTop.Tests.Support;

/// <summary>
/// An SMTP server on a free loopback port (RFC 5321, STARTTLS of RFC 3207, AUTH PLAIN and LOGIN of RFC 4954) that keeps what it is sent.
/// </summary>
/// <param name="certificate">Null: it offers no TLS.</param>
/// <param name="user">Null: it asks nobody who they are.</param>
internal sealed class MailServer(X509Certificate2? certificate = null, (string Name, string Password)? user = null) : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private Task _accepting = Task.CompletedTask;

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>TLS from the first byte.</summary>
    public bool IsTlsOnly { get; init; }

    /// <summary>Addresses that it does not know.</summary>
    public HashSet<string> Unknown { get; init; } = [];

    /// <summary>What it answers to a whole message.</summary>
    public string Answer { get; set; } = "250 2.0.0 queued as 4711";

    /// <summary>It takes connections and says nothing.</summary>
    public bool Hangs { get; init; }

    /// <summary>What it took, with the recipients of the envelope.</summary>
    public ConcurrentQueue<(MimeMessage Mail, string[] To, bool WasEncrypted)> Taken { get; } = [];

    public MailServer Start()
    {
        _listener.Start();
        _accepting = AcceptAsync();
        return this;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        List<Task> serving = [];
        try
        {
            while (true) serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (Exception e) when (_stop.IsCancellationRequested && e is OperationCanceledException or SocketException)
        {
            await Task.WhenAll(serving);
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using (client)
        {
            try
            {
                Stream stream = client.GetStream();
                if (Hangs) await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, _stop.Token);
                if (IsTlsOnly) stream = await SecureAsync(stream);
                await SpeakAsync(new Session(stream, _stop.Token));
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The client hung up or does not trust us.
            }
        }
    }

    private async Task SpeakAsync(Session session)
    {
        bool encrypted = IsTlsOnly, known = user is null;
        List<string> to = [];
        await session.SayAsync("220 mail.test ESMTP");
        while (await session.LineAsync() is { } line)
        {
            string verb = line.Split(' ', ':')[0].ToUpperInvariant();
            switch (verb)
            {
                case "EHLO":
                    await session.SayAsync($"250-mail.test\r\n{(certificate is not null && !encrypted ? "250-STARTTLS\r\n" : "")}{(user is not null && encrypted ? "250-AUTH PLAIN LOGIN\r\n" : "")}250 8BITMIME");
                    break;
                case "STARTTLS":
                    await session.SayAsync("220 go ahead");
                    session = new Session(await SecureAsync(session.Stream), _stop.Token);
                    encrypted = true;
                    break;
                case "AUTH":
                    known = await IsKnownAsync(session, line);
                    await session.SayAsync(known ? "235 welcome" : $"535 no such user or password: {line}");
                    break;
                case "MAIL":
                    await session.SayAsync(known ? "250 ok" : "530 who are you");
                    break;
                case "RCPT":
                    string address = line[(line.IndexOf('<', StringComparison.Ordinal) + 1)..line.IndexOf('>', StringComparison.Ordinal)];
                    if (!Unknown.Contains(address)) to.Add(address);
                    await session.SayAsync(Unknown.Contains(address) ? "550 5.1.1 nobody of this name" : "250 ok");
                    break;
                case "DATA":
                    await session.SayAsync("354 go on");
                    MimeMessage mail = await MimeMessage.LoadAsync(new MemoryStream(Encoding.UTF8.GetBytes(await session.DataAsync())), _stop.Token);
                    if (Answer.StartsWith('2')) Taken.Enqueue((mail, [.. to], encrypted));
                    await session.SayAsync(Answer);
                    break;
                case "QUIT":
                    await session.SayAsync("221 bye");
                    return;
                default:
                    await session.SayAsync(verb is "RSET" or "NOOP" ? "250 ok" : "502 not here");
                    break;
            }
        }
    }

    private async Task<bool> IsKnownAsync(Session session, string line)
    {
        string[] words = line.Split(' ');
        string expected = $"\0{user!.Value.Name}\0{user.Value.Password}";
        if (words[1].Equals("PLAIN", StringComparison.OrdinalIgnoreCase))
        {
            if (words.Length == 2) await session.SayAsync("334 ");
            return Text(words.Length > 2 ? words[2] : await session.LineAsync()) == expected;
        }

        if (words.Length == 2) await session.SayAsync("334 VXNlcm5hbWU6");
        string name = Text(words.Length > 2 ? words[2] : await session.LineAsync());
        await session.SayAsync("334 UGFzc3dvcmQ6");
        return $"\0{name}\0{Text(await session.LineAsync())}" == expected;
    }

    private async Task<Stream> SecureAsync(Stream stream)
    {
        SslStream secure = new(stream);
        await secure.AuthenticateAsServerAsync(new SslServerAuthenticationOptions { ServerCertificate = certificate }, _stop.Token);
        return secure;
    }

    private static string Text(string? base64) => Encoding.UTF8.GetString(Convert.FromBase64String(base64 ?? ""));

    private sealed class Session(Stream stream, StreamReader reader, CancellationToken stopped)
    {
        public Session(Stream stream, CancellationToken stopped)
            : this(stream, new StreamReader(stream, new UTF8Encoding(false), leaveOpen: true), stopped)
        {
        }

        public Stream Stream => stream;

        public ValueTask SayAsync(string text) => stream.WriteAsync(Encoding.UTF8.GetBytes(text + "\r\n"), stopped);

        public ValueTask<string?> LineAsync() => reader.ReadLineAsync(stopped);

        /// <summary>Up to the line with a single dot; doubled dots are made one.</summary>
        public async Task<string> DataAsync()
        {
            StringBuilder data = new();
            while (await LineAsync() is { } line && line != ".") data.Append(line.StartsWith('.') ? line[1..] : line).Append("\r\n");
            return data.ToString();
        }
    }
}
