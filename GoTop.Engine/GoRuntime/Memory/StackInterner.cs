using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Distinct stacks. Keeps them across reads by their program counters, so that a stack met before costs one hash, and
/// numbers those of the present read from 0.
/// </summary>
internal sealed class StackInterner(CodeIndex code)
{
    private const int MaximumKnown = 1 << 17;

    private readonly Dictionary<ulong, KnownStack> _byHash = [];
    private readonly Dictionary<ImmutableArray<int>, int> _byFrames = new(FrameComparer.Instance);
    private readonly List<ImmutableArray<int>> _known = [];
    private readonly List<int> _knownOfThisRead = [];
    private readonly List<int> _frames = [];
    private int[] _numberOfKnown = [];

    public void BeginRead(bool forgetAll)
    {
        foreach (int known in _knownOfThisRead) _numberOfKnown[known] = 0;
        _knownOfThisRead.Clear();
        if (!forgetAll && _known.Count < MaximumKnown) return;
        _byHash.Clear();
        _byFrames.Clear();
        _known.Clear();
    }

    /// <summary>The frames of a stack of this read, as numbers of locations.</summary>
    public ImmutableArray<int> Frames(int number) => _known[_knownOfThisRead[number]];

    /// <summary>The stacks of this read, by their numbers.</summary>
    public ImmutableArray<ImmutableArray<int>> Stacks()
    {
        ImmutableArray<ImmutableArray<int>>.Builder stacks = ImmutableArray.CreateBuilder<ImmutableArray<int>>(_knownOfThisRead.Count);
        foreach (int known in _knownOfThisRead) stacks.Add(_known[known]);
        return stacks.MoveToImmutable();
    }

    /// <param name="pcs">Innermost first, return addresses less one.</param>
    public int Number(ReadOnlySpan<ulong> pcs)
    {
        ulong hash = Hash(pcs);
        if (!_byHash.TryGetValue(hash, out KnownStack stack))
        {
            stack = new KnownStack(pcs.ToArray(), Known(pcs));
            _byHash[hash] = stack;
        }

        // Two stacks of one hash: the later one is looked up afresh each time.
        int known = stack.Pcs.AsSpan().SequenceEqual(pcs) ? stack.Known : Known(pcs);
        if (known >= _numberOfKnown.Length) Array.Resize(ref _numberOfKnown, Math.Max(256, (known + 1) * 2));
        ref int number = ref _numberOfKnown[known];
        if (number == 0)
        {
            _knownOfThisRead.Add(known);
            number = _knownOfThisRead.Count;
        }

        return number - 1;
    }

    private int Known(ReadOnlySpan<ulong> pcs)
    {
        _frames.Clear();
        bool calleePanics = false;
        foreach (ulong pc in pcs)
        {
            foreach (IndexedFrame frame in code.Frames(pc))
            {
                if (!frame.IsWrapper || calleePanics) _frames.Add(frame.Location);
                calleePanics = frame.Panics;
            }
        }

        ImmutableArray<int> frames = [.. _frames];
        ref int known = ref CollectionsMarshal.GetValueRefOrAddDefault(_byFrames, frames, out bool exists);
        if (!exists)
        {
            known = _known.Count;
            _known.Add(frames);
        }

        return known;
    }

    private static ulong Hash(ReadOnlySpan<ulong> pcs)
    {
        ulong hash = (ulong)pcs.Length;
        foreach (ulong pc in pcs)
        {
            hash = (hash ^ pc) * 0x9e3779b97f4a7c15;
            hash ^= hash >> 32;
        }

        return hash;
    }

    private readonly record struct KnownStack(ulong[] Pcs, int Known);

    private sealed class FrameComparer : IEqualityComparer<ImmutableArray<int>>
    {
        public static readonly FrameComparer Instance = new();

        public bool Equals(ImmutableArray<int> x, ImmutableArray<int> y) => x.AsSpan().SequenceEqual(y.AsSpan());

        public int GetHashCode(ImmutableArray<int> frames)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(frames.AsSpan()));
            return hash.ToHashCode();
        }
    }
}
