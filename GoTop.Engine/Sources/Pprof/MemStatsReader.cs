using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>
/// Reads MemStats from whichever page has them, <c>/debug/vars</c> or else <c>heap?debug=1</c>, and remembers which.
/// A dear page is read every 10 s only; between that its last figures stand.
/// </summary>
internal sealed class MemStatsReader(PprofClient client, TimeProvider time)
{
    /// <summary>A page longer than this is dear, whatever it holds.</summary>
    public const int DearBytes = 100 * 1024;

    /// <summary>So is the heap page when it takes this much longer than the index, which costs next to nothing.</summary>
    public static readonly TimeSpan DearTime = TimeSpan.FromMilliseconds(20);

    public static readonly TimeSpan DearPeriod = TimeSpan.FromSeconds(10);

    /// <summary>How long a service with neither page is left alone.</summary>
    public static readonly TimeSpan RecheckPeriod = TimeSpan.FromSeconds(60);

    private HttpPage? _works;
    private RuntimeCounters? _last;
    private long _lastReadAt;
    private (ReadingState State, string Reason)? _miss;
    private long _waitSince;
    private TimeSpan _wait;

    /// <param name="indexTook">How long the index just took: the part of the time that is the way there, not the page's cost.</param>
    public async ValueTask<RuntimeCounters> ReadAsync(TimeSpan indexTook, CancellationToken deadline, CancellationToken cancellation)
    {
        if (_wait == TimeSpan.Zero || time.GetElapsedTime(_waitSince) >= _wait)
        {
            await ReadNowAsync(indexTook, deadline, cancellation).ConfigureAwait(false);
        }

        return Latest();
    }

    /// <summary>The figures of the last good reading; marked as old when the service cannot be asked, for this reason.</summary>
    public RuntimeCounters Unasked(string reason)
    {
        _miss = (ReadingState.Failed, reason);
        return Latest();
    }

    private RuntimeCounters Latest() => (_last, _miss) switch
    {
        ({ } counters, null) => counters,
        ({ } counters, { } miss) => counters.AsStale($"{time.GetElapsedTime(_lastReadAt).TotalSeconds:0} s old: {miss.Reason}"),
        (null, { } miss) => MemStatsCounters.Absent(miss.State, miss.Reason),
        _ => MemStatsCounters.Absent(ReadingState.NotYet, "MemStats have not been read yet"),
    };

    private async ValueTask ReadNowAsync(TimeSpan indexTook, CancellationToken deadline, CancellationToken cancellation)
    {
        HttpPage[] pages = _works is not null ? [_works] : [PprofPages.Vars, PprofPages.HeapText];
        List<string> reasons = [];
        ReadingState state = ReadingState.NotSupported;
        bool isBreakerOpen = false;
        foreach (HttpPage page in pages)
        {
            try
            {
                PageBody body = await client.GetAsync(page, deadline, cancellation).ConfigureAwait(false);
                Reading<MemStats> parsed = page == PprofPages.Vars
                    ? ExpvarParser.Parse(body.Kept.Span, page.Title)
                    : MemStatsTextParser.Parse(body.Kept.Span, page.Title);
                if (parsed.TryGet(out MemStats? stats))
                {
                    // While the other page's breaker is open this one only stands in for it.
                    _works = isBreakerOpen ? null : page;
                    _last = MemStatsCounters.From(stats) with { ReadAtNanoseconds = time.MonotonicNanoseconds() };
                    _lastReadAt = time.GetTimestamp();
                    _miss = null;
                    bool isDear = body.TotalBytes > DearBytes || (page == PprofPages.HeapText && body.Took - indexTook > DearTime);
                    Wait(isDear ? DearPeriod : TimeSpan.Zero);
                    return;
                }

                reasons.Add(parsed.Reason!);
                if (parsed.State == ReadingState.Failed) state = ReadingState.Failed;
            }
            catch (HttpException failure) when (failure.IsTransient)
            {
                _miss = (ReadingState.Failed, $"{page.Title}: {failure.Message}");
                Wait(page == PprofPages.HeapText ? DearPeriod : TimeSpan.Zero);
                return;
            }
            catch (HttpException failure)
            {
                isBreakerOpen |= failure.Failure == HttpFailure.BreakerOpen;
                if (failure.Failure == HttpFailure.Denied) state = ReadingState.Denied;
                else if (failure.Failure != HttpFailure.NotThere) state = ReadingState.Failed;
                reasons.Add(failure.Failure == HttpFailure.NotThere ? failure.Message : $"{page.Title}: {failure.Message}");
            }
        }

        _miss = (state, string.Join("; ", reasons));
        bool hasAskedBoth = _works is null;
        _works = null;
        // With only the remembered page asked, the next reading asks both.
        if (hasAskedBoth) Wait(isBreakerOpen ? DearPeriod : RecheckPeriod);
        if (hasAskedBoth && !isBreakerOpen) _last = null;
    }

    private void Wait(TimeSpan wait)
    {
        _wait = wait;
        _waitSince = time.GetTimestamp();
    }
}
