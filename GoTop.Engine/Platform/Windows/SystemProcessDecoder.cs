using System.Collections.Immutable;

namespace GoTop.Engine.Platform.Windows;

/// <summary>One process of the system's process list.</summary>
/// <param name="CreateTime">FILETIME; 0 for the idle process.</param>
/// <param name="ContextSwitches">Of its living threads.</param>
internal readonly record struct SystemProcess(
    int ProcessId, int ParentProcessId, ulong CreateTime, long UserNanoseconds, long KernelNanoseconds,
    long WorkingSetBytes, long PeakWorkingSetBytes, long PrivateBytes, long VirtualBytes, long PageFaults, long HardFaults,
    int Threads, int Handles, long ReadBytes, long WrittenBytes, long ContextSwitches);

/// <summary>One thread of it: SYSTEM_THREAD_INFORMATION.</summary>
/// <param name="State">KTHREAD_STATE.</param>
/// <param name="WaitReason">KWAIT_REASON; says something of a waiting thread only.</param>
internal readonly record struct SystemThread(int ThreadId, long UserNanoseconds, long KernelNanoseconds, long ContextSwitches, int State, int WaitReason);

/// <summary>
/// Walks what NtQuerySystemInformation(SystemProcessInformation) returns: 64-bit SYSTEM_PROCESS_INFORMATION entries of
/// 0x100 bytes, each followed by its SYSTEM_THREAD_INFORMATIONs of 0x50 bytes and linked by the distance to the next.
/// The layout is that of public symbol files and has only ever grown at the end. Stops at the first entry that makes no sense.
/// </summary>
/// <param name="baseAddress">Where the buffer lay when it was filled: names are absolute pointers into it.</param>
internal ref struct SystemProcessDecoder(ReadOnlySpan<byte> buffer, ulong baseAddress)
{
    private const int EntryLength = 0x100;
    private const int ThreadLength = 0x50;
    private const int ThreadContextSwitches = 0x40;

    private readonly NativeBytes _bytes = new(buffer);
    private int _entry = -1;
    private int _next;

    public bool MoveNext()
    {
        if (_next < 0 || !_bytes.Has(_next, EntryLength)) return false;
        _entry = _next;
        uint distance = _bytes.U32(_entry);
        // A distance shorter than an entry would run backwards or stand still.
        _next = distance >= EntryLength && distance < (uint)_bytes.Length ? _entry + (int)distance : -1;
        return true;
    }

    public readonly int ProcessId => (int)_bytes.U64(_entry + 0x50);

    public readonly int ParentProcessId => (int)_bytes.U64(_entry + 0x58);

    public readonly ulong CreateTime => _bytes.U64(_entry + 0x20);

    /// <summary>File name without its folder; empty for the idle process.</summary>
    public readonly string ImageName => _bytes.Text(_bytes.U64(_entry + 0x40), _bytes.U16(_entry + 0x38), baseAddress);

    public readonly SystemProcess Current => new(
        ProcessId, ParentProcessId, CreateTime,
        UserNanoseconds: FileTimes.SpanToNanoseconds(_bytes.I64(_entry + 0x28)),
        KernelNanoseconds: FileTimes.SpanToNanoseconds(_bytes.I64(_entry + 0x30)),
        WorkingSetBytes: _bytes.I64(_entry + 0x90),
        PeakWorkingSetBytes: _bytes.I64(_entry + 0x88),
        PrivateBytes: _bytes.I64(_entry + 0xC8),
        VirtualBytes: _bytes.I64(_entry + 0x78),
        PageFaults: _bytes.U32(_entry + 0x80),
        HardFaults: _bytes.U32(_entry + 0x10),
        Threads: _bytes.I32(_entry + 4),
        Handles: _bytes.I32(_entry + 0x60),
        ReadBytes: _bytes.I64(_entry + 0xE8),
        WrittenBytes: _bytes.I64(_entry + 0xF0),
        ContextSwitches: ContextSwitches());

    /// <summary>Its threads, in the system's order.</summary>
    public readonly ImmutableArray<SystemThread> CurrentThreads()
    {
        ImmutableArray<SystemThread>.Builder threads = ImmutableArray.CreateBuilder<SystemThread>();
        int count = _bytes.I32(_entry + 4);
        int thread = _entry + EntryLength;
        for (int i = 0; i < count && _bytes.Has(thread, ThreadLength); i++, thread += ThreadLength)
        {
            threads.Add(new SystemThread(
                (int)_bytes.U64(thread + 0x30),
                UserNanoseconds: FileTimes.SpanToNanoseconds(_bytes.I64(thread + 0x08)),
                KernelNanoseconds: FileTimes.SpanToNanoseconds(_bytes.I64(thread)),
                _bytes.U32(thread + ThreadContextSwitches), _bytes.I32(thread + 0x44), _bytes.I32(thread + 0x48)));
        }

        return threads.DrainToImmutable();
    }

    private readonly long ContextSwitches()
    {
        long sum = 0;
        int count = _bytes.I32(_entry + 4);
        int thread = _entry + EntryLength;
        for (int i = 0; i < count && _bytes.Has(thread, ThreadLength); i++, thread += ThreadLength)
        {
            sum += _bytes.U32(thread + ThreadContextSwitches);
        }

        return sum;
    }
}
