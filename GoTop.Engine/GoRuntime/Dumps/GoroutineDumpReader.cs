using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Reads what Go prints of its goroutines: <c>/debug/pprof/goroutine?debug=2</c> and <c>?debug=1</c>, and the standard error
/// of a program that crashed, whatever else stands there, also from a log that puts something before each line. Of Go 1.19 to 1.27; the forms are those of
/// <c>runtime/traceback.go</c> (<c>goroutineheader</c>, <c>traceback2</c>, <c>printcreatedby</c>), <c>runtime/panic.go</c>,
/// <c>runtime/signal_unix.go</c> and <c>runtime/pprof</c> (<c>printCountProfile</c>).
/// </summary>
/// <remarks>Reads forward once, through one buffer. What is kept is bounded by <see cref="DumpLimits"/>.</remarks>
public static class GoroutineDumpReader
{
    /// <summary>
    /// Failed for a text that has neither a goroutine nor a crash. What a damaged text lacks is told by
    /// <see cref="GoroutineDump.Truncation"/> and <see cref="GoroutineDump.Problems"/>.
    /// </summary>
    /// <exception cref="IOException">Of the stream.</exception>
    public static Reading<GoroutineDump> Read(Stream text, CancellationToken cancellation = default)
    {
        LineBuffer buffer = new(text, cancellation);
        DumpParser parser = new();
        LogLines lines = new(parser);
        while (true)
        {
            if (!lines.Holds) buffer.Advance(parser.TakeFrames(buffer.Text));
            if (!buffer.TryRead(out ReadOnlySpan<byte> line, out bool cut)) break;
            if (buffer.EndsInsideLine) return Finish(lines, line, buffer.Offset);
            lines.Take(line, cut);
        }

        return Finish(lines, default, buffer.Offset);
    }

    /// <inheritdoc cref="Read(Stream, CancellationToken)"/>
    public static Reading<GoroutineDump> Read(byte[] text)
    {
        using MemoryStream stream = new(text, writable: false);
        return Read(stream);
    }

    private static Reading<GoroutineDump> Finish(LogLines lines, ReadOnlySpan<byte> rest, long textBytes)
    {
        GoroutineDump dump = lines.Finish(rest, textBytes);
        return dump.Rows.IsEmpty && dump.Crashes.IsEmpty && dump.ThreadStacks.IsEmpty
            ? Reading.Failed<GoroutineDump>(textBytes == 0
                ? "the text is empty"
                : $"no goroutine in {textBytes} bytes: neither a line \"goroutine N [state]:\" nor \"goroutine profile: total N\", and no crash")
            : Reading.Of(dump);
    }
}
