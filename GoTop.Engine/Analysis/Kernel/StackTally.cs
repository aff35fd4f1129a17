using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>Counts like stacks of samples; bounded in number and in length.</summary>
internal sealed class StackTally
{
    private const int MaxStacks = 8192;
    private const int MaxDepth = 256;

    private readonly Dictionary<ulong[], Counted> _stacks = new(AddressComparer.Instance);
    private readonly Dictionary<ulong[], Counted>.AlternateLookup<ReadOnlySpan<ulong>> _bySpan;

    public StackTally() => _bySpan = _stacks.GetAlternateLookup<ReadOnlySpan<ulong>>();

    public long Count { get; private set; }

    /// <summary>Samples whose stacks were beyond those that are kept.</summary>
    public long Unlisted { get; private set; }

    public IEnumerable<(ulong[] Addresses, int KernelDepth, long Samples)> Stacks =>
        _stacks.Select(stack => (stack.Key, stack.Value.KernelDepth, stack.Value.Samples));

    public void Add(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user)
    {
        Count++;
        kernel = kernel[..Math.Min(kernel.Length, MaxDepth)];
        user = user[..Math.Min(user.Length, MaxDepth)];
        Span<ulong> whole = stackalloc ulong[kernel.Length + user.Length];
        kernel.CopyTo(whole);
        user.CopyTo(whole[kernel.Length..]);
        if (_bySpan.TryGetValue(whole, out Counted? known)) known.Samples++;
        else if (_stacks.Count >= MaxStacks) Unlisted++;
        else _stacks.Add(whole.ToArray(), new Counted { KernelDepth = kernel.Length, Samples = 1 });
    }

    public void Clear()
    {
        _stacks.Clear();
        (Count, Unlisted) = (0, 0);
    }

    private sealed class Counted
    {
        // Addresses of the kernel lie in the upper half: like addresses have like depths.
        public int KernelDepth;
        public long Samples;
    }

    private sealed class AddressComparer : IEqualityComparer<ulong[]>, IAlternateEqualityComparer<ReadOnlySpan<ulong>, ulong[]>
    {
        public static AddressComparer Instance { get; } = new();

        public bool Equals(ulong[]? x, ulong[]? y) => x.AsSpan().SequenceEqual(y);

        public int GetHashCode(ulong[] addresses) => GetHashCode(addresses.AsSpan());

        public bool Equals(ReadOnlySpan<ulong> alternate, ulong[] other) => alternate.SequenceEqual(other);

        public int GetHashCode(ReadOnlySpan<ulong> alternate)
        {
            HashCode hash = default;
            hash.AddBytes(MemoryMarshal.AsBytes(alternate));
            return hash.ToHashCode();
        }

        public ulong[] Create(ReadOnlySpan<ulong> alternate) => alternate.ToArray();
    }
}
