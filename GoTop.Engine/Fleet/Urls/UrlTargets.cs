using System.Collections.Concurrent;
using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Metrics;
using GoTop.Engine.Sources.Pprof;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Fleet.Urls;

/// <summary>
/// The targets of gotop.toml that have an address: each one's page of metrics is read once in a round, a few at the same
/// time, over connections that stay open.
/// </summary>
public sealed class UrlTargets : IFleetSource
{
    public const string SourceName = "urls";

    /// <summary>Longer pages are refused: it is a fleet, and each page is asked for every few seconds.</summary>
    public const int MaxBytes = 16 * 1024 * 1024;

    private const int BufferBytes = 32 * 1024;
    private static readonly TimeSpan Together = TimeSpan.FromMilliseconds(20);

    private static readonly HttpPage Page = MetricsClient.Page("/metrics") with { MaxBytes = MaxBytes, IsWantedPlain = true };

    private readonly FleetSettings _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ImmutableArray<UrlTarget> _targets;
    private readonly List<HttpMessageHandler> _handlers = [];
    private readonly ConcurrentBag<(FleetPageReader Reader, byte[] Buffer)> _work = [];
    private long _tookTicks;
    private bool _hasRead;

    /// <param name="connect">Makes the connections for targets of the same TLS settings, for tests.</param>
    internal UrlTargets(ImmutableArray<TargetSettings> targets, FleetSettings settings, TimeProvider time, ILogger log, Func<Uri, HttpSettings, HttpMessageHandler>? connect = null)
    {
        (_settings, _time, _log) = (settings, time, log);
        Dictionary<(string?, string?, string?, bool), HttpMessageHandler> handlers = [];
        _targets = [.. targets.Where(IsOne).Select(target => Make(target, PageOf(target)))];

        UrlTarget Make(TargetSettings target, Uri page)
        {
            try
            {
                HttpSettings http = target.Http;
                // Connections are pooled by host anyway; what differs is how we prove who we are, and whether there is a proxy.
                (string?, string?, string?, bool) kind = (http.ClientCertificate, http.ClientKey, http.CertificateAuthority, page.IsLoopback);
                if (!handlers.TryGetValue(kind, out HttpMessageHandler? handler))
                {
                    handlers[kind] = handler = connect?.Invoke(page, http) ?? HttpTransport.CreateHandler(page, http, anyCertificate: false);
                    _handlers.Add(handler);
                }

                return new UrlTarget(target, page, new HttpExchange(page, handler, HttpTransport.Authorization(http), time, sharesHandler: true), reason: null);
            }
            catch (HttpException failure)
            {
                return new UrlTarget(target, page, null, failure.Message);
            }
        }
    }

    public string Name => SourceName;

    public bool NeedsTwoRounds => true;

    public int Count => _targets.Length;

    public FleetPart Current => new(
        Name, [.. _targets.Select(target => target.Row)], Volatile.Read(ref _hasRead) ? SourceState.Ok : SourceState.NotYet, null, TimeSpan.FromTicks(Volatile.Read(ref _tookTicks)));

    /// <summary>Whether a target's metrics can be asked for.</summary>
    public static bool IsOne(TargetSettings target) => target.ReadsMetrics && (target.MetricsUrl is not null || target.Url is not null);

    public async ValueTask ReadAsync(TimeSpan spread, CancellationToken cancellation)
    {
        long start = _time.GetTimestamp();
        using SemaphoreSlim free = new(_settings.AtOnce);
        List<Task> asking = new(_targets.Length);
        try
        {
            for (int i = 0; i < _targets.Length; i++)
            {
                TimeSpan wait = (spread * i / _targets.Length) - _time.GetElapsedTime(start);
                // Timers are coarse and dear: those whose turn comes within a few milliseconds go together.
                if (wait > Together) await Task.Delay(wait, _time, cancellation).ConfigureAwait(false);
                await free.WaitAsync(cancellation).ConfigureAwait(false);
                asking.Add(AskAsync(_targets[i], free, cancellation));
            }
        }
        finally
        {
            // Each gives its place back, so they outlive no round.
            await Task.WhenAll(asking).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }

        await Task.WhenAll(asking).ConfigureAwait(false);
        Volatile.Write(ref _tookTicks, _time.GetElapsedTime(start).Ticks);
        Volatile.Write(ref _hasRead, true);
    }

    public ValueTask<Reading<FleetHistory>> HistoryAsync(FleetRow row, CancellationToken cancellation) => ValueTask.FromResult(
        _targets.FirstOrDefault(target => target.Row.Id == row.Id) is { } found
            ? Reading.Of(found.History(_time.GetUtcNow(), _settings.Interval))
            : Reading.Failed<FleetHistory>("the target is no longer in gotop.toml"));

    public ValueTask DisposeAsync()
    {
        foreach (UrlTarget target in _targets) target.Exchange?.Dispose();
        foreach (HttpMessageHandler handler in _handlers) handler.Dispose();
        return ValueTask.CompletedTask;
    }

    /// <summary>Where it is given, else beside the pprof pages.</summary>
    private static Uri PageOf(TargetSettings target)
    {
        if (target.MetricsUrl is { } given) return given;
        return PprofUrl.Normalise(target.Url!) is { HasValue: true, Value: { } pprof } ? new Uri(pprof, "../../metrics") : target.Url!;
    }

    private async Task AskAsync(UrlTarget target, SemaphoreSlim free, CancellationToken cancellation)
    {
        if (target.Exchange is null)
        {
            free.Release();
            return;
        }

        if (!_work.TryTake(out (FleetPageReader Reader, byte[] Buffer) work)) work = (new FleetPageReader(), new byte[BufferBytes]);
        try
        {
            await ReadAsync(target, work.Reader, work.Buffer, cancellation).ConfigureAwait(false);
            target.Take(work.Reader, _time.MonotonicNanoseconds());
        }
        catch (HttpException failure)
        {
            target.Take(failure);
        }
        catch (Exception bug) when (bug is not OperationCanceledException || !cancellation.IsCancellationRequested)
        {
            // A slip at one target must not cost the others their round.
            _log.LogError(bug, "reading the metrics of {Target} failed", target.Row.Name);
            target.Take(new HttpException(HttpFailure.BadAnswer, $"reading its page failed: {HttpException.Quote(bug.Message)}"));
        }
        finally
        {
            _work.Add(work);
            free.Release();
        }
    }

    /// <exception cref="HttpException"></exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    private async ValueTask ReadAsync(UrlTarget target, FleetPageReader reader, byte[] buffer, CancellationToken cancellation)
    {
        // All of it within the time that one answer may take: a page that trickles in would hold one of a few places.
        using CancellationTokenSource whole = new(target.Timeout, _time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(whole.Token, cancellation);
        long bytes = 0;
        try
        {
            reader.Begin();
            ExpositionParser parser = new(reader);
            ArrivingAnswer answer = await target.Exchange!.OpenAsync(Page, any.Token).ConfigureAwait(false);
            await using (answer.ConfigureAwait(false))
            {
                while (true)
                {
                    int length = await answer.Body.ReadAsync(buffer, any.Token).ConfigureAwait(false);
                    if (length == 0) break;
                    bytes += length;
                    if (bytes > MaxBytes) throw new HttpException(HttpFailure.BadAnswer, $"its page of metrics is longer than {MaxBytes >> 20} MB");
                    if (!parser.Push(buffer.AsSpan(0, length))) break;
                }
            }

            if (parser.Finish() is { } error) throw new HttpException(HttpFailure.BadAnswer, $"its page is no page of metrics: {error}");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            throw new HttpException(HttpFailure.Late, bytes == 0 ? $"no answer within {target.Timeout.TotalSeconds:0.#} s" : $"its page was not complete ({bytes} bytes) within {target.Timeout.TotalSeconds:0.#} s");
        }
        catch (Exception failure) when (failure is HttpRequestException or IOException)
        {
            throw TransportReason.Of(failure);
        }
        catch (InvalidDataException)
        {
            throw new HttpException(HttpFailure.BadAnswer, "its page is not valid gzip");
        }
    }
}
