using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>
/// What the watched filters had counted at moments of the last minute, one a second at most: one tick's lines times 60 would call
/// a single line 60 a minute.
/// </summary>
internal sealed class MatchWindow
{
    private const long Second = 1_000_000_000;
    private const long Minute = 60 * Second;

    private readonly DateTimeOffset _since;
    private readonly ImmutableArray<Moment> _moments;

    private MatchWindow(DateTimeOffset since, ImmutableArray<Moment> moments) => (_since, _moments) = (since, moments);

    /// <summary>The window as of these counters.</summary>
    /// <param name="before">Null, or that of an earlier following, begins anew.</param>
    public static MatchWindow Of(MatchWindow? before, LogCounters now)
    {
        Moment added = new(now.ReadAtNanoseconds, now.Matches);
        if (before is null || before._since != now.Since || now.ReadAtNanoseconds < before._moments[^1].AtNanoseconds) return new MatchWindow(now.Since, [added]);
        ImmutableArray<Moment> moments = before._moments;
        // Of those a minute old and older only the newest is needed.
        int first = Math.Max(0, LastOfAge(moments, now.ReadAtNanoseconds));
        bool soon = now.ReadAtNanoseconds - moments[^1].AtNanoseconds < Second;
        if (soon && first == 0) return before;
        return new MatchWindow(now.Since, soon ? moments[first..] : [.. moments.AsSpan()[first..], added]);
    }

    /// <summary>Lines a minute that pass the filter; not yet until a minute was counted.</summary>
    public Reading<double> PerMinute(LogMatches now, long atNanoseconds)
    {
        int earlier = LastOfAge(_moments, atNanoseconds);
        if (earlier >= 0)
        {
            Moment then = _moments[earlier];
            foreach (LogMatches counted in then.Matches)
            {
                if (counted.Filter == now.Filter && counted.Lines <= now.Lines) return Reading.Of((now.Lines - counted.Lines) * (double)Minute / (atNanoseconds - then.AtNanoseconds));
            }
        }

        return Reading.NotYet<double>("lines a minute are known once a minute was counted");
    }

    private static int LastOfAge(ImmutableArray<Moment> moments, long nowNanoseconds)
    {
        for (int i = moments.Length - 1; i >= 0; i--)
        {
            if (nowNanoseconds - moments[i].AtNanoseconds >= Minute) return i;
        }

        return -1;
    }

    private readonly record struct Moment(long AtNanoseconds, ImmutableArray<LogMatches> Matches);
}
