using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using Microsoft.Extensions.Logging;

namespace GoTop.Feeds;

/// <summary>
/// A recording played back at the pace it was made, through the same derivation as live. It stands still while held and
/// at its end, or begins anew there.
/// </summary>
internal sealed class ReplayFeed : IObservationFeed
{
    private static readonly TimeSpan LongestGap = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan UsualGap = TimeSpan.FromSeconds(1);

    private readonly RecordingReader _recording;
    private readonly bool _loops;
    private readonly int _shownAtOnce;
    private readonly ILogger _log;
    private readonly bool _isTemporary;
    private readonly ITimer _timer;
    private readonly Lock _gate = new();
    private RecentObservations _recent = new();
    private Derivation _derivation = new();
    private Observation? _latest;
    private Sample? _previous;
    private (int Index, Sample Sample)? _readAhead;
    private int _next;
    private bool _held;
    private bool _closed;

    /// <param name="shownAtOnce">So many ticks are played at once at the start, so that curves have a past.</param>
    /// <param name="isTemporary">The file is removed when the feed is closed.</param>
    public ReplayFeed(RecordingReader recording, bool loops, int shownAtOnce, TimeProvider time, ILogger log, bool isTemporary = false)
    {
        (_recording, _loops, _log, _isTemporary) = (recording, loops, log, isTemporary);
        _shownAtOnce = Math.Min(shownAtOnce, recording.Count);
        // Armed only once the field is set: playing needs it.
        _timer = time.CreateTimer(_ => Play(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
        _timer.Change(TimeSpan.Zero, Timeout.InfiniteTimeSpan);
    }

    public event Action? Published;

    public bool IsLive => false;

    public Observation? Latest => Volatile.Read(ref _latest);

    /// <summary>A recording holds what was looked at when it was made.</summary>
    public Interest Interest
    {
        set { }
    }

    public bool Held
    {
        set
        {
            lock (_gate)
            {
                if (_held == value || _closed) return;
                _held = value;
                if (!value) _timer.Change(UsualGap, Timeout.InfiniteTimeSpan);
            }
        }
    }

    public Observation? Neighbour(Observation from, int ticks) => Volatile.Read(ref _recent).Neighbour(from, ticks);

    public Observation? At(DateTimeOffset time) => Volatile.Read(ref _recent).At(time);

    public void Dispose()
    {
        lock (_gate)
        {
            if (_closed) return;
            _closed = true;
            _timer.Dispose();
            _recording.Dispose();
            if (_isTemporary) File.Delete(_recording.File);
        }
    }

    private void Play()
    {
        lock (_gate)
        {
            if (_closed || _held || _recording.Count == 0) return;
            do Step();
            while (_next < _shownAtOnce);
            if (_next < _recording.Count || _loops) _timer.Change(Gap(), Timeout.InfiniteTimeSpan);
        }

        Published?.Invoke();
    }

    private void Step()
    {
        if (_next >= _recording.Count)
        {
            (_next, _previous, _derivation) = (0, null, new Derivation());
            Volatile.Write(ref _recent, new RecentObservations());
        }

        try
        {
            Sample sample = Read(_next++);
            // Nobody may take the past for the present.
            Sample shown = sample with { Target = sample.Target with { Name = sample.Target.Name + " (recorded)" } };
            Observation observation = _derivation.Next(shown, 0);
            _previous = sample;
            _recent.Add(observation);
            Volatile.Write(ref _latest, observation);
        }
        catch (RecordingException damaged)
        {
            // The other ticks are still worth seeing.
            _log.LogWarning("{Problem}; skipped", damaged.Message);
        }
        catch (Exception senseless) when (senseless is not OutOfMemoryException)
        {
            // A made-up file can hold well-formed facts that no machine has; it must not end the program.
            _log.LogWarning("a tick of {File} makes no sense: {Problem}; skipped", _recording.File, senseless.Message);
            _derivation = new Derivation();
        }
    }

    /// <summary>What was read to learn the gap before it is not read again.</summary>
    private Sample Read(int index)
    {
        if (_readAhead is { } ahead && ahead.Index == index) return ahead.Sample;
        Sample sample = _recording.Read(index);
        _readAhead = (index, sample);
        return sample;
    }

    private TimeSpan Gap()
    {
        if (_previous is null || _next >= _recording.Count) return UsualGap;
        try
        {
            TimeSpan gap = TimeSpan.FromTicks((Read(_next).MonotonicNanoseconds - _previous.MonotonicNanoseconds) / 100);
            return gap <= TimeSpan.Zero ? UsualGap : gap > LongestGap ? LongestGap : gap;
        }
        catch (RecordingException)
        {
            return UsualGap;
        }
    }
}
