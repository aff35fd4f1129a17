namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>
/// Goroutines that were there when tracing began. A trace begins with a GoCreate for each and tells then what those are at
/// that are not runnable; the first Gomaxprocs ends this beginning.
/// </summary>
internal sealed class GoroutinesFound(IdTable goroutines, EventBuffer events)
{
    private readonly List<int> _inOrder = [];
    private readonly HashSet<int> _untold = [];

    public bool IsBeginning { get; private set; } = true;

    public void Add(ulong goroutine)
    {
        int place = goroutines.Find(goroutine);
        _inOrder.Add(place);
        _untold.Add(place);
    }

    /// <summary>What it is at is told.</summary>
    public void Remove(int place) => _untold.Remove(place);

    /// <summary>Those of which nothing is told are runnable.</summary>
    public void End(long nanoseconds)
    {
        IsBeginning = false;
        foreach (int place in _inOrder)
        {
            if (!_untold.Contains(place)) continue;
            ref TraceEvent found = ref events.Add(TraceEventKind.StateTransition, nanoseconds, TraceEvent.None, TraceEvent.None, TraceEvent.None);
            found.Resource = TraceResource.Goroutine;
            found.Id = (long)goroutines.IdAt(place);
            found.From = TraceState.Undetermined;
            found.To = TraceState.Runnable;
        }
    }
}
