namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>All events of a trace by time; those of one time as they were ordered.</summary>
/// <param name="retimed">Places of the events with another time than their place's, by time.</param>
internal sealed class OrderedEvents(RawEvent[] events, List<int> retimed, IdTable goroutines)
{
    private int _next;
    private int _nextRetimed;

    public int Count => events.Length;

    public IdTable Goroutines => goroutines;

    /// <summary>Call it <see cref="Count"/> times.</summary>
    public ref readonly RawEvent Next()
    {
        while (_next < events.Length && events[_next].IsRetimed) _next++;
        if (_nextRetimed < retimed.Count)
        {
            int place = retimed[_nextRetimed];
            if (_next == events.Length || events[place].Ticks < events[_next].Ticks || (events[place].Ticks == events[_next].Ticks && place < _next))
            {
                _nextRetimed++;
                return ref events[place];
            }
        }

        return ref events[_next++];
    }
}
