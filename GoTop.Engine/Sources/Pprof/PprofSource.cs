using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// The cheap part of a service's pprof pages: the index (goroutines, threads, profile counts) and MemStats. Nothing
/// here stops the world for longer than about 0.1 ms or runs a GC; profiles and dumps are somebody else's, on demand.
/// </summary>
public sealed class PprofSource : ISource
{
    private readonly PprofLocator _locator;
    private readonly HttpSettings _settings;
    private readonly TimeProvider _time;
    private readonly Func<PprofPlace, PprofClient> _connect;
    private PprofClient? _client;
    private MemStatsReader? _memStats;

    /// <param name="connect">Makes the client, for tests; null for a real one.</param>
    internal PprofSource(TargetContext context, Func<PprofPlace, PprofClient>? connect = null)
    {
        _locator = context.Pprof;
        _settings = context.Settings.Http;
        _time = context.Time;
        _connect = connect ?? (place => PprofClient.Create(place, _settings, _time));
    }

    public string Name => "pprof";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "the index none, MemStats stop the world ~0.1 ms";

    /// <summary>The way to the service, its retries and a breaker's pause are no cost; <see cref="MemStatsReader"/> slows dear pages down.</summary>
    public bool TimeIsCost => false;

    /// <summary>All requests and retries of one reading end by then.</summary>
    private TimeSpan Deadline => _settings.Timeout * 1.5;

    public static SourceStatus Check(TargetContext context)
    {
        Reading<PprofPlace> place = PprofLocator.Known(context);
        SourceState state = place.State switch
        {
            ReadingState.Present or ReadingState.Stale => SourceState.Ok,
            ReadingState.Failed => SourceState.Failed,
            _ => SourceState.NotSupported,
        };
        return new SourceStatus("pprof", state, place.HasValue ? null : place.Reason, null);
    }

    /// <summary>
    /// For a target with a URL, and for a local process, which may open its port later; null for one with neither.
    /// </summary>
    public static ISource? Create(TargetContext context) =>
        context.Settings.Url is null && !context.Target.PprofUrl.HasValue && context.Target.Process is null ? null : new PprofSource(context);

    public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        Reading<PprofPlace> found = await _locator.FindAsync(cancellation).ConfigureAwait(false);
        if (!found.TryGet(out PprofPlace? place))
        {
            return SourceResult.Not(found.State == ReadingState.Failed ? SourceState.Failed : SourceState.NotSupported, found.Reason ?? PprofLocator.NoPort);
        }

        try
        {
            _client ??= _connect(place);
            _memStats ??= new MemStatsReader(_client, _time);
            using CancellationTokenSource deadline = new(Deadline, _time);
            return await ReadAsync(_client, _memStats, deadline.Token, cancellation).ConfigureAwait(false);
        }
        catch (HttpException failure)
        {
            return Missed(failure.Failure switch
            {
                HttpFailure.Denied => SourceState.Denied,
                HttpFailure.NotThere => SourceState.NotSupported,
                _ => SourceState.Failed,
            }, $"{place.BaseUrl}: {failure.Message}");
        }
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask<SourceResult> ReadAsync(
        PprofClient client, MemStatsReader memStats, CancellationToken deadline, CancellationToken cancellation)
    {
        PageBody index = await client.GetAsync(PprofPages.Index, deadline, cancellation).ConfigureAwait(false);
        Reading<ImmutableSortedDictionary<string, long>> profiles = PprofIndexParser.Parse(index.Kept.Span);
        if (!profiles.HasValue) throw new HttpException(HttpFailure.BadAnswer, profiles.Reason!);
        long indexReadAt = _time.MonotonicNanoseconds();
        RuntimeCounters runtime = await memStats.ReadAsync(index.Took, deadline, cancellation).ConfigureAwait(false);
        return SourceResult.Ok(new SampleFacts { Profiles = profiles, Runtime = WithCounts(runtime, profiles) with { GoroutinesReadAtNanoseconds = indexReadAt } });
    }

    // The facts say why they are absent, too: a pane shows a figure's own reason.
    private SourceResult Missed(SourceState state, string reason)
    {
        ReadingState absence = state switch
        {
            SourceState.Denied => ReadingState.Denied,
            SourceState.NotSupported => ReadingState.NotSupported,
            _ => ReadingState.Failed,
        };
        Reading<ImmutableSortedDictionary<string, long>> none = Reading.From<ImmutableSortedDictionary<string, long>>(absence, null!, reason);
        RuntimeCounters runtime = _memStats?.Unasked(reason) ?? MemStatsCounters.Absent(absence, reason);
        return new SourceResult(new SampleFacts { Profiles = none, Runtime = WithCounts(runtime, none) }, state, reason);
    }

    private static RuntimeCounters WithCounts(RuntimeCounters runtime, Reading<ImmutableSortedDictionary<string, long>> profiles) => runtime with
    {
        Goroutines = profiles.Select(counts => counts["goroutine"]),
        Threads = profiles.TryGet(out ImmutableSortedDictionary<string, long>? counts)
            ? counts.TryGetValue("threadcreate", out long threads) && threads <= int.MaxValue
                ? Reading.Of((int)threads)
                : Reading.NotSupported<int>("the pprof index does not list threadcreate")
            : profiles.Absent<int>(),
    };
}
