namespace GoTop.Engine.Alerts.Conditions;

/// <summary>
/// The past of one figure over a window, thinned to a fixed number of points: each is the least and the mean of a slice of
/// the window. Times are seconds of the clock that never jumps.
/// </summary>
internal sealed class PastValues(TimeSpan window, int slices)
{
    private readonly Queue<Slice> _past = new(slices + 1);
    private Slice _current;
    private bool _hasCurrent;

    public readonly record struct Slice(double Start, double Least, double Sum, int Count)
    {
        public double Mean => Sum / Count;
    }

    /// <summary>Whole slices, oldest first.</summary>
    public IReadOnlyCollection<Slice> Slices => _past;

    public double SliceSeconds { get; } = window.TotalSeconds / slices;

    /// <summary>Seconds that whole slices cover.</summary>
    public double CoveredSeconds => _past.TryPeek(out Slice oldest) && _hasCurrent ? _current.Start - oldest.Start : 0;

    public void Clear()
    {
        _past.Clear();
        _hasCurrent = false;
    }

    public void Add(double seconds, double value)
    {
        if (_hasCurrent && seconds < _current.Start + SliceSeconds)
        {
            _current = _current with { Least = Math.Min(_current.Least, value), Sum = _current.Sum + value, Count = _current.Count + 1 };
            return;
        }

        if (_hasCurrent) _past.Enqueue(_current);
        _current = new Slice(seconds, value, value, 1);
        _hasCurrent = true;
        double oldest = seconds - window.TotalSeconds - SliceSeconds;
        while (_past.TryPeek(out Slice first) && (first.Start < oldest || _past.Count > slices + 1)) _past.Dequeue();
    }
}
