using System.Runtime.CompilerServices;

namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Tasks, regions and logs: what programs tell by <c>runtime/trace</c>.</summary>
internal sealed class UserEvents(Contents contents, Context context, Generation generation, TraceLimits limits)
{
    private readonly IdMap<RunningTask> _tasks = new();

    public void Add(in RawEvent each, in Arguments arguments, long nanoseconds)
    {
        switch (each.Type)
        {
            case EventType.UserTaskCreate:
                BeginTask(each, arguments, nanoseconds);
                break;
            case EventType.UserTaskEnd:
                EndTask(each, (long)arguments.First, nanoseconds);
                break;
            case EventType.UserRegion:
                if (arguments.Second > 1) throw new TraceFormatException($"a region event has the mode {arguments.Second}, which is neither begin nor end", each.Offset);
                TraceEventKind kind = arguments.Second == 0 ? TraceEventKind.RegionBegin : TraceEventKind.RegionEnd;
                Add(kind, each, nanoseconds, arguments.First, Name(arguments.Third, each.Offset));
                break;
            case EventType.UserLog:
                Add(TraceEventKind.Log, each, nanoseconds, arguments.First, Name(arguments.Second, each.Offset)).Value = Arguments.MessageOffset(contents.Bytes, each.Offset);
                break;
        }
    }

    /// <summary>A string that an event at this place names, as a number among the trace's names.</summary>
    public int Name(ulong id, int offset) => generation.Name(id) ?? throw new TraceFormatException($"an event names string {id}, which the trace does not have", offset);

    private void BeginTask(in RawEvent each, in Arguments arguments, long nanoseconds)
    {
        RunningTask task = new(Name(arguments.Third, each.Offset), arguments.Second == 0 ? TraceEvent.NoTask : (long)arguments.Second);
        _tasks.Add((long)arguments.First, out bool isRunning) = task;
        if (isRunning) throw new TraceFormatException($"task {arguments.First} begins a second time", each.Offset);
        if (_tasks.Count > limits.MaxLive) throw new TraceFormatException($"it has more than {limits.MaxLive} tasks at a time", each.Offset);
        Add(TraceEventKind.TaskBegin, each, nanoseconds, arguments.First, task.Type).Value = task.Parent;
    }

    private void EndTask(in RawEvent each, long task, long nanoseconds)
    {
        ref RunningTask running = ref _tasks.Find(task);

        // Of one that began before tracing did, the type is not known.
        RunningTask ended = Unsafe.IsNullRef(ref running) ? new RunningTask(TraceNames.Empty, TraceEvent.NoTask) : running;
        _tasks.Remove(task);
        Add(TraceEventKind.TaskEnd, each, nanoseconds, (ulong)task, ended.Type).Value = ended.Parent;
    }

    private ref TraceEvent Add(TraceEventKind kind, in RawEvent each, long nanoseconds, ulong task, int name)
    {
        ref TraceEvent added = ref context.Add(kind, each, nanoseconds);
        added.Id = (long)task;
        added.Name = name;
        return ref added;
    }

    private readonly record struct RunningTask(int Type, long Parent);
}
