using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Walks stacks by the stack-pointer deltas of the function table, as runtime.unwinder does on a machine that keeps the
/// return address on the stack (amd64; on arm64 it would be in the link register of the innermost frame).
/// The innermost kilobyte of many stacks is fetched at once; what lies deeper, stack by stack.
/// </summary>
internal sealed class StackWalker(CodeIndex code, StackInterner stacks, TargetMemory memory, GoroutineLayout layout)
{
    /// <summary>Stacks per batch.</summary>
    public const int BatchSize = 2048;

    private const int Window = 1024;
    private const int DeepWindow = 32 << 10;
    private const int MaximumFrames = 256;
    private const int MaximumDeepReads = 32;
    private const ulong MaximumStack = 1UL << 32;

    private const int TopOfStack = 128;

    private readonly GoroutineBatch _again = new(memory, layout);
    private readonly ulong[] _goroutines = new ulong[BatchSize];
    private readonly MemoryRange[] _ranges = new MemoryRange[BatchSize];
    private readonly bool[] _read = new bool[BatchSize];
    private readonly ulong[] _pcs = new ulong[MaximumFrames];
    private byte[] _windows = [];
    private byte[] _deep = [];

    /// <summary>
    /// Sets <see cref="WalkRequest.Stack"/> of each: a number of the interner, or −1 when the goroutine was moving
    /// meanwhile or its stack cannot be followed.
    /// </summary>
    public void Walk(Span<WalkRequest> requests)
    {
        for (int from = 0; from < requests.Length; from += BatchSize) WalkBatch(requests[from..Math.Min(requests.Length, from + BatchSize)]);
    }

    /// <summary>Reads the goroutine anew for another walk; when it is no longer what the row says, the walk will find nothing.</summary>
    public void Refresh(ref WalkRequest request)
    {
        Span<byte> bytes = stackalloc byte[layout.Length];
        if (!memory.Reader.TryRead(request.Goroutine, bytes)) return;
        GoroutineRecord now = new(bytes, layout);
        if (now.Id != request.Id || now.Status != request.Status || now.WaitReason != request.WaitReason) return;
        request = request with { Low = now.StackLow, High = now.StackHigh, StackPointer = now.StackPointer, Pc = now.Pc };
    }

    private void WalkBatch(Span<WalkRequest> requests)
    {
        int needed = requests.Length * Window;
        if (_windows.Length < needed) _windows = new byte[needed];
        for (int i = 0; i < requests.Length; i++)
        {
            ref readonly WalkRequest request = ref requests[i];
            bool plausible = request.StackPointer >= request.Low && request.StackPointer < request.High && request.High - request.Low <= MaximumStack;
            _ranges[i] = new MemoryRange(request.StackPointer, plausible ? (int)Math.Min(Window, request.High - request.StackPointer) : 0);
        }

        memory.Reader.ReadMany(_ranges.AsSpan(0, requests.Length), _windows, _read);
        int at = 0;
        for (int i = 0; i < requests.Length; i++)
        {
            ref WalkRequest request = ref requests[i];
            ReadOnlySpan<byte> window = _windows.AsSpan(at, _ranges[i].Length);
            at += _ranges[i].Length;
            request.Stack = -1;
            if (window.Length < 8 || !_read[i]) continue;
            int frames = Follow(request, window);
            if (frames > 0) request.Stack = stacks.Number(_pcs.AsSpan(0, frames));
        }

        DropThoseThatMoved(requests);
    }

    /// <summary>Reads each goroutine again: a stack is true only if nothing that it hangs on has changed.</summary>
    private void DropThoseThatMoved(Span<WalkRequest> requests)
    {
        for (int i = 0; i < requests.Length; i++) _goroutines[i] = requests[i].Goroutine;
        _again.Read(_goroutines.AsSpan(0, requests.Length));
        for (int i = 0; i < requests.Length; i++)
        {
            ref WalkRequest request = ref requests[i];
            if (request.Stack < 0) continue;
            if (!_again.TryGet(i, request.Goroutine, out GoroutineRecord now) || now.Id != request.Id || now.Status != request.Status
                || now.WaitReason != request.WaitReason || now.StackPointer != request.StackPointer || now.Pc != request.Pc)
            {
                request.Stack = -1;
            }
        }
    }

    private int Follow(in WalkRequest request, ReadOnlySpan<byte> window)
    {
        ulong start = request.StackPointer;
        ulong sp = start;
        ulong pc = request.Pc;
        bool afterCall = true;
        int deepReads = 0;
        int frames = 0;
        while (frames < MaximumFrames)
        {
            UnwindStep step = code.Step(pc);
            if (step.Kind == UnwindKind.Unknown) return 0;
            _pcs[frames++] = afterCall && !step.IsEntry ? pc - 1 : pc;
            if (step.Kind == UnwindKind.Last) return frames;
            if (step.StackPointerDelta < 0) return 0;
            ulong returnAt = sp + (ulong)step.StackPointerDelta;
            if (returnAt < request.Low || returnAt + 8 > request.High) return 0;
            if (returnAt < start || returnAt + 8 - start > (ulong)window.Length)
            {
                if (++deepReads > MaximumDeepReads) return frames;
                if (_deep.Length == 0) _deep = new byte[DeepWindow];
                Span<byte> deeper = _deep.AsSpan(0, (int)Math.Min(DeepWindow, request.High - returnAt));
                if (!memory.Reader.TryRead(returnAt, deeper)) return 0;
                window = deeper;
                start = returnAt;
            }

            pc = BinaryPrimitives.ReadUInt64LittleEndian(window[(int)(returnAt - start)..]);
            sp = returnAt + 8;
            afterCall = step.Kind != UnwindKind.Interrupts;
            // A stack whose outermost frame was made by hand (a callback from C) ends in a zero at its very top. Anywhere else
            // the goroutine went on and came back to the same place while its stack was being read.
            if (pc == 0) return request.High - sp <= TopOfStack ? frames : 0;
        }

        return frames;
    }
}

/// <summary>A stack to walk, as the goroutine stood when it was read.</summary>
/// <param name="Row">Which row it is for.</param>
/// <param name="Goroutine">Address of the g.</param>
internal record struct WalkRequest(int Row, ulong Goroutine, long Id, uint Status, byte WaitReason, ulong Low, ulong High, ulong StackPointer, ulong Pc, int Stack);
