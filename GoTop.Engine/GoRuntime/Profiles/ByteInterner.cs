using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Numbers distinct byte sequences from 0 and keeps each once. Stacks and sets of labels are told apart by their encoding, so that
/// one met before costs a hash and a comparison, and is not decoded again.
/// </summary>
internal sealed class ByteInterner
{
    private const int ChunkBytes = 1 << 20;
    private const ulong First = 0x9e3779b97f4a7c15;
    private const ulong Second = 0xbf58476d1ce4e5b9;

    // Without it a file could be made whose sequences all fall together.
    private readonly ulong _seed = (ulong)Random.Shared.NextInt64(long.MinValue, long.MaxValue);
    private readonly List<byte[]> _chunks = [];
    private readonly Column<Entry> _entries = new();
    // Number + 1 of the sequence, 0 for none; open addressing, at most half full.
    private int[] _slots = new int[1024];
    private int _freeInChunk;

    public int Count => _entries.Count;

    /// <summary>Of all distinct sequences.</summary>
    public long TotalBytes { get; private set; }

    public ReadOnlySpan<byte> this[int number]
    {
        get
        {
            ref readonly Entry entry = ref _entries.Items[number];
            return _chunks[entry.Chunk].AsSpan(entry.Start, entry.Length);
        }
    }

    /// <summary>Where the sequence was met first.</summary>
    public long OffsetOf(int number) => _entries.Items[number].Offset;

    public int Intern(ReadOnlySpan<byte> bytes, long offset)
    {
        uint hash = Hash(bytes);
        Span<Entry> entries = _entries.Items;
        int mask = _slots.Length - 1;
        int slot = (int)hash & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            ref readonly Entry entry = ref entries[_slots[slot] - 1];
            if (entry.Hash == hash && entry.Length == bytes.Length && bytes.SequenceEqual(_chunks[entry.Chunk].AsSpan(entry.Start, entry.Length))) return _slots[slot] - 1;
        }

        int number = Keep(bytes, hash, offset);
        _slots[slot] = number + 1;
        if (_entries.Count * 2 > _slots.Length) Rehash();
        return number;
    }

    private int Keep(ReadOnlySpan<byte> bytes, uint hash, long offset)
    {
        if (_chunks.Count == 0 || bytes.Length > _freeInChunk)
        {
            _chunks.Add(new byte[Math.Max(ChunkBytes, bytes.Length)]);
            _freeInChunk = _chunks[^1].Length;
        }

        int start = _chunks[^1].Length - _freeInChunk;
        bytes.CopyTo(_chunks[^1].AsSpan(start));
        _freeInChunk -= bytes.Length;
        TotalBytes += bytes.Length;
        _entries.Add(new Entry(hash, _chunks.Count - 1, start, bytes.Length, offset));
        return _entries.Count - 1;
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        Span<Entry> entries = _entries.Items;
        for (int i = 0; i < entries.Length; i++)
        {
            int slot = (int)entries[i].Hash & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = i + 1;
        }
    }

    private uint Hash(ReadOnlySpan<byte> bytes)
    {
        ulong hash = _seed ^ (ulong)bytes.Length;
        while (bytes.Length >= 16)
        {
            hash = Fold(MemoryMarshal.Read<ulong>(bytes) ^ _seed, MemoryMarshal.Read<ulong>(bytes[8..]) ^ hash ^ First);
            bytes = bytes[16..];
        }

        if (bytes.Length >= 8)
        {
            hash = Fold(MemoryMarshal.Read<ulong>(bytes) ^ _seed, hash ^ First);
            bytes = bytes[8..];
        }

        ulong rest = 0;
        foreach (byte one in bytes) rest = rest << 8 | one;
        hash = Fold(rest ^ _seed ^ Second, hash ^ First);
        return (uint)(hash ^ hash >> 32);
    }

    private static ulong Fold(ulong a, ulong b)
    {
        ulong high = Math.BigMul(a, b, out ulong low);
        return high ^ low;
    }

    private readonly record struct Entry(uint Hash, int Chunk, int Start, int Length, long Offset);
}
