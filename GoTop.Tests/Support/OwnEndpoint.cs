using System.Net;
using System.Net.Sockets;

namespace GoTop.Tests.Support;

/// <summary>
/// Where a program can listen that a test starts, and starts again: a port of 127.0.0.1 that is free now may be the next connection's,
/// while no connection begins at a loopback address that nobody else knows.
/// </summary>
internal static class OwnEndpoint
{
    /// <returns>E.g. 127.83.7.201:40123. Not for macOS, which has one loopback address.</returns>
    public static IPEndPoint Next()
    {
        byte[] address = [127, (byte)Random.Shared.Next(1, 255), (byte)Random.Shared.Next(256), (byte)Random.Shared.Next(1, 255)];
        using TcpListener listener = new(new IPAddress(address), 0);
        listener.Start();
        return (IPEndPoint)listener.LocalEndpoint;
    }
}
