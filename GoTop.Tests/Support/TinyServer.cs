using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Text;

namespace GoTop.Tests.Support;

/// <summary>
/// A server on a free loopback port that reads a request's head and then does whatever the test wants: HTTP well
/// spoken or not at all.
/// </summary>
internal sealed class TinyServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<Exchange, Task> _answer;
    private readonly SslServerAuthenticationOptions? _tls;
    private readonly string? _plainAnswer;
    private readonly Task _accepting;

    /// <param name="plainAnswer">What a TLS port says to a client that speaks plain HTTP; null hangs up.</param>
    public TinyServer(Func<Exchange, Task> answer, SslServerAuthenticationOptions? tls = null, string? plainAnswer = null)
    {
        _plainAnswer = plainAnswer;
        _answer = answer;
        _tls = tls;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public Uri Url => new($"{(_tls is null ? "http" : "https")}://127.0.0.1:{Port}/debug/pprof/");

    /// <summary>One connection's request, and where to write the answer.</summary>
    /// <param name="Head">The request line and headers; empty when the client sent something else.</param>
    public sealed record Exchange(Stream Stream, string Head, CancellationToken Stopped)
    {
        public string Path => Head.Split(' ') is [_, { } path, ..] ? path : "";

        /// <summary>A header's value; null without it.</summary>
        public string? Header(string name) =>
            Head.Split("\r\n").FirstOrDefault(line => line.StartsWith(name + ":", StringComparison.OrdinalIgnoreCase))?[(name.Length + 1)..].Trim();

        /// <summary>The request's body, of the length that its head gives.</summary>
        public async Task<byte[]> BodyAsync()
        {
            byte[] body = new byte[int.Parse(Header("Content-Length") ?? "0", System.Globalization.CultureInfo.InvariantCulture)];
            await Stream.ReadExactlyAsync(body, Stopped);
            return body;
        }

        public ValueTask WriteAsync(string text) => WriteAsync(Encoding.UTF8.GetBytes(text));

        public ValueTask WriteAsync(ReadOnlyMemory<byte> bytes) => Stream.WriteAsync(bytes, Stopped);

        public async Task AnswerAsync(string mediaType, byte[] body, string status = "200 OK", string moreHeaders = "")
        {
            await WriteAsync($"HTTP/1.1 {status}\r\nContent-Type: {mediaType}\r\nContent-Length: {body.Length}\r\nConnection: close\r\n{moreHeaders}\r\n");
            await WriteAsync(body);
        }

        /// <summary>Completes when the client hangs up.</summary>
        public async Task HangUpAsync()
        {
            try
            {
                while (await Stream.ReadAsync(new byte[256], Stopped) > 0)
                {
                }
            }
            catch (IOException)
            {
                // Reset: also hung up.
            }
        }
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
            // Windows ends an accept that is called off as an aborted operation.
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
                if (_plainAnswer is not null && !await BeginsTlsAsync(client))
                {
                    await stream.WriteAsync(Encoding.ASCII.GetBytes(_plainAnswer), _stop.Token);
                    await HeadAsync(stream);
                    return;
                }

                if (_tls is not null)
                {
                    SslStream secure = new(stream);
                    await secure.AuthenticateAsServerAsync(_tls, _stop.Token);
                    stream = secure;
                }

                await _answer(new Exchange(stream, await HeadAsync(stream), _stop.Token));
                if (stream is SslStream tls) await tls.ShutdownAsync();
                client.Client.Shutdown(SocketShutdown.Send);
            }
            catch (Exception gone) when (gone is IOException or OperationCanceledException or SocketException or System.Security.Authentication.AuthenticationException)
            {
                // The client hung up or refused us, which is what many tests are about.
            }
        }
    }

    // Looks at the first byte and leaves it there: 22 is a TLS handshake.
    private async Task<bool> BeginsTlsAsync(TcpClient client)
    {
        byte[] first = new byte[1];
        return await client.Client.ReceiveAsync(first, SocketFlags.Peek, _stop.Token) == 1 && first[0] == 22;
    }

    private async Task<string> HeadAsync(Stream stream)
    {
        StringBuilder head = new();
        byte[] one = new byte[1];
        while (head.Length < 16 * 1024 && await stream.ReadAsync(one, _stop.Token) == 1)
        {
            head.Append((char)one[0]);
            // A TLS handshake has no such head.
            if (head.Length == 1 && one[0] == 22) return "";
            if (one[0] == '\n' && head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal)) break;
        }

        return head.ToString();
    }
}
