using System.Collections.Immutable;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>A goroutine's frames while they are read.</summary>
internal sealed class StackUnderConstruction
{
    // Frames, and among them a mark where some were left out: −1 − their number, or the smallest when it is not told.
    private const int UnknownNumberElided = int.MinValue;

    private readonly int[] _items = new int[DumpLimits.FramesOfStack + 1];
    private int _count;

    public bool HasRoom => _count < DumpLimits.FramesOfStack;

    public bool IsEmpty => _count == 0;

    /// <summary>The frame read last; −1 for none.</summary>
    public int Last { get; private set; } = -1;

    public ReadOnlySpan<int> Items => _items.AsSpan(0, _count);

    public void Clear()
    {
        _count = 0;
        Last = -1;
    }

    public void Add(int frame)
    {
        if (HasRoom) _items[_count++] = frame;
        else Elide(null);
        Last = frame;
    }

    /// <param name="frames">Null when not told.</param>
    public void Elide(int? frames)
    {
        if (_count > 0 && _items[_count - 1] < 0) return;
        if (_count < _items.Length) _items[_count++] = frames is { } told ? -1 - told : UnknownNumberElided;
        Last = -1;
    }

    public static DumpedFrames Decode(ReadOnlySpan<int> items)
    {
        ImmutableArray<int>.Builder frames = ImmutableArray.CreateBuilder<int>(items.Length);
        int elidedAfter = -1;
        int? elided = null;
        foreach (int item in items)
        {
            if (item >= 0)
            {
                frames.Add(item);
            }
            else if (elidedAfter < 0)
            {
                elidedAfter = frames.Count;
                elided = item == UnknownNumberElided ? null : -1 - item;
            }
        }

        return new DumpedFrames(frames.DrainToImmutable(), elidedAfter, elided);
    }
}

/// <summary>Distinct stacks, numbered in the order in which they were met.</summary>
internal sealed class StackTable
{
    private readonly Dictionary<int[], int> _byItems = new(SpanComparer<int>.Instance);
    private readonly List<int[]> _stacks = [];
    private long _frames;

    /// <summary>Goroutines whose stack was not taken in for lack of room.</summary>
    public long Beyond { get; private set; }

    /// <summary>−1 for an empty one, and for one that there is no room for.</summary>
    public int Number(StackUnderConstruction stack)
    {
        if (stack.IsEmpty) return -1;
        ReadOnlySpan<int> items = stack.Items;
        Dictionary<int[], int>.AlternateLookup<ReadOnlySpan<int>> lookup = _byItems.GetAlternateLookup<ReadOnlySpan<int>>();
        if (lookup.TryGetValue(items, out int known)) return known;
        if (_stacks.Count >= DumpLimits.DistinctStacks || _frames + items.Length > DumpLimits.DistinctStackFrames)
        {
            Beyond++;
            return -1;
        }

        _frames += items.Length;
        int[] kept = items.ToArray();
        _byItems.Add(kept, _stacks.Count);
        _stacks.Add(kept);
        return _stacks.Count - 1;
    }

    public ImmutableArray<DumpedFrames> Stacks() => [.. _stacks.Select(items => StackUnderConstruction.Decode(items))];
}
