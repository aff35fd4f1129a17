using System.Collections.Immutable;
using System.Net;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Sources.Metrics;

/// <summary>
/// Where a target's page of metrics is: the configured address, or <c>/metrics</c> where pprof is served, or at one of the
/// process's own ports. What is not it is asked once, and again only after minutes.
/// </summary>
internal sealed class MetricsLocator(TargetContext context, Func<Uri, bool, MetricsClient> connect)
{
    public const string NotFound = "no page of metrics answers at /metrics: serve one, or set the target's metrics";

    private const int MaxPortsAtOnce = 16;
    private static readonly TimeSpan BetweenLooks = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan ForgetRefusals = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan LookAtMost = TimeSpan.FromSeconds(3);

    /// <summary>A port that takes connections and is silent is not to hold up the others.</summary>
    private static readonly TimeSpan LongestSilence = TimeSpan.FromSeconds(1);

    private readonly HashSet<Uri> _refused = [];
    private long? _lookedAt;
    private long _refusalsSince;

    /// <param name="isGiven">The address comes from the configuration, or is beside one that does.</param>
    public static MetricsClient Connect(TargetContext context, Uri url, bool isGiven)
    {
        // A page that was only looked for never gets what was meant for another.
        HttpSettings settings = isGiven ? context.Settings.Http : new HttpSettings { Timeout = LongestSilence };
        HttpMessageHandler handler = PprofClient.CreateHandler(new PprofPlace(url, FoundByProbe: !isGiven), settings);
        return new MetricsClient(url, settings, context.Time, handler, follows: isGiven);
    }

    /// <summary>The client of the page and the page itself, which was read to know it; null where there is none, or it is not time to look.</summary>
    /// <exception cref="OperationCanceledException"></exception>
    public async ValueTask<(MetricsClient Client, MetricsPage Page)?> FindAsync(CancellationToken cancellation)
    {
        if (_lookedAt is { } last && context.Time.GetElapsedTime(last) < BetweenLooks) return null;
        _lookedAt = context.Time.GetTimestamp();
        if (context.Time.GetElapsedTime(_refusalsSince) >= ForgetRefusals)
        {
            _refused.Clear();
            _refusalsSince = context.Time.GetTimestamp();
        }

        using CancellationTokenSource atMost = new(LookAtMost, context.Time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(atMost.Token, cancellation);
        try
        {
            foreach ((Uri url, bool isGiven) in await CandidatesAsync(any.Token).ConfigureAwait(false))
            {
                if (!_refused.Add(url)) continue;
                if (await AskAsync(url, isGiven, any.Token).ConfigureAwait(false) is { } found) return found;
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
        }

        return null;
    }

    private async ValueTask<ImmutableArray<(Uri Url, bool IsGiven)>> CandidatesAsync(CancellationToken cancellation)
    {
        ImmutableArray<(Uri, bool)>.Builder candidates = ImmutableArray.CreateBuilder<(Uri, bool)>();
        Reading<PprofPlace> pprof = await context.Pprof.FindAsync(cancellation).ConfigureAwait(false);
        if (pprof.TryGet(out PprofPlace? place))
        {
            // The page stands beside /debug/pprof/, or at the root of the same server.
            candidates.Add((new Uri(place.BaseUrl, "../../metrics"), !place.FoundByProbe));
            candidates.Add((new Uri(place.BaseUrl, "/metrics"), !place.FoundByProbe));
        }

        // "Probing is off" holds for this page as well.
        if (context.Target.Process is not { } process || context.Target.PprofUrl.State == ReadingState.Denied) return candidates.DrainToImmutable();
        if (!context.Platform.ListeningPorts(process).TryGet(out ImmutableArray<ListeningPort> ports)) return candidates.DrainToImmutable();
        foreach (ListeningPort port in ports.Where(port => port.IsOnLoopback).Take(MaxPortsAtOnce))
        {
            foreach (IPAddress host in PprofProbe.Hosts(port.Address).Take(1)) candidates.Add((new UriBuilder(Uri.UriSchemeHttp, host.ToString(), port.Port, "/metrics").Uri, false));
        }

        return candidates.DrainToImmutable();
    }

    private async ValueTask<(MetricsClient, MetricsPage)?> AskAsync(Uri url, bool isGiven, CancellationToken cancellation)
    {
        MetricsClient client = connect(url, isGiven);
        try
        {
            return (client, await client.ReadAsync(cancellation).ConfigureAwait(false));
        }
        catch (HttpException failure)
        {
            client.Dispose();
            if (failure.Failure != HttpFailure.WantsTls) return null;
        }
        catch (OperationCanceledException)
        {
            client.Dispose();
            throw;
        }

        return await AskAsync(new UriBuilder(url) { Scheme = Uri.UriSchemeHttps }.Uri, isGiven, cancellation).ConfigureAwait(false);
    }
}
