using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;
using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Http;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>Finds out whether a local port serves a Go service's pprof pages, with the cheapest requests only.</summary>
public static class PprofProbe
{
    private static readonly TimeSpan Timeout = TimeSpan.FromMilliseconds(250);

    /// <summary>
    /// The base of the pprof pages (ending in <c>/debug/pprof/</c>), or null when this port does not serve those of a
    /// process with this argument vector.
    /// </summary>
    /// <remarks>
    /// Asks for <c>cmdline</c> first, and for the index only from the process with these arguments: at most 250 ms
    /// each, neither stops the world. HTTPS is tried only where plain HTTP is answered with Go's "client sent an HTTP
    /// request to an HTTPS server"; the certificate is not validated then, since it cannot name a loopback address,
    /// nothing secret is sent and the argument vector tells who answered. No redirect is followed.
    /// </remarks>
    /// <param name="address">
    /// What the port is bound to, an address of this machine. All addresses (<c>0.0.0.0</c>, <c>::</c>) are asked on loopback.
    /// </param>
    /// <param name="arguments">Of the process that listens; without any there is nothing to know it by, and nothing is asked.</param>
    public static async ValueTask<Uri?> FindAsync(
        string address, int port, ImmutableArray<string> arguments, TimeProvider time, CancellationToken cancellation) =>
        (await FindAsync(address, port, arguments, Timeout, time, cancellation).ConfigureAwait(false)).Url;

    /// <summary>The same with another patience; <c>IsLate</c> when there was no whole answer within it, which says nothing of what the port is.</summary>
    internal static async ValueTask<(Uri? Url, bool IsLate)> FindAsync(
        string address, int port, ImmutableArray<string> arguments, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        if (arguments.IsDefaultOrEmpty || port is <= 0 or > ushort.MaxValue) return default;
        foreach (IPAddress host in Hosts(address))
        {
            Uri url = new UriBuilder(Uri.UriSchemeHttp, host.ToString(), port, "/debug/pprof/").Uri;
            (bool found, HttpFailure? failure) = await AskAsync(url, arguments, patience, time, cancellation).ConfigureAwait(false);
            if (failure == HttpFailure.WantsTls)
            {
                url = new UriBuilder(url) { Scheme = Uri.UriSchemeHttps }.Uri;
                (found, failure) = await AskAsync(url, arguments, patience, time, cancellation).ConfigureAwait(false);
            }

            if (found) return (url, false);
            // Whoever answered is not it; only where nobody did is there another address to try.
            if (failure != HttpFailure.Unreachable) return (null, failure == HttpFailure.Late);
        }

        return default;
    }

    /// <summary>The addresses of this machine that lead to a port bound to this one; the first that answers is it.</summary>
    internal static ImmutableArray<IPAddress> Hosts(string address)
    {
        if (!IPAddress.TryParse(address, out IPAddress? bound)) return [];
        if (bound.IsIPv4MappedToIPv6) bound = bound.MapToIPv4();
        if (bound.Equals(IPAddress.Any)) return [IPAddress.Loopback];
        // Bound to :: the port usually takes IPv4 as well, and ::1 may be missing in a container.
        if (bound.Equals(IPAddress.IPv6Any)) return [IPAddress.IPv6Loopback, IPAddress.Loopback];
        return bound is { AddressFamily: AddressFamily.InterNetworkV6, IsIPv6LinkLocal: true } || bound.IsIPv6Multicast ? [] : [bound];
    }

    private static async ValueTask<(bool Found, HttpFailure? Failure)> AskAsync(
        Uri url, ImmutableArray<string> arguments, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        HttpMessageHandler handler = HttpTransport.CreateHandler(url, new HttpSettings(), anyCertificate: true, useProxy: false);
        using HttpExchange exchange = new(url, handler, authorization: null, time, maxRedirects: 0);
        try
        {
            PageBody cmdline = await GetAsync(exchange, PprofPages.Cmdline, patience, time, cancellation).ConfigureAwait(false);
            if (!IsOf(cmdline, arguments)) return (false, null);
            PageBody index = await GetAsync(exchange, PprofPages.Index, patience, time, cancellation).ConfigureAwait(false);
            return (PprofIndexParser.Parse(index.Kept.Span).HasValue, null);
        }
        catch (HttpException failure)
        {
            return (false, failure.Failure);
        }
    }

    private static async ValueTask<PageBody> GetAsync(HttpExchange exchange, HttpPage page, TimeSpan patience, TimeProvider time, CancellationToken cancellation)
    {
        using CancellationTokenSource timeout = new(patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, cancellation);
        try
        {
            return await exchange.GetAsync(page, either.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException(HttpFailure.Late, exchange.Progress());
        }
    }

    // The page is strings.Join(os.Args, "\x00"), with no NUL at its end.
    private static bool IsOf(PageBody cmdline, ImmutableArray<string> arguments)
    {
        ReadOnlySpan<byte> expected = Encoding.UTF8.GetBytes(string.Join('\0', arguments));
        return cmdline.WasCut ? expected.StartsWith(cmdline.Kept.Span) : expected.SequenceEqual(cmdline.Kept.Span);
    }
}
