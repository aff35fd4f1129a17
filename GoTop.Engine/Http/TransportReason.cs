using System.Net.Sockets;
using System.Security.Authentication;

namespace GoTop.Engine.Http;

/// <summary>Says in a few words why a connection or an answer failed.</summary>
internal static class TransportReason
{
    public static HttpException Of(Exception failure) => new(HttpFailure.Unreachable, failure switch
    {
        HttpRequestException { HttpRequestError: HttpRequestError.NameResolutionError } => "the host name is not known",
        HttpRequestException { HttpRequestError: HttpRequestError.SecureConnectionError } tls => Tls(tls.InnerException),
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection closed before the answer was complete",
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded } => "the connection closed before the answer was complete",
        HttpRequestException { HttpRequestError: HttpRequestError.InvalidResponse } => "the answer is not HTTP",
        HttpIOException { HttpRequestError: HttpRequestError.InvalidResponse } => "the answer is not HTTP",
        HttpRequestException { HttpRequestError: HttpRequestError.ConfigurationLimitExceeded } => "the answer's headers are longer than 16 KB",
        HttpRequestException { HttpRequestError: HttpRequestError.ProxyTunnelError } => "the proxy refused the connection",
        _ => Socket(failure),
    });

    // The chain of inner exceptions is short; the innermost socket error says most.
    private static string Socket(Exception failure)
    {
        for (Exception? inner = failure; inner is not null; inner = inner.InnerException)
        {
            if (inner is SocketException socket)
            {
                return socket.SocketErrorCode switch
                {
                    SocketError.ConnectionRefused => "connection refused",
                    SocketError.ConnectionReset or SocketError.ConnectionAborted => "connection reset",
                    SocketError.TimedOut => "connecting timed out",
                    SocketError.HostUnreachable or SocketError.NetworkUnreachable => "the host cannot be reached",
                    SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => "the host name is not known",
                    SocketError.AccessDenied => "this system does not allow the connection",
                    _ => $"connection failed ({socket.SocketErrorCode})",
                };
            }
        }

        return $"connection failed ({HttpException.Quote(failure.Message)})";
    }

    private static string Tls(Exception? inner) => inner switch
    {
        AuthenticationException refused => $"TLS failed: {HttpException.Quote(refused.InnerException?.Message ?? refused.Message)}",
        null => "TLS failed",
        _ => $"TLS failed: {Socket(inner)}",
    };
}
