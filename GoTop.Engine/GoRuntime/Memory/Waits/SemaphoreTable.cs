using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Memory.Waits;

/// <summary>
/// runtime.semtable: who waits on which semaphore. A table of 251 trees by address, in which each node heads the list of
/// those that wait on one address (runtime/sema.go, unchanged from Go 1.19 to 1.27 but for the padding's name).
/// </summary>
internal sealed class SemaphoreTable(ulong address, SudogLayout at, TargetMemory memory, PagedMemory pages)
{
    private const int Roots = 251;
    private const int RootSize = 64;
    private const int Treap = 8;
    private const int WaiterCount = 16;
    private const int Padding = 20;
    private const ulong HighestAddress = 1UL << 48;

    /// <summary>Entries met at most; more than there are goroutines means a loop.</summary>
    private readonly Queue<(int Root, ulong Sudog)> _nodes = new();

    /// <summary>Whether a table of this shape is there: roots are pointers, and what lies between them is empty.</summary>
    public bool IsThere()
    {
        Span<byte> table = stackalloc byte[Roots * RootSize];
        if (!memory.Reader.TryRead(address, table)) return false;
        for (int i = 0; i < Roots; i++)
        {
            ReadOnlySpan<byte> root = table.Slice(i * RootSize, RootSize);
            ulong treap = BinaryPrimitives.ReadUInt64LittleEndian(root[Treap..]);
            if (treap >= HighestAddress || treap % 8 != 0 || root[Padding..].ContainsAnyExcept((byte)0)) return false;
            // The count rises before the entry is made and falls after it is gone.
            if (treap != 0 && BinaryPrimitives.ReadInt32LittleEndian(root[WaiterCount..]) < 0) return false;
        }

        return true;
    }

    /// <summary>Adds each waiting goroutine's g and the semaphore it waits on.</summary>
    /// <param name="most">Entries looked at: beyond them a list that runs in a circle is left.</param>
    /// <param name="waiters">By address of the g; one that is met twice has moved, and keeps what was met first.</param>
    public void Read(int most, Dictionary<ulong, ulong> waiters)
    {
        Span<byte> table = stackalloc byte[Roots * RootSize];
        if (!memory.Reader.TryRead(address, table)) return;
        _nodes.Clear();
        for (int i = 0; i < Roots; i++)
        {
            ulong root = BinaryPrimitives.ReadUInt64LittleEndian(table[(i * RootSize + Treap)..]);
            if (root != 0) _nodes.Enqueue((i, root));
        }

        Span<byte> sudog = stackalloc byte[at.Length];
        while (most > 0 && _nodes.TryDequeue(out (int Root, ulong Sudog) node))
        {
            most--;
            if (!pages.TryRead(node.Sudog, sudog)) continue;
            ulong semaphore = Word(sudog, at.Element);
            // What does not belong into this tree has been taken out of it meanwhile, and its links lead elsewhere.
            if (semaphore == 0 || (semaphore >> 3) % Roots != (ulong)node.Root) continue;
            if (Word(sudog, at.Previous) is not 0 and ulong lower) _nodes.Enqueue((node.Root, lower));
            if (Word(sudog, at.Next) is not 0 and ulong higher) _nodes.Enqueue((node.Root, higher));
            waiters.TryAdd(Word(sudog, at.Goroutine), semaphore);
            ulong next = Word(sudog, at.WaitLink);
            for (; next != 0 && most > 0 && pages.TryRead(next, sudog) && Word(sudog, at.Element) == semaphore; most--)
            {
                waiters.TryAdd(Word(sudog, at.Goroutine), semaphore);
                next = Word(sudog, at.WaitLink);
            }
        }
    }

    private static ulong Word(ReadOnlySpan<byte> bytes, int offset) => BinaryPrimitives.ReadUInt64LittleEndian(bytes[offset..]);
}
