using System.Collections;

namespace GoTop.Bench.Pty;

/// <summary>A program running on a pseudo terminal whose output is kept and whose questions are answered.</summary>
internal sealed class TerminalSession : IAsyncDisposable
{
    private readonly PseudoTerminal _terminal;
    private readonly TimeProvider _time;
    private readonly Thread _reader;
    private volatile bool _stop;
    private bool _ended;

    private TerminalSession(PseudoTerminal terminal, long startedAt, int columns, int rows, TimeProvider time)
    {
        _terminal = terminal;
        _time = time;
        StartedAt = startedAt;
        Screen = new VtScreen(columns, rows);
        _reader = new Thread(() => ReadAll(new TerminalReplies(columns, rows, bytes => terminal.Write(bytes)))) { IsBackground = true, Name = "terminal" };
        _reader.Start();
    }

    public int ProcessId => _terminal.ProcessId;

    public long StartedAt { get; }

    public OutputLog Output { get; } = new();

    /// <summary>Shows what the caller has fed it from <see cref="Output"/>.</summary>
    public VtScreen Screen { get; }

    public static TerminalSession Start(
        IReadOnlyList<string> command, IReadOnlyDictionary<string, string> variables, int columns, int rows, TimeProvider time)
    {
        Dictionary<string, string> environment = Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .Where(entry => entry.Key is string key && !key.StartsWith("DOTNET_", StringComparison.Ordinal) && key is not ("COLUMNS" or "LINES" or "TMUX" or "STY" or "NO_COLOR"))
            .ToDictionary(entry => (string)entry.Key, entry => entry.Value as string ?? "");
        (environment["TERM"], environment["COLORTERM"], environment["LANG"]) = ("xterm-256color", "truecolor", "C.UTF-8");
        foreach ((string name, string value) in variables) environment[name] = value;
        long startedAt = time.GetTimestamp();
        return new TerminalSession(PseudoTerminal.Start(command, environment, columns, rows), startedAt, columns, rows, time);
    }

    public void Send(ReadOnlySpan<byte> keys) => _terminal.Write(keys);

    public bool HasEnded() => _ended = _ended || LibC.WaitForProcess(ProcessId, out _, LibC.WaitNoHang) == ProcessId;

    /// <summary>Asks the program to end (SIGTERM) and ends it (SIGKILL) when it does not within two seconds.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (int signal in (int[])[LibC.SignalTerminate, LibC.SignalKill])
        {
            if (HasEnded()) break;
            _ = LibC.Kill(ProcessId, signal);
            for (int i = 0; i < 40 && !HasEnded(); i++) await Task.Delay(TimeSpan.FromMilliseconds(50), _time);
        }

        _stop = true;
        _reader.Join();
        _terminal.Dispose();
    }

    private void ReadAll(TerminalReplies replies)
    {
        byte[] buffer = new byte[1 << 16];
        while (!_stop)
        {
            int read = _terminal.Read(buffer, timeoutMilliseconds: 100);
            if (read < 0) return;
            if (read == 0) continue;
            byte[] bytes = buffer.AsSpan(0, read).ToArray();
            Output.Add(new OutputPiece(_time.GetTimestamp(), bytes));
            replies.Feed(bytes);
        }
    }
}
