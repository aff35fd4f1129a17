namespace GoTop.Engine.GoRuntime.Traces.V1;

/// <summary>Why a goroutine leaves its P, by the type of the event, in the reference's words (<c>internal/trace/tracev1.go</c>).</summary>
internal sealed class BlockReasons
{
    private readonly int[] _names = new int[(int)EventType.Count];

    public BlockReasons(TraceNames names)
    {
        _names[(int)EventType.GoStop] = names.Intern("forever");
        _names[(int)EventType.GoSched] = names.Intern("runtime.Gosched");
        _names[(int)EventType.GoPreempt] = names.Intern("preempted");
        _names[(int)EventType.GoSleep] = names.Intern("sleep");
        _names[(int)EventType.GoBlock] = TraceNames.Empty;
        _names[(int)EventType.GoBlockSend] = names.Intern("chan send");
        _names[(int)EventType.GoBlockRecv] = names.Intern("chan receive");
        _names[(int)EventType.GoBlockSelect] = names.Intern("select");
        _names[(int)EventType.GoBlockSync] = names.Intern("sync");
        _names[(int)EventType.GoBlockCond] = names.Intern("sync.(*Cond).Wait");
        _names[(int)EventType.GoBlockNet] = names.Intern("network");
        _names[(int)EventType.GoBlockGC] = names.Intern("GC mark assist wait for work");
    }

    /// <summary>Number among the trace's names.</summary>
    public int this[EventType type] => _names[(int)type];
}
