using System.Buffers.Binary;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory.Labels;

/// <summary>Reads one set of labels, in the form that the target's version keeps it in.</summary>
internal sealed class LabelSetReader(LabelForm form, PagedMemory pages, LabelStrings strings)
{
    /// <summary>A set with more labels than this is none that anybody would look at.</summary>
    public const int MaximumLabels = 64;

    private const int StringSize = 16;
    private const int EntrySize = 2 * StringSize;

    /// <summary>runtime.hmap: count, flags, B, noverflow, hash0, buckets, oldbuckets.</summary>
    private const int MapSize = 32;
    private const int MapLogBuckets = 9;
    private const int MapFlags = 8;
    private const int MapBuckets = 16;
    private const int MapOldBuckets = 24;
    private const int SameSizeGrow = 8;
    private const int MaximumLogBuckets = 5;

    /// <summary>runtime.bmap: the top byte of eight hashes, eight keys, eight values, the next bucket.</summary>
    private const int BucketEntries = 8;
    private const int BucketKeys = 8;
    private const int BucketValues = BucketKeys + BucketEntries * StringSize;
    private const int BucketOverflow = BucketValues + BucketEntries * StringSize;
    private const int BucketSize = BucketOverflow + 8;
    private const int MaximumBuckets = 128;

    /// <summary>Lower ones are marks: empty, or moved to the new buckets.</summary>
    private const byte LeastTopHash = 5;

    private int _bucketsLeft;

    public LabelStrings Strings => strings;

    /// <summary>Adds its labels to the list; false when there is no set of labels at that address.</summary>
    public bool TryRead(ulong address, List<GoroutineLabel> labels) => form == LabelForm.Slice ? TryReadSlice(address, labels) : TryReadMap(address, labels);

    private bool TryReadSlice(ulong address, List<GoroutineLabel> labels)
    {
        Span<byte> slice = stackalloc byte[24];
        if (!pages.TryRead(address, slice)) return false;
        ulong list = BinaryPrimitives.ReadUInt64LittleEndian(slice), length = BinaryPrimitives.ReadUInt64LittleEndian(slice[8..]);
        if (length > MaximumLabels || length > BinaryPrimitives.ReadUInt64LittleEndian(slice[16..])) return false;
        Span<byte> entry = stackalloc byte[EntrySize];
        for (ulong i = 0; i < length; i++)
        {
            if (!pages.TryRead(list + i * EntrySize, entry) || !TryAdd(entry[..StringSize], entry[StringSize..], labels)) return false;
        }

        return true;
    }

    private bool TryReadMap(ulong address, List<GoroutineLabel> labels)
    {
        Span<byte> map = stackalloc byte[MapSize];
        if (!pages.TryReadWord(address, out ulong header)) return false;
        if (header == 0) return true;
        if (!pages.TryRead(header, map)) return false;
        ulong count = BinaryPrimitives.ReadUInt64LittleEndian(map);
        int logBuckets = map[MapLogBuckets];
        ulong buckets = BinaryPrimitives.ReadUInt64LittleEndian(map[MapBuckets..]), old = BinaryPrimitives.ReadUInt64LittleEndian(map[MapOldBuckets..]);
        if (count > MaximumLabels || logBuckets > MaximumLogBuckets) return false;
        if (count == 0) return true;
        _bucketsLeft = MaximumBuckets;
        int before = labels.Count;
        if (!TryReadBuckets(buckets, 1 << logBuckets, labels)) return false;
        int oldBuckets = (map[MapFlags] & SameSizeGrow) != 0 || logBuckets == 0 ? 1 << logBuckets : 1 << (logBuckets - 1);
        // A map that was growing when the last label was put in stays so: what has not moved yet is in the old buckets.
        if (old != 0 && !TryReadBuckets(old, oldBuckets, labels)) return false;
        return labels.Count - before == (int)count;
    }

    private bool TryReadBuckets(ulong address, int count, List<GoroutineLabel> labels)
    {
        Span<byte> bucket = stackalloc byte[BucketSize];
        for (int i = 0; i < count; i++)
        {
            for (ulong at = address + (ulong)(i * BucketSize); at != 0; at = BinaryPrimitives.ReadUInt64LittleEndian(bucket[BucketOverflow..]))
            {
                if (--_bucketsLeft < 0 || !pages.TryRead(at, bucket)) return false;
                for (int slot = 0; slot < BucketEntries; slot++)
                {
                    if (bucket[slot] < LeastTopHash) continue;
                    if (!TryAdd(bucket.Slice(BucketKeys + slot * StringSize, StringSize), bucket.Slice(BucketValues + slot * StringSize, StringSize), labels)) return false;
                }
            }
        }

        return true;
    }

    private bool TryAdd(ReadOnlySpan<byte> key, ReadOnlySpan<byte> value, List<GoroutineLabel> labels)
    {
        if (labels.Count >= MaximumLabels || strings.Read(key) is not { } name || strings.Read(value) is not { } text) return false;
        labels.Add(new GoroutineLabel(name, text));
        return true;
    }
}
