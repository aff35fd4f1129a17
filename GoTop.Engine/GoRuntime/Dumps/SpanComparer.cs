using System.Runtime.InteropServices;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Compares arrays by content and looks them up by spans, so that what is known already is found without an allocation.
/// The hash is seeded anew in each process: text made to collide does not.
/// </summary>
internal sealed class SpanComparer<T> : IEqualityComparer<T[]>, IAlternateEqualityComparer<ReadOnlySpan<T>, T[]>
    where T : unmanaged, IEquatable<T>
{
    public static readonly SpanComparer<T> Instance = new();

    public bool Equals(T[]? x, T[]? y) => x.AsSpan().SequenceEqual(y);

    public int GetHashCode(T[] items) => GetHashCode(items.AsSpan());

    public bool Equals(ReadOnlySpan<T> alternate, T[] other) => alternate.SequenceEqual(other);

    public int GetHashCode(ReadOnlySpan<T> alternate)
    {
        HashCode hash = default;
        hash.AddBytes(MemoryMarshal.AsBytes(alternate));
        return hash.ToHashCode();
    }

    public T[] Create(ReadOnlySpan<T> alternate) => alternate.ToArray();
}
