using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Small reads all over the heap, page by page: Go keeps objects of one size side by side, so that a page fetched for one
/// of them serves many. What is read may be as old as the last <see cref="Begin"/>; the caller checks afterwards.
/// </summary>
internal sealed class PagedMemory(IMemoryReader reader)
{
    /// <summary>A span of small objects is as large.</summary>
    private const int PageSize = 8192;

    private const int MaximumPages = 2048;
    private const int PagesPerBlock = 64;

    private readonly Dictionary<ulong, int> _slots = [];
    private readonly List<byte[]> _blocks = [];
    private int _used;

    /// <summary>Forgets all that was read.</summary>
    public void Begin()
    {
        _slots.Clear();
        _used = 0;
    }

    /// <summary>Gives back the memory as well.</summary>
    public void Release()
    {
        Begin();
        _blocks.Clear();
    }

    public bool TryReadWord(ulong address, out ulong value)
    {
        Span<byte> bytes = stackalloc byte[8];
        bool read = TryRead(address, bytes);
        value = read ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : 0;
        return read;
    }

    /// <summary>Fills all of it, or returns false.</summary>
    public bool TryRead(ulong address, Span<byte> destination)
    {
        while (!destination.IsEmpty)
        {
            ulong page = address & ~(ulong)(PageSize - 1);
            int within = (int)(address - page);
            int count = Math.Min(PageSize - within, destination.Length);
            // What is at the edge of mapped memory has no whole page.
            if (Page(page) is { IsEmpty: false } bytes) bytes.Slice(within, count).CopyTo(destination);
            else if (!reader.TryRead(address, destination[..count])) return false;
            destination = destination[count..];
            address += (ulong)count;
        }

        return true;
    }

    private ReadOnlySpan<byte> Page(ulong page)
    {
        ref int slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, page, out bool known);
        if (!known)
        {
            if (_used == MaximumPages)
            {
                Begin();
                slot = ref CollectionsMarshal.GetValueRefOrAddDefault(_slots, page, out _);
            }

            slot = reader.TryRead(page, Slot(_used)) ? _used++ : -1;
        }

        return slot < 0 ? default : Slot(slot);
    }

    private Span<byte> Slot(int slot)
    {
        if (slot / PagesPerBlock == _blocks.Count) _blocks.Add(new byte[PagesPerBlock * PageSize]);
        return _blocks[slot / PagesPerBlock].AsSpan(slot % PagesPerBlock * PageSize, PageSize);
    }
}
