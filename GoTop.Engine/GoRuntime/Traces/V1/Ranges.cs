namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Collections, sweeps, assists and stops of the world.</summary>
internal sealed class Ranges(int version, Context context, TraceNames names)
{
    private int _stopName;

    public void Add(in RawEvent each, in Arguments arguments, long nanoseconds)
    {
        switch (each.Type)
        {
            case EventType.GCStart:
                Add(TraceEventKind.RangeBegin, each, nanoseconds, TraceRange.GcMarkPhase, TraceNames.GcMarkPhase);
                break;
            case EventType.GCDone:
                Add(TraceEventKind.RangeEnd, each, nanoseconds, TraceRange.GcMarkPhase, TraceNames.GcMarkPhase);
                break;
            case EventType.STWStart:
                _stopName = names.Intern(StopReasons.RangeName(version, arguments.First));
                Add(TraceEventKind.RangeBegin, each, nanoseconds, TraceRange.StopTheWorld, _stopName);
                break;
            case EventType.STWDone:
                Add(TraceEventKind.RangeEnd, each, nanoseconds, TraceRange.StopTheWorld, _stopName);
                break;
            case EventType.GCSweepStart:
                Add(TraceEventKind.RangeBegin, each, nanoseconds, TraceRange.GcSweep, TraceNames.GcSweep);
                break;
            case EventType.GCSweepDone:
                Add(TraceEventKind.RangeEnd, each, nanoseconds, TraceRange.GcSweep, TraceNames.GcSweep).Value = (long)arguments.First;
                break;
            case EventType.GCMarkAssistStart:
                Add(TraceEventKind.RangeBegin, each, nanoseconds, TraceRange.GcMarkAssist, TraceNames.GcMarkAssist);
                break;
            case EventType.GCMarkAssistDone:
                Add(TraceEventKind.RangeEnd, each, nanoseconds, TraceRange.GcMarkAssist, TraceNames.GcMarkAssist);
                break;
        }
    }

    private ref TraceEvent Add(TraceEventKind kind, in RawEvent each, long nanoseconds, TraceRange range, int name)
    {
        ref TraceEvent added = ref context.Add(kind, each, nanoseconds);
        added.Range = range;
        added.Name = name;
        switch (range)
        {
            case TraceRange.GcSweep:
                added.Resource = TraceResource.Proc;
                added.Id = added.Proc;
                break;
            case TraceRange.StopTheWorld or TraceRange.GcMarkAssist:
                added.Resource = TraceResource.Goroutine;
                added.Id = added.Goroutine;
                break;
        }

        return ref added;
    }
}
