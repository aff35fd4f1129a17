using System.Globalization;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Metrics;

/// <summary>
/// The service's own page of Prometheus metrics: how many requests it answers, how many fail and how long they take; and
/// what its exporter tells of the runtime and the process, where nothing better does.
/// </summary>
/// <remarks>
/// Making the page costs the service some milliseconds of CPU, more with many series. So it is read every 5 s at most, less
/// often where it is large or slow, and while it fails.
/// </remarks>
public sealed class MetricsSource : ISource
{
    public const string SourceName = "metrics";

    public static readonly TimeSpan ShortestPeriod = TimeSpan.FromSeconds(5);
    public static readonly TimeSpan LongestPeriod = TimeSpan.FromMinutes(1);

    /// <summary>A page from this size on is read twice a minute only.</summary>
    public const long DearBytes = 2 << 20;

    private const string NotYetFound = "the page of metrics has not been looked for yet";

    /// <summary>The service may spend this share of its time on answering.</summary>
    private const double LargestShare = 0.05;

    private const int TimesKept = 4;

    private readonly TargetContext _context;
    private readonly TimeProvider _time;
    private readonly MetricsLocator _locator;
    private readonly Func<Uri, bool, MetricsClient> _connect;
    private readonly Queue<TimeSpan> _times = new(TimesKept);
    private MetricsClient? _client;
    private SampleFacts? _last;
    private long _lastReadAt;
    private (SourceState State, string Reason) _miss = (SourceState.NotYet, NotYetFound);
    private TimeSpan _wait;
    private long _waitSince;
    private int _failures;
    private bool _hasRead;

    /// <param name="connect">Makes the client of an address, for tests; the flag says that somebody gave it.</param>
    internal MetricsSource(TargetContext context, Func<Uri, bool, MetricsClient>? connect = null)
    {
        _context = context;
        _time = context.Time;
        _connect = connect ?? ((url, isGiven) => MetricsLocator.Connect(context, url, isGiven));
        _locator = new MetricsLocator(context, _connect);
    }

    public string Name => SourceName;

    public TimeSpan Period => ShortestPeriod;

    public string CostToTarget => "collecting its metrics";

    /// <summary>It slows itself down by the time and the size of the page.</summary>
    public bool TimeIsCost => false;

    public static ISource? Create(TargetContext context) =>
        context.Settings.ReadsMetrics && (context.Settings.MetricsUrl is not null || context.Settings.Url is not null || context.Target.PprofUrl.HasValue || context.Target.Process is not null)
            ? new MetricsSource(context)
            : null;

    public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        if (_wait == TimeSpan.Zero || _time.GetElapsedTime(_waitSince) >= _wait)
        {
            try
            {
                await ReadNowAsync(cancellation).ConfigureAwait(false);
            }
            catch (HttpException failure)
            {
                Missed(failure);
            }
        }

        return Latest();
    }

    public ValueTask DisposeAsync()
    {
        _client?.Dispose();
        return ValueTask.CompletedTask;
    }

    private async ValueTask ReadNowAsync(CancellationToken cancellation)
    {
        MetricsPage page;
        if (_client is null && _context.Settings.MetricsUrl is null)
        {
            if (await _locator.FindAsync(cancellation).ConfigureAwait(false) is not { } found)
            {
                _miss = (SourceState.NotSupported, MetricsLocator.NotFound);
                return;
            }

            (_client, page) = found;
        }
        else
        {
            _client ??= _connect(_context.Settings.MetricsUrl!, true);
            page = await _client.ReadAsync(cancellation).ConfigureAwait(false);
        }

        long readAt = _time.MonotonicNanoseconds();
        _last = new SampleFacts
        {
            Service = Reading.Of(ServiceMetrics.Service(page.Read, page.Title) with { ReadAtNanoseconds = readAt }),
            Runtime = ServiceMetrics.Runtime(page.Read, page.Title) with { ReadAtNanoseconds = readAt, GoroutinesReadAtNanoseconds = readAt, SchedulerReadAtNanoseconds = readAt },
        };
        _lastReadAt = _time.GetTimestamp();
        _miss = default;
        _failures = 0;
        TimeSpan byTime = Typical(page.Took) / LargestShare, bySize = page.Bytes >= DearBytes ? LongestPeriod / 2 : TimeSpan.Zero;
        Wait(byTime > bySize ? byTime : bySize);
    }

    /// <summary>
    /// The quickest of the last few answers: on a machine in trouble an answer's time is mostly waiting for a core. The first,
    /// which connects, does not count.
    /// </summary>
    private TimeSpan Typical(TimeSpan took)
    {
        if (!_hasRead)
        {
            _hasRead = true;
            return TimeSpan.Zero;
        }

        if (_times.Count == TimesKept) _times.Dequeue();
        _times.Enqueue(took);
        return _times.Min();
    }

    private void Missed(HttpException failure)
    {
        SourceState state = failure.Failure switch
        {
            HttpFailure.Denied => SourceState.Denied,
            HttpFailure.NotThere => SourceState.NotSupported,
            _ => SourceState.Failed,
        };
        string where = _client?.Url.ToString() ?? _context.Settings.MetricsUrl?.ToString() ?? "/metrics";
        _miss = (state, $"{where}: {failure.Message}");
        Wait(ShortestPeriod * (1 << Math.Min(_failures++, 5)));
        if (failure.Failure != HttpFailure.NotThere || _context.Settings.MetricsUrl is not null) return;
        // A page that was found by itself and is gone may be somewhere else now.
        _client?.Dispose();
        _client = null;
    }

    private SourceResult Latest()
    {
        (SourceState state, string? reason) = _miss;
        if (reason is null) return SourceResult.Ok(_last!);
        if (_last is { } last)
            return new SourceResult(last.AsStale(string.Create(CultureInfo.InvariantCulture, $"{_time.GetElapsedTime(_lastReadAt).TotalSeconds:0} s old: {reason}")), state, reason);
        ReadingState absence = state switch
        {
            SourceState.Denied => ReadingState.Denied,
            SourceState.NotSupported => ReadingState.NotSupported,
            SourceState.NotYet => ReadingState.NotYet,
            _ => ReadingState.Failed,
        };
        return new SourceResult(new SampleFacts { Service = Reading.From<ServiceCounters>(absence, null!, reason) }, state, reason);
    }

    private void Wait(TimeSpan wait)
    {
        // The sampler comes every 5 s; a wait a little longer than that would make it every 10.
        _wait = wait <= ShortestPeriod ? TimeSpan.Zero : wait > LongestPeriod ? LongestPeriod : wait;
        _waitSince = _time.GetTimestamp();
    }
}
