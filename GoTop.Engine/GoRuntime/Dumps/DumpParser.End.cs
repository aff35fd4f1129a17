using System.Collections.Immutable;
using System.Globalization;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>How a text ends, and what it lacks.</summary>
internal sealed partial class DumpParser
{
    /// <param name="rest">The last line where the text ends inside of it; it was not given to <see cref="Take"/>.</param>
    public GoroutineDump Finish(ReadOnlySpan<byte> rest, long textBytes)
    {
        string? truncation = TakeRest(rest, textBytes);
        EndSection();
        _counts.End();
        truncation ??= _counts.Truncation;
        ImmutableArray<CrashReport> crashes = _crashes.Finish();
        ImmutableArray<DumpedGoroutine>.Builder rows = ImmutableArray.CreateBuilder<DumpedGoroutine>(_rows.Count + _counts.Rows.Count);
        _rows.CopyTo(rows);
        _counts.Rows.CopyTo(rows);
        return new GoroutineDump
        {
            Format = _rows.Count == 0 && _counts.Rows.Count > 0 ? DumpFormat.Counts : DumpFormat.Stacks,
            Rows = rows.MoveToImmutable(),
            Goroutines = _rows.Count + _rows.BeyondCap + _counts.Counted,
            Statuses = _statuses.Statuses(),
            Stacks = _stacks.Stacks(),
            Locations = _frames.Locations(),
            LabelSets = _labels.Sets(),
            Crashes = crashes,
            ThreadStacks = [.. _threadStacks],
            Truncation = truncation,
            BeyondCap = _rows.BeyondCap + _counts.BeyondCap,
            Problems = [.. Problems()],
            TextBytes = textBytes,
            GoVersion = ToolchainPath.Version(_frames.Locations()),
        };
    }

    /// <summary>Takes a last line without a line end; says what the text's end lacks.</summary>
    private string? TakeRest(ReadOnlySpan<byte> rest, long textBytes)
    {
        if (rest.IsEmpty) return _section == Section.Goroutine ? LackAtLineEnd(textBytes) : null;
        if (_counts.IsReading) return _counts.TakeRest(rest, textBytes);
        if (GoroutineHeader.TryRead(rest, cut: true, out GoroutineHeader header))
        {
            Begin(header, rest);
            return Truncated("the text ends in a goroutine's header", textBytes);
        }

        if ("goroutine "u8.StartsWith(rest) || rest.StartsWith("goroutine "u8))
        {
            EndSection();
            return Truncated("the text ends in a goroutine's header", textBytes);
        }

        if (_section != Section.Goroutine || StackHasEnded)
        {
            Take(rest, cut: false);
            return null;
        }

        // The last line may lack no more than its line end; what stands behind a place shows that its line number is whole.
        if (FrameText.PlaceLength(rest, out bool afterPlace) > 0 && afterPlace)
        {
            Take(rest, cut: false);
            if (StackHasEnded) return null;
        }

        return Truncated("the text ends in a goroutine's stack", textBytes);
    }

    /// <summary>
    /// Nothing can be missing of the goroutine's stack. What calls main.main is printed only in a system traceback, which
    /// shows the runtime's frames at the inner end, too.
    /// </summary>
    private bool StackHasEnded => _creatorRead || (_pending == Pending.Nothing && _stack.Last >= 0 && _frames.Function(_stack.Last) switch
    {
        "runtime.goexit" => true,
        // A stack may begin with frames left out.
        "main.main" => _stack.Items[0] < 0 || !_frames.Function(_stack.Items[0]).StartsWith("runtime.", StringComparison.Ordinal),
        _ => false,
    });

    private string? LackAtLineEnd(long textBytes)
    {
        if (textBytes == DumpLimits.ServerCutBytes) return Truncated("net/http/pprof cuts a dump off at 64 MB", textBytes);
        if (_pending is Pending.Call or Pending.Creator) return Truncated("the text ends between the two lines of a frame", textBytes);
        return _stack.IsEmpty && !_row.Marks.HasFlag(DumpedGoroutineMarks.StackUnavailable)
            ? Truncated("the text ends behind a goroutine's header", textBytes)
            : null;
    }

    private string Truncated(string how, long textBytes)
    {
        if (_section == Section.Goroutine) _row = _row with { Marks = _row.Marks | DumpedGoroutineMarks.Incomplete };
        return string.Create(CultureInfo.InvariantCulture, $"{how}, at byte {textBytes}: the last goroutine is incomplete, and others may be missing");
    }

    private IEnumerable<string> Problems()
    {
        foreach ((long count, string what) in new (long, string)[]
        {
            (_longLines, $"lines longer than {DumpLimits.LineBytes / 1024} KB were cut"),
            (_labels.Unreadable, "goroutines have labels that cannot be read"),
            (_labels.Beyond, "goroutines have labels beyond the number of distinct ones that is kept"),
            (_statuses.Beyond, "goroutines have a status beyond the number of distinct ones that is kept"),
            (_frames.Beyond, "frames are beyond the number of distinct ones that is kept"),
            (_stacks.Beyond, "goroutines have a stack beyond the number of distinct ones that is kept"),
            (_crashes.Beyond, "crashes are beyond the number that is kept"),
            (_counts.Unreadable, "lines of the goroutine profile cannot be read"),
        })
        {
            if (count > 0) yield return string.Create(CultureInfo.InvariantCulture, $"{count} {what}");
        }
    }
}
