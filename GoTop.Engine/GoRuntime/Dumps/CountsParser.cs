using System.Buffers.Text;
using System.Globalization;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// The text of <c>goroutine?debug=1</c> (runtime/pprof <c>printCountProfile</c>): <c>goroutine profile: total 12</c>, then for
/// each distinct stack <c>3 @ 0x48560a …</c>, its labels as <c># labels: {"key":"value"}</c>, and a <see cref="SymbolLine"/>
/// per frame.
/// </summary>
internal sealed class CountsParser(FrameTable frames, StackTable stacks, LabelTable labels, StatusTable statuses)
{
    /// <summary>No machine has the memory for more; it keeps sums from overflowing.</summary>
    private const int MostGoroutines = 1_000_000_000;

    private readonly StackUnderConstruction _stack = new();
    private long _declared;
    private int _count;
    private int _labels;

    // Index into the statuses, the same for a whole profile; −1 where it tells none.
    private int _status = -1;

    public RowList Rows { get; } = new();

    /// <summary>Goroutines of all rows, and of those beyond the cap.</summary>
    public long Counted { get; private set; }

    public long BeyondCap { get; private set; }

    /// <summary>Lines that begin as a profile's do but cannot be read.</summary>
    public long Unreadable { get; private set; }

    /// <summary>The heading was read, and no line since that belongs to something else.</summary>
    public bool IsReading { get; private set; }

    /// <summary>Why the profile ends too early; null when it holds what its heading says.</summary>
    public string? Truncation => Counted < _declared
        ? string.Create(CultureInfo.InvariantCulture, $"the text ends after {Counted} of {_declared} goroutines")
        : null;

    /// <returns>False for a line that is none of a profile's.</returns>
    public bool Take(ReadOnlySpan<byte> line, bool cut)
    {
        if (!IsReading)
        {
            if (!TryReadHeading(line, out long total, out bool leaked)) return false;
            _status = leaked ? statuses.Number("leaked"u8).Status : -1;
            _declared += total;
            return IsReading = true;
        }

        if (line.IsEmpty)
        {
            End();
        }
        else if (line[0] == (byte)'#')
        {
            if (cut || !(line.StartsWith("# labels: {"u8) ? TakeLabels(line) : TakeFrame(line))) Unreadable++;
        }
        else if (Utf8Parser.TryParse(line, out long count, out int digits) && count > 0 && line[digits..].StartsWith(" @"u8))
        {
            End();
            if (count <= MostGoroutines) _count = (int)count;
            else Unreadable++;
        }
        else
        {
            End();
            // A second profile, or whatever else is in the text.
            IsReading = false;
            return Take(line, cut);
        }

        return true;
    }

    /// <summary>Takes the last line of a text that does not end in a line end.</summary>
    public string? TakeRest(ReadOnlySpan<byte> line, long textBytes)
    {
        // A number may be cut anywhere, so only a labels' line shows that it is whole.
        bool whole = line.StartsWith("# labels: {"u8) && line.EndsWith("}"u8);
        if (whole) Take(line, cut: false);
        return Truncation is null && whole ? null : string.Create(CultureInfo.InvariantCulture, $"the text ends inside a line, at byte {textBytes}");
    }

    /// <summary>Ends the row that is being read.</summary>
    public void End()
    {
        if (_count > 0)
        {
            Counted += _count;
            if (Rows.Count < DumpLimits.Rows) Rows.Add(new DumpedGoroutine(0, _count, _status, 0, _labels, stacks.Number(_stack), -1, 0, DumpedGoroutineMarks.None));
            else BeyondCap += _count;
        }

        _count = 0;
        _labels = -1;
        _stack.Clear();
    }

    /// <summary><c>goroutine</c> or, from Go 1.26 on, <c>goroutineleak</c>, which holds none but leaked ones.</summary>
    private static bool TryReadHeading(ReadOnlySpan<byte> line, out long total, out bool leaked)
    {
        total = 0;
        leaked = line.StartsWith("goroutineleak "u8);
        ReadOnlySpan<byte> number = line.StartsWith("goroutine profile: total "u8) ? line["goroutine profile: total "u8.Length..]
            : line.StartsWith("goroutineleak profile: total "u8) ? line["goroutineleak profile: total "u8.Length..]
            : default;
        return !number.IsEmpty && Utf8Parser.TryParse(number, out total, out int digits) && digits == number.Length && total is >= 0 and <= MostGoroutines;
    }

    private bool TakeLabels(ReadOnlySpan<byte> line)
    {
        if (!line.EndsWith("}"u8) || _count == 0) return false;
        ReadOnlySpan<byte> text = line["# labels: {"u8.Length..^1];
        _labels = text.IsEmpty ? -1 : labels.Number(text);
        return true;
    }

    private bool TakeFrame(ReadOnlySpan<byte> line)
    {
        if (_count == 0 || !SymbolLine.TryRead(line, out ReadOnlySpan<byte> function, out ReadOnlySpan<byte> place)) return false;
        _stack.Add(frames.Number(function, place));
        return true;
    }
}
