using System.Buffers;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>
/// Finds, in one log's lines, what Go prints when a program panics, gives up or is ended by a signal, and what servers print
/// of panics that they recover from (net/http); gathers its lines and hands them on when they are over.
/// </summary>
/// <remarks>Where they end nobody says: by lines that are none of a dump, by another crash, or by silence.</remarks>
public sealed class CrashLines(CrashTable crashes, string origin)
{
    public const int MostBytes = 256 << 10;

    private const int MostOtherLines = 3;
    private const int MostLinesBeforeStack = 40;
    private const int MostPrevious = 2048;

    private static readonly TimeSpan Silence = TimeSpan.FromSeconds(1);

    private readonly ArrayBufferWriter<byte> _text = new();
    private readonly byte[] _previous = new byte[MostPrevious];
    private int _previousLength;
    private LogCrashKind _kind;
    private DateTimeOffset _begunAt;
    private DateTimeOffset _lastAt;
    private bool _open;
    private bool _isPast;
    private bool _hasStack;
    private int _lines;
    private int _others;

    /// <param name="isPast">It stood in the log before following began.</param>
    /// <returns>The line is part of a crash.</returns>
    public bool Take(ReadOnlySpan<byte> line, DateTimeOffset now, bool isPast)
    {
        LogCrashKind? start = StartOf(line);
        if (_open)
        {
            // A panic while panicking belongs to the first; after its stack it is another one.
            if (start is not null && (_hasStack || start == LogCrashKind.Recovered)) End();
            else if (start is not null || IsOfDump(line)) return Keep(line, now, other: false);
            else if (_others < MostOtherLines && (_hasStack || _lines < MostLinesBeforeStack)) return Keep(line, now, other: true);
            else End();
        }

        if (start is null && IsRunningHeader(line) && _previous.AsSpan(0, _previousLength).IndexOf("panic"u8) >= 0)
        {
            // A stack that somebody logged behind a line of his own: "recovered from panic: …".
            Begin(LogCrashKind.Recovered, now, isPast);
            Keep(_previous.AsSpan(0, _previousLength), now, other: false);
            return Keep(line, now, other: false);
        }

        if (start is { } kind)
        {
            Begin(kind, now, isPast);
            return Keep(line, now, other: false);
        }

        _previousLength = Math.Min(line.Length, MostPrevious);
        line[.._previousLength].CopyTo(_previous);
        return false;
    }

    /// <summary>Ends a crash after which nothing has come for a while.</summary>
    public void Pause(DateTimeOffset now)
    {
        if (_open && (now - _lastAt >= Silence || _isPast)) End();
    }

    private static LogCrashKind? StartOf(ReadOnlySpan<byte> line)
    {
        if (line.Length < 6) return null;
        switch (line[0])
        {
            case (byte)'p' when line.StartsWith("panic: "u8):
                return LogCrashKind.Panic;
            case (byte)'f' when line.StartsWith("fatal error: "u8):
                return LogCrashKind.FatalError;
            case (byte)'S' when line.StartsWith("SIG"u8) && line.IndexOf(": "u8) is > 3 and < 10:
                return LogCrashKind.Signal;
            default:
                return line.IndexOf("http: panic serving "u8) >= 0 ? LogCrashKind.Recovered : null;
        }
    }

    private static bool IsRunningHeader(ReadOnlySpan<byte> line) => line.StartsWith("goroutine "u8) && line.IndexOf(" [running"u8) > 0;

    private static bool IsOfDump(ReadOnlySpan<byte> line) =>
        line.IsEmpty || line[0] == (byte)'\t' || line.StartsWith("goroutine "u8) || line.StartsWith("created by "u8) || line.StartsWith("[signal "u8)
        || line.StartsWith("[originating from "u8) || line.StartsWith("runtime: "u8) || line.StartsWith("runtime stack:"u8) || line.StartsWith("..."u8)
        || line.StartsWith("PC="u8) || line.StartsWith("exit status "u8) || IsRegister(line) || FrameText.NameLength(line) > 0;

    /// <summary><c>rax    0x0</c>.</summary>
    private static bool IsRegister(ReadOnlySpan<byte> line) => line.Length is > 6 and < 40 && line[0] is (byte)'r' or (byte)'c' or (byte)'f' or (byte)'g' && line.IndexOf(" 0x"u8) is > 1 and < 12;

    private void Begin(LogCrashKind kind, DateTimeOffset now, bool isPast)
    {
        (_kind, _begunAt, _isPast, _open) = (kind, now, isPast, true);
        (_hasStack, _lines, _others) = (false, 0, 0);
        _text.ResetWrittenCount();
    }

    private bool Keep(ReadOnlySpan<byte> line, DateTimeOffset now, bool other)
    {
        _lastAt = now;
        _lines++;
        _others = other ? _others + 1 : 0;
        _hasStack |= line.StartsWith("goroutine "u8);
        if (_text.WrittenCount + line.Length < MostBytes)
        {
            _text.Write(line);
            _text.Write("\n"u8);
        }
        else if (_hasStack)
        {
            // The goroutine at fault comes first; thousands of others may follow.
            return true;
        }

        // A log line that came between is one all the same.
        return !other;
    }

    private void End()
    {
        _open = false;
        _previousLength = 0;
        if (MemoryMarshal.TryGetArray(_text.WrittenMemory, out ArraySegment<byte> text)) crashes.Add(_kind, text, _begunAt, origin, _isPast);
    }
}
