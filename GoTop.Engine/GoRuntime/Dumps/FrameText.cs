using System.Buffers;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// The two lines of a frame as the runtime's <c>traceback2</c> prints them: <c>main.f(0x1, …)</c>, then
/// <c>⇥/path/file.go:12 +0x1d</c>, with <c> fp=… sp=… pc=…</c> after it in a system traceback.
/// </summary>
internal static class FrameText
{
    // Arguments are numbers in hexadecimal, in braces where they are parts of one value; "?" marks a doubtful one, "_" an
    // offset too large to print, "..." inlined or too many.
    private static readonly SearchValues<byte> Arguments = SearchValues.Create("0123456789abcdefx{}?,._ "u8);

    /// <summary>
    /// How long the function's name is; −1 when the line is no call. Arguments hold no parenthesis, names may
    /// (<c>main.(*T).f</c>), so the last one opens them.
    /// </summary>
    public static int NameLength(ReadOnlySpan<byte> line)
    {
        if (line is not [.., (byte)')'] || line[0] is (byte)'\t' or (byte)' ') return -1;
        int open = line.LastIndexOf((byte)'(');
        if (open <= 0 || line[(open + 1)..^1].ContainsAnyExcept(Arguments)) return -1;
        // Prose in parentheses is no call. Only the names of generated functions hold blanks: type:.eq.struct { A int }.
        ReadOnlySpan<byte> name = line[..open];
        return name.Contains((byte)' ') && !name.StartsWith("type:."u8) && !name.StartsWith("type.."u8) ? -1 : open;
    }

    /// <summary>
    /// How much of a place's line names the place, line number included and the tab before it; 0 when it is no place.
    /// Read from its end, since a path may hold blanks and colons.
    /// </summary>
    /// <param name="afterPlace">Something stands behind, so the line number is whole even where the text ends here.</param>
    public static int PlaceLength(ReadOnlySpan<byte> line, out bool afterPlace)
    {
        afterPlace = false;
        if (line is not [(byte)'\t', ..]) return 0;
        ReadOnlySpan<byte> rest = line;
        while (DropNumber(ref rest)) afterPlace = true;
        int digits = rest.Length - 1 - rest.LastIndexOfAnyExceptInRange((byte)'0', (byte)'9');
        return digits is > 0 and < 10 && rest.Length > digits + 2 && rest[^(digits + 1)] == (byte)':' ? rest.Length : 0;
    }

    /// <summary>File and line of a place.</summary>
    public static (string File, int Line) Place(ReadOnlySpan<byte> place)
    {
        int colon = place.LastIndexOf((byte)':');
        return (System.Text.Encoding.UTF8.GetString(place[1..colon]), int.Parse(place[(colon + 1)..], provider: null));
    }

    /// <summary>Drops <c> +0x1d</c>, <c> fp=0x…</c>, <c> sp=0x…</c> or <c> pc=0x…</c> from the end.</summary>
    private static bool DropNumber(ref ReadOnlySpan<byte> text)
    {
        int blank = text.LastIndexOf((byte)' ');
        if (blank <= 0) return false;
        ReadOnlySpan<byte> last = text[(blank + 1)..];
        ReadOnlySpan<byte> number = last.StartsWith("+"u8) ? last[1..] : last.StartsWith("fp="u8) || last.StartsWith("sp="u8) || last.StartsWith("pc="u8) ? last[3..] : default;
        if (!number.StartsWith("0x"u8) || number[2..].ContainsAnyExcept(Hexadecimal)) return false;
        text = text[..blank];
        return true;
    }

    private static readonly SearchValues<byte> Hexadecimal = SearchValues.Create("0123456789abcdef"u8);
}
