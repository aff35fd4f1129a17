using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>
/// Which sync.Cond a goroutine waits on, where the runtime does not note it (until Go 1.25). The frame of Cond.Wait holds
/// the address somewhere, as it locks the condition's lock afterwards: each word there is tried, and is believed only when the
/// condition's own list of waiters, followed from its head to its tail, has the goroutine in it.
/// </summary>
internal sealed class CondFinder(CodeIndex code, SudogLayout at, TargetMemory memory, PagedMemory pages)
{
    private const string Wait = "sync.(*Cond).Wait";
    private const int MaximumFrames = 8;
    private const int StackBytes = 1024;

    /// <summary>The arguments' places, above the return address.</summary>
    private const int BytesAboveFrame = 32;

    private const int NotifyList = 16;
    private const int ListHead = 16;
    private const int ListTail = 24;

    private readonly Dictionary<ulong, HashSet<ulong>?> _waiters = [];
    private readonly Dictionary<ulong, ulong> _condOf = [];
    private int _entriesLeft;

    /// <param name="mostEntries">Entries of lists looked at in all until the next call.</param>
    public void Begin(int mostEntries)
    {
        _waiters.Clear();
        _condOf.Clear();
        _entriesLeft = mostEntries;
    }

    /// <param name="goroutine">Address of the g.</param>
    /// <returns>Address of the Cond; null when it was not found.</returns>
    public ulong? Find(ulong goroutine, ulong stackPointer, ulong pc)
    {
        // Those that wait in company are found with the first of them.
        if (_condOf.TryGetValue(goroutine, out ulong known)) return known;
        Span<byte> stack = stackalloc byte[StackBytes];
        if (!memory.Reader.TryRead(stackPointer, stack) || Frame(stack, stackPointer, pc) is not { } frame) return null;
        for (int offset = frame.Start; offset + 8 <= frame.End; offset += 8)
        {
            ulong candidate = BinaryPrimitives.ReadUInt64LittleEndian(stack[offset..]);
            if (candidate == 0 || candidate % 8 != 0) continue;
            if (!_waiters.TryGetValue(candidate, out HashSet<ulong>? waiters)) _waiters[candidate] = waiters = Waiters(candidate);
            if (waiters is null || !waiters.Contains(goroutine)) continue;
            foreach (ulong waiter in waiters) _condOf[waiter] = candidate;
            return candidate;
        }

        return null;
    }

    /// <summary>Where the frame of Cond.Wait and its arguments lie in these bytes.</summary>
    private (int Start, int End)? Frame(ReadOnlySpan<byte> stack, ulong stackPointer, ulong pc)
    {
        ulong sp = stackPointer;
        for (int i = 0; i < MaximumFrames; i++)
        {
            UnwindStep step = code.Step(pc);
            if (step.Kind != UnwindKind.Calls || step.StackPointerDelta < 0) return null;
            ulong returnAt = sp + (ulong)step.StackPointerDelta;
            if (returnAt + 8 - stackPointer > StackBytes) return null;
            if (IsWait(pc))
            {
                int start = (int)(sp - stackPointer), end = (int)(returnAt + 8 - stackPointer) + BytesAboveFrame;
                return (start, Math.Min(end, StackBytes));
            }

            pc = BinaryPrimitives.ReadUInt64LittleEndian(stack[(int)(returnAt - stackPointer)..]);
            sp = returnAt + 8;
        }

        return null;
    }

    private bool IsWait(ulong pc)
    {
        foreach (IndexedFrame frame in code.Frames(pc - 1))
        {
            if (code.Location(frame.Location).Function == Wait) return true;
        }

        return false;
    }

    /// <summary>The g's in the list of waiters, if there is one that ends where it says; else null.</summary>
    private HashSet<ulong>? Waiters(ulong cond)
    {
        ulong list = cond + NotifyList;
        if (!pages.TryReadWord(list + ListHead, out ulong entry) || !pages.TryReadWord(list + ListTail, out ulong tail) || entry == 0 || tail == 0) return null;
        HashSet<ulong> waiters = [];
        Span<byte> sudog = stackalloc byte[at.Length];
        ulong last = 0;
        while (entry != 0)
        {
            // A candidate that is no condition leads anywhere: a first entry that is no sudog ends it.
            if (--_entriesLeft < 0 || !pages.TryRead(entry, sudog)) return null;
            if (!waiters.Add(BinaryPrimitives.ReadUInt64LittleEndian(sudog[at.Goroutine..]))) return null;
            last = entry;
            entry = BinaryPrimitives.ReadUInt64LittleEndian(sudog[at.Next..]);
        }

        return last == tail ? waiters : null;
    }
}
