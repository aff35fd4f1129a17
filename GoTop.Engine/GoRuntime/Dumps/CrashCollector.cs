using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>Collects what a program printed as the reason of its end, from the lines that belong to no goroutine.</summary>
internal sealed class CrashCollector
{
    private const int DetailsKept = 8;

    private readonly List<CrashReport> _crashes = [];
    private readonly List<string> _details = [];
    private readonly List<string> _messages = [];
    private string? _signalLine;
    private Crash? _current;
    private bool _inMessage;

    /// <summary>Crashes that were not kept for lack of room.</summary>
    public long Beyond { get; private set; }

    /// <param name="line">A line outside of all goroutines.</param>
    /// <param name="number">From 1.</param>
    /// <param name="rows">Goroutines read so far.</param>
    public void Take(ReadOnlySpan<byte> line, long number, int rows)
    {
        string? signal = _signalLine;
        _signalLine = null;
        // Two goroutines may find the same at once, and then say so one after the other: that is one crash.
        if (!_inMessage && line.StartsWith("panic: "u8))
        {
            Begin(CrashKind.Panic, line, number, rows);
        }
        else if (!_inMessage && line.StartsWith("fatal error: "u8))
        {
            Begin(CrashKind.FatalError, line, number, rows);
        }
        else if (line.StartsWith("[signal "u8) && line.EndsWith("]"u8))
        {
            if (_current is not null) _current.Signal ??= Text(line["[signal "u8.Length..^1]);
            _inMessage = false;
        }
        else if (line.StartsWith("PC="u8) && signal is not null)
        {
            // A signal is named in one line, and only this next one tells it from the words of a log.
            BeginSignal(signal, number - 1, rows);
        }
        else if (line.IsEmpty)
        {
            _inMessage = false;
        }
        else if (_inMessage && !line.StartsWith("exit status "u8))
        {
            if (_messages.Count < DumpLimits.CrashLines) _messages.Add(Text(line.TrimStart((byte)'\t')));
        }
        else
        {
            TakeOther(line);
        }
    }

    /// <summary>A goroutine's header was read, or that of a thread's stack.</summary>
    /// <param name="goroutine">0 for a thread's.</param>
    /// <param name="running">It was running.</param>
    public void TakeHeader(long goroutine, bool running)
    {
        _inMessage = false;
        _details.Clear();
        if (goroutine == 0 || _current is not { SeesFirstGoroutine: true } crash) return;
        crash.SeesFirstGoroutine = false;
        // The first goroutine printed is the one that was running when it happened, if one was.
        if (crash.HasCulprit && (running || crash.Signal is not null)) crash.FaultingGoroutine = goroutine;
    }

    public ImmutableArray<CrashReport> Finish()
    {
        End();
        return [.. _crashes];
    }

    private void Begin(CrashKind kind, ReadOnlySpan<byte> line, long number, int rows)
    {
        End();
        _current = new Crash
        {
            Kind = kind,
            Line = number,
            FirstRow = rows,
            HasCulprit = !line.EndsWith(" - deadlock!"u8),
        };
        _current.Details.AddRange(_details);
        _details.Clear();
        _messages.Add(Text(line));
        _inMessage = true;
    }

    private void BeginSignal(string signal, long number, int rows)
    {
        // With GOTRACEBACK=crash the signal goes from thread to thread, and each says so.
        if (_current is { Kind: CrashKind.Signal } && _messages[0] == signal) return;
        // A crash ends itself by SIGABRT then, which is not its reason.
        if (_current is not null && signal.StartsWith("SIGABRT", StringComparison.Ordinal)) return;
        End();
        _current = new Crash
        {
            Kind = CrashKind.Signal,
            Line = number,
            FirstRow = rows,
            Signal = signal,
            // Sent by somebody, against the program's own doing.
            HasCulprit = !signal.StartsWith("SIGQUIT", StringComparison.Ordinal) && !signal.StartsWith("SIGABRT", StringComparison.Ordinal),
        };
        _messages.Add(signal);
    }

    private void TakeOther(ReadOnlySpan<byte> line)
    {
        if (line.StartsWith("SIG"u8) || line.StartsWith("Signal "u8) || line.StartsWith("Exception 0x"u8))
        {
            _signalLine = Text(line);
        }
        else if (line.StartsWith("runtime: "u8) || line.StartsWith("unexpected fault address "u8))
        {
            if (_details.Count < DetailsKept) _details.Add(Text(line));
        }
        else
        {
            _details.Clear();
        }
    }

    private void End()
    {
        if (_current is { } crash)
        {
            if (_crashes.Count < DumpLimits.Crashes)
            {
                _crashes.Add(new CrashReport
                {
                    Kind = crash.Kind,
                    Messages = [.. _messages],
                    Signal = crash.Signal,
                    Details = [.. crash.Details],
                    FaultingGoroutine = crash.FaultingGoroutine,
                    Line = crash.Line,
                    FirstRow = crash.FirstRow,
                });
            }
            else
            {
                Beyond++;
            }
        }

        _current = null;
        _messages.Clear();
    }

    private static string Text(ReadOnlySpan<byte> line)
    {
        ReadOnlySpan<byte> kept = line[..Math.Min(line.Length, DumpLimits.CrashLineChars * 4)];
        return PlainText.Clean(Encoding.UTF8.GetString(kept), DumpLimits.CrashLineChars);
    }

    private sealed class Crash
    {
        public required CrashKind Kind { get; init; }

        public required long Line { get; init; }

        public required int FirstRow { get; init; }

        public required bool HasCulprit { get; init; }

        public string? Signal { get; set; }

        public List<string> Details { get; } = [];

        public long? FaultingGoroutine { get; set; }

        public bool SeesFirstGoroutine { get; set; } = true;
    }
}
