using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>
/// Tells when a collection must ask for less: events are lost again and again, or there are so many that writing them would
/// cost the machine too much.
/// </summary>
/// <param name="cpus">Of the machine.</param>
/// <param name="secondsForEvent">What the kernel takes to write one, and to make ready for it.</param>
/// <param name="largestShare">Of the machine's CPU time that the events may take.</param>
internal sealed class LoadGuard(int cpus, double secondsForEvent = LoadGuard.SystemSecondsForEvent, double largestShare = LoadGuard.SystemShare)
{
    private const long Second = 1_000_000_000;
    private const int SecondsEndured = 3;

    /// <summary>About 2 µs were measured for an event, on a virtual machine.</summary>
    private const double SystemSecondsForEvent = 2e-6;

    private const double SystemShare = 0.1;

    private long _since;
    private long _events;
    private long _lost;
    private int _badSeconds;

    /// <returns>Why to ask for less; null while all is well.</returns>
    public string? Next(long now, long events, long lost)
    {
        _events += events;
        _lost += lost;
        if (_since == 0) _since = now;
        long passed = now - _since;
        if (passed < Second) return null;
        double perSecond = _events * (double)Second / passed;
        double share = perSecond * secondsForEvent / cpus;
        string? bad = _lost > 0 ? $"{Counted.Of(_lost, "event was", "events were")} lost in a second"
            : share > largestShare ? $"{perSecond:#,0} events a second would cost the machine about {share * 100:0.#} % of its CPU"
            : null;
        (_since, _events, _lost) = (now, 0, 0);
        _badSeconds = bad is null ? 0 : _badSeconds + 1;
        if (_badSeconds < SecondsEndured) return null;
        _badSeconds = 0;
        return bad;
    }
}
