using System.Buffers.Text;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// The line before a goroutine's frames, as the runtime's <c>goroutineheader</c> prints it:
/// <c>goroutine 7 [chan receive, 12 minutes, locked to thread]:</c>; in a system traceback <c> gp=0x… m=2 mp=0x…</c> stands
/// before the bracket (1.22+), and labels <c> {key: value, …}</c> after it (1.27+).
/// </summary>
internal readonly ref struct GoroutineHeader
{
    private GoroutineHeader(long id, ReadOnlySpan<byte> status, ReadOnlySpan<byte> labels, bool isWhole)
    {
        Id = id;
        Status = status;
        Labels = labels;
        IsWhole = isWhole;
    }

    public long Id { get; }

    /// <summary>What stands between the brackets.</summary>
    public ReadOnlySpan<byte> Status { get; }

    /// <summary>What stands between the braces; empty without labels.</summary>
    public ReadOnlySpan<byte> Labels { get; }

    /// <summary>False when the line ends too early.</summary>
    public bool IsWhole { get; }

    /// <param name="cut">The line's end is missing: it was too long, or the text ends in it.</param>
    public static bool TryRead(ReadOnlySpan<byte> line, bool cut, out GoroutineHeader header)
    {
        header = default;
        if (!line.StartsWith("goroutine "u8)) return false;
        ReadOnlySpan<byte> rest = line["goroutine "u8.Length..];
        if (!Utf8Parser.TryParse(rest, out long id, out int digits) || id < 0) return false;
        rest = rest[digits..];
        // Without what stands behind it, the number might be the beginning of a longer one.
        if (rest.IsEmpty || rest[0] != (byte)' ') return false;
        int open = 1;
        if (rest.Length > 1 && rest[1] != (byte)'[')
        {
            if (!rest.StartsWith(" gp="u8) && !(cut && " gp="u8.StartsWith(rest))) return false;
            open = rest.IndexOf(" ["u8) + 1;
        }

        int length = open < 1 || open >= rest.Length ? -1 : rest[open..].IndexOf((byte)']');
        if (length < 0)
        {
            header = new GoroutineHeader(id, default, default, isWhole: false);
            return cut;
        }

        ReadOnlySpan<byte> status = rest.Slice(open + 1, length - 1), after = rest[(open + length + 1)..];
        if (after is [(byte)':'])
        {
            header = new GoroutineHeader(id, status, default, isWhole: true);
            return true;
        }

        if (after.StartsWith(" {"u8) && after.EndsWith("}:"u8))
        {
            header = new GoroutineHeader(id, status, after[2..^2], isWhole: true);
            return true;
        }

        header = new GoroutineHeader(id, status, default, isWhole: false);
        return cut && (after.IsEmpty || after.StartsWith(" {"u8) || " {"u8.StartsWith(after));
    }
}
