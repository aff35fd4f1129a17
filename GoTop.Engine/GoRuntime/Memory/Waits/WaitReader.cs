using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>
/// What each goroutine waits on. A wait on a channel hangs on the goroutine itself (g.waiting), since Go 1.26 every other
/// one too; before, semaphores are looked up in the runtime's table of them and conditions on the stack. Nothing is
/// stopped: what a goroutine was found to wait on counts only if it still waits when all has been read.
/// </summary>
internal sealed class WaitReader
{
    /// <summary>Cases of a select that are followed.</summary>
    private const int MaximumCases = 256;

    private readonly WaitReaderParts _parts;
    private readonly WaitKind[] _kinds;
    private readonly PagedMemory _pages;
    private readonly SemaphoreTable? _semaphores;
    private readonly CondFinder _conds;
    private readonly WaitObjectReader _objects;
    private readonly GoroutineBatch _again;
    private readonly ulong[] _goroutines = new ulong[GoroutineBatch.Size];
    private readonly Dictionary<ulong, ulong> _semaphoreOf = [];
    private readonly Dictionary<int, SemaphoreUse> _useOfStack = [];
    private readonly Dictionary<ulong, int> _numbers = [];
    private readonly List<WaitObject> _found = [];
    private readonly List<GoroutineWait> _waits = [];
    private int _truncatedSelects;

    public WaitReader(WaitReaderParts parts)
    {
        _parts = parts;
        _kinds = [.. parts.WaitReasons.Select(WaitKind.Of)];
        _pages = new PagedMemory(parts.Memory.Reader);
        _semaphores = parts.SemaphoreTable is { } table ? new SemaphoreTable(table + parts.Memory.Slide, parts.Sudog, parts.Memory, _pages) : null;
        _conds = new CondFinder(parts.Code, parts.Sudog, parts.Memory, _pages);
        _objects = new WaitObjectReader(parts.Channel, parts.Types, _pages);
        _again = new GoroutineBatch(parts.Memory, parts.Goroutine);
    }

    /// <summary>Gives back what only reading needs.</summary>
    public void Rest() => _pages.Release();

    /// <param name="pointers">Of the rows of the same numbers.</param>
    public GoroutineWaits Read(ReadOnlySpan<GoroutineRow> rows, ReadOnlySpan<RowPointers> pointers)
    {
        _pages.Begin();
        _numbers.Clear();
        _found.Clear();
        _waits.Clear();
        _useOfStack.Clear();
        _truncatedSelects = 0;
        bool hasSemaphores = ReadSemaphores(rows, pointers);
        _conds.Begin(rows.Length * 2);
        int waiting = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            WaitKind kind = _kinds[rows[i].WaitReason];
            if (!kind.OnAnything) continue;
            waiting++;
            AddWaitsOf(i, rows[i], pointers[i], kind);
        }

        int found = KeepThoseThatStillWait(rows, pointers);
        _pages.Begin();
        _objects.Begin();
        ImmutableArray<WaitObject> objects = [.. _found.Select(_objects.Read)];
        _pages.Begin();
        return new GoroutineWaits
        {
            Objects = objects,
            ElementTypes = _objects.ElementTypes(),
            Waits = [.. _waits],
            Unread = waiting - found,
            Missing = Missing(hasSemaphores),
        };
    }

    /// <summary>Looks all semaphores up where goroutines do not lead to theirs.</summary>
    /// <returns>False when it had to be done and could not.</returns>
    private bool ReadSemaphores(ReadOnlySpan<GoroutineRow> rows, ReadOnlySpan<RowPointers> pointers)
    {
        _semaphoreOf.Clear();
        int needed = 0;
        for (int i = 0; i < rows.Length; i++)
        {
            if (_kinds[rows[i].WaitReason].OnSemaphore && pointers[i].Waiting == 0) needed++;
        }

        if (needed == 0) return true;
        if (_semaphores is null || !_semaphores.IsThere()) return false;
        _semaphores.Read(rows.Length * 2, _semaphoreOf);
        return true;
    }

    private void AddWaitsOf(int row, in GoroutineRow goroutine, in RowPointers at, WaitKind kind)
    {
        if (at.Waiting != 0)
        {
            FollowSudogs(row, goroutine, at, kind);
        }
        else if (kind.OnSemaphore)
        {
            if (_semaphoreOf.TryGetValue(at.Goroutine, out ulong semaphore)) AddSemaphore(row, goroutine, kind, semaphore);
        }
        else if (kind.OnCond && _conds.Find(at.Goroutine, at.StackPointer, at.Pc) is { } cond)
        {
            Add(row, WaitObjectKind.Cond, cond);
        }
    }

    private void FollowSudogs(int row, in GoroutineRow goroutine, in RowPointers at, WaitKind kind)
    {
        SudogLayout sudog = _parts.Sudog;
        Span<byte> bytes = stackalloc byte[sudog.Length];
        ulong next = at.Waiting;
        for (int i = 0; next != 0; i++)
        {
            if (i == MaximumCases)
            {
                _truncatedSelects++;
                return;
            }

            if (!_pages.TryRead(next, bytes) || Word(bytes, sudog.Goroutine) != at.Goroutine) return;
            if (Word(bytes, sudog.Channel) is not 0 and ulong channel) Add(row, WaitObjectKind.Channel, channel);
            else if (kind.OnSemaphore && Word(bytes, sudog.Element) is not 0 and ulong semaphore) AddSemaphore(row, goroutine, kind, semaphore);
            else if (kind.OnCond && Word(bytes, sudog.Element) is not 0 and ulong list) Add(row, WaitObjectKind.Cond, list - (ulong)SemaphoreUse.Cond.Offset);
            // Only a select has more than one; of a semaphore this links to other goroutines.
            next = bytes[sudog.IsSelect] != 0 && kind.OnChannel ? Word(bytes, sudog.WaitLink) : 0;
        }
    }

    private void AddSemaphore(int row, in GoroutineRow goroutine, WaitKind kind, ulong semaphore)
    {
        SemaphoreUse use = kind.Use ?? UseByStack(goroutine.Stack);
        Add(row, use.Kind, semaphore - (ulong)use.Offset);
    }

    private void Add(int row, WaitObjectKind kind, ulong address)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, address, out bool known);
        if (!known)
        {
            number = _found.Count;
            _found.Add(new WaitObject(address, kind));
        }
        else if (kind == WaitObjectKind.RWMutex && _found[number].Kind == WaitObjectKind.Mutex)
        {
            // Writers queue up at the Mutex that a RWMutex begins with.
            _found[number] = new WaitObject(address, kind);
        }

        _waits.Add(new GoroutineWait(row, number));
    }

    /// <summary>Reads each goroutine again, and drops the waits of those that have gone on or wait anew.</summary>
    /// <returns>Goroutines whose waits are kept.</returns>
    private int KeepThoseThatStillWait(ReadOnlySpan<GoroutineRow> rows, ReadOnlySpan<RowPointers> pointers)
    {
        int kept = 0, goroutines = 0;
        for (int from = 0; from < _waits.Count;)
        {
            // As many waits as there are goroutines in a batch; those of one goroutine stay together.
            int to = from, batch = 0;
            for (int last = -1; to < _waits.Count; to++)
            {
                int row = _waits[to].Row;
                if (row == last) continue;
                if (batch == GoroutineBatch.Size) break;
                _goroutines[batch++] = pointers[row].Goroutine;
                last = row;
            }

            _again.Read(_goroutines.AsSpan(0, batch));
            bool stillWaits = false;
            for (int i = from, last = -1, index = -1; i < to; i++)
            {
                GoroutineWait wait = _waits[i];
                if (wait.Row != last)
                {
                    last = wait.Row;
                    stillWaits = StillWaits(++index, rows[wait.Row], pointers[wait.Row]);
                    if (stillWaits) goroutines++;
                }

                if (stillWaits) _waits[kept++] = wait;
            }

            from = to;
        }

        _waits.RemoveRange(kept, _waits.Count - kept);
        return goroutines;
    }

    private bool StillWaits(int index, in GoroutineRow row, in RowPointers at) =>
        _again.TryGet(index, at.Goroutine, out GoroutineRecord now)
        && now.Id == row.Id && now.Status == (uint)row.State && now.WaitReason == row.WaitReason && now.Waiting == at.Waiting;

    private SemaphoreUse UseByStack(int stack)
    {
        if (stack < 0) return SemaphoreUse.Unknown;
        if (_useOfStack.TryGetValue(stack, out SemaphoreUse use)) return use;
        use = SemaphoreUse.Unknown;
        foreach (int frame in _parts.Stacks.Frames(stack))
        {
            if (SemaphoreUse.ByFunction(_parts.Code.Location(frame).Function) is not { } told) continue;
            use = told;
            break;
        }

        return _useOfStack[stack] = use;
    }

    private ImmutableArray<string> Missing(bool hasSemaphores)
    {
        ImmutableArray<string>.Builder missing = ImmutableArray.CreateBuilder<string>();
        if (!hasSemaphores) missing.Add("The runtime's table of semaphores was not found in this program: who waits for which Mutex, RWMutex or WaitGroup is not known.");
        if (_truncatedSelects > 0) missing.Add($"Of selects with more than {MaximumCases} cases, so many are listed.");
        return missing.ToImmutable();
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}

/// <summary>What a reader of waits is made of.</summary>
/// <param name="SemaphoreTable">Address of runtime.semtable in the file; null when it was not found.</param>
internal sealed record WaitReaderParts(
    TargetMemory Memory, CodeIndex Code, StackInterner Stacks, GoroutineLayout Goroutine, SudogLayout Sudog, ChannelLayout Channel, TypeNames Types,
    ulong? SemaphoreTable, ImmutableArray<string> WaitReasons);
