using System.Net;
using System.Net.Sockets;

namespace GoTop.Tests.Support;

/// <summary>
/// A loopback port where nobody listens and, until it is disposed of, nobody can: who connects is refused. A port that was merely free a
/// moment ago may be another test's by now.
/// </summary>
internal sealed class ClosedPort : IDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public ClosedPort() => _socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));

    public Uri Url => new($"http://{_socket.LocalEndPoint}/");

    public void Dispose() => _socket.Dispose();
}
