namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// A frame in the texts of <c>?debug=1</c> (runtime/pprof <c>printStackRecord</c>):
/// <c>#⇥0x4f58b3⇥main.f+0x33⇥/path/file.go:42</c>. A tab writer aligns the columns, so there may be several tabs between two.
/// </summary>
internal static class SymbolLine
{
    /// <param name="function">The address where the tables do not know it.</param>
    /// <param name="place">With the tab before it, as <see cref="FrameText.Place"/> takes it; empty when not known.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> function, out ReadOnlySpan<byte> place)
    {
        function = place = default;
        if (!line.StartsWith("#\t0x"u8)) return false;
        ReadOnlySpan<byte> rest = line[2..];
        int tab = rest.IndexOf((byte)'\t');
        if (tab < 0)
        {
            function = rest;
            return true;
        }

        rest = rest[tab..].TrimStart((byte)'\t');
        tab = rest.LastIndexOf((byte)'\t');
        if (tab < 0) return false;
        place = rest[tab..];
        function = rest[..tab].TrimEnd((byte)'\t');
        int offset = function.LastIndexOf("+0x"u8);
        if (offset > 0) function = function[..offset];
        return !function.IsEmpty && FrameText.PlaceLength(place, out _) == place.Length;
    }
}
