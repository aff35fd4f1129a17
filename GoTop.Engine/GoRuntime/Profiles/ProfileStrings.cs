using System.Text;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// The texts of a profile, kept as the UTF-8 they came in: most are never looked at. They are untrusted: clean them before they are
/// shown.
/// </summary>
public sealed class ProfileStrings
{
    private readonly byte[] _bytes;
    // The end of each, with that of none before it.
    private readonly int[] _ends;
    private readonly string?[] _decoded;

    internal ProfileStrings(byte[] bytes, int[] ends)
    {
        _bytes = bytes;
        _ends = ends;
        _decoded = new string?[ends.Length];
    }

    /// <summary>At least one: the first is empty.</summary>
    public int Count => _ends.Length;

    /// <summary>Bytes that are no UTF-8 come out as U+FFFD.</summary>
    // Two threads may decode the same text at once; either result is right.
    public string this[int index] => _decoded[index] ??= Encoding.UTF8.GetString(Utf8(index));

    public ReadOnlySpan<byte> Utf8(int index)
    {
        int start = index == 0 ? 0 : _ends[index - 1];
        return _bytes.AsSpan(start, _ends[index] - start);
    }
}
