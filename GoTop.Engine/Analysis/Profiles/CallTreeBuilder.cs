namespace GoTop.Engine.Analysis.Profiles;

/// <summary>Merges stacks into a <see cref="CallTree"/>. Children are found by a hash table of its own: a tree may have millions.</summary>
public sealed class CallTreeBuilder
{
    /// <summary>Enough for every profile that is looked at; a hostile one costs no more.</summary>
    public const int MaximumNodes = 20_000_000;

    private readonly IFrameNames _names;
    private readonly int _maximumNodes;
    private int[] _frames = new int[1024];
    private int[] _parents = new int[1024];
    private long[] _flat = new long[1024];
    private long[]? _flatBefore;
    // Node number, 0 for none (the root is nobody's child); open addressing, at most half full.
    private int[] _slots = new int[4096];
    private int _count = 1;
    private bool _isCut;

    /// <param name="frames">May still grow.</param>
    public CallTreeBuilder(IFrameNames frames, int maximumNodes = MaximumNodes)
    {
        _names = frames;
        _maximumNodes = maximumNodes;
        _frames[0] = -1;
    }

    /// <param name="stack">Frames, innermost first.</param>
    public void Add(ReadOnlySpan<int> stack, long value)
    {
        // Before the array is looked at: it may grow.
        int node = NodeOf(stack);
        _flat[node] += value;
    }

    /// <summary>Adds a value of before to a tree that compares.</summary>
    /// <param name="stack">Frames, innermost first.</param>
    public void AddBefore(ReadOnlySpan<int> stack, long value)
    {
        int node = NodeOf(stack);
        _flatBefore ??= new long[_frames.Length];
        _flatBefore[node] += value;
    }

    public CallTree Build() => new(_names, _frames[.._count], _parents[.._count], _flat[.._count], _flatBefore?[.._count], _isCut);

    /// <summary>The node of the innermost frame, or of the last that there was room for.</summary>
    private int NodeOf(ReadOnlySpan<int> stack)
    {
        int node = 0;
        for (int i = stack.Length - 1; i >= 0; i--)
        {
            int child = Child(node, stack[i]);
            if (child == 0) return node;
            node = child;
        }

        return node;
    }

    private int Child(int parent, int frame)
    {
        int mask = _slots.Length - 1;
        int slot = Hash(parent, frame) & mask;
        for (; _slots[slot] != 0; slot = (slot + 1) & mask)
        {
            int known = _slots[slot];
            if (_frames[known] == frame && _parents[known] == parent) return known;
        }

        if (_count >= _maximumNodes)
        {
            _isCut = true;
            return 0;
        }

        if (_count == _frames.Length) Grow();
        _frames[_count] = frame;
        _parents[_count] = parent;
        _slots[slot] = _count++;
        if (_count * 2 > _slots.Length) Rehash();
        return _count - 1;
    }

    private void Grow()
    {
        Array.Resize(ref _frames, _count * 2);
        Array.Resize(ref _parents, _count * 2);
        Array.Resize(ref _flat, _count * 2);
        if (_flatBefore is not null) Array.Resize(ref _flatBefore, _count * 2);
    }

    private void Rehash()
    {
        _slots = new int[_slots.Length * 2];
        int mask = _slots.Length - 1;
        for (int i = 1; i < _count; i++)
        {
            int slot = Hash(_parents[i], _frames[i]) & mask;
            while (_slots[slot] != 0) slot = (slot + 1) & mask;
            _slots[slot] = i;
        }
    }

    private static int Hash(int parent, int frame)
    {
        ulong mixed = ((ulong)(uint)parent << 32 | (uint)frame) * 0x9e3779b97f4a7c15;
        return (int)(mixed >> 32);
    }
}
