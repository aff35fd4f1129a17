using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using System.Text;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;
using Terminal.Gui.Time;

namespace GoTop.Screen;

/// <summary>
/// Terminal.Gui's ANSI input, but for that it sleeps in poll(2) instead of looking every 20 ms; and its ANSI output, but
/// for that it asks the terminal nothing. That takes components of our own, which only an internal constructor of
/// Terminal.Gui accepts; this file alone knows of it, and where the constructor is gone the caller falls back on the
/// public way.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BlockingInput : AnsiInput
{
    private readonly (int Read, int Write) _wake;
    private volatile bool _closing;
    private byte[] _bytes = [];

    private BlockingInput((int Read, int Write) wake) => _wake = wake;

    /// <summary>Raised on the input thread each time that all input so far has been handed on.</summary>
    public event Action? Drained;

    /// <summary>The terminal has gone; nothing will ever come.</summary>
    public bool IsGone { get; private set; }

    /// <summary>Sends a frame in one write.</summary>
    public void Send(ReadOnlySpan<char> frame)
    {
        int most = Encoding.UTF8.GetMaxByteCount(frame.Length);
        if (_bytes.Length < most) _bytes = new byte[most];
        UnixTerminal.Write(UnixTerminal.StandardOutput, _bytes.AsSpan(0, Encoding.UTF8.GetBytes(frame, _bytes)));
    }

    /// <summary>An application that reads through a blocking input; null where that cannot be had.</summary>
    public static (IApplication Application, BlockingInput Input)? TryCreate()
    {
        if (UnixTerminal.Pipe() is not { } wake) return null;
        try
        {
            BlockingInput input = new(wake);
            return ((IApplication)NewApplication(new Factory(input)), input);
        }
        catch (Exception missing) when (missing is MissingMemberException or TypeLoadException or InvalidCastException)
        {
            UnixTerminal.Close(wake.Read);
            UnixTerminal.Close(wake.Write);
            return null;
        }
    }

    public override bool Peek()
    {
        if (_closing) return false;
        if (base.Peek()) return !LooksGone();
        Drained?.Invoke();
        if (IsGone) return false;
        (short input, _) = UnixTerminal.Wait(UnixTerminal.StandardInput, _wake.Read, System.Threading.Timeout.Infinite);
        if (_closing) return false;
        if ((input & UnixTerminal.PollGone) == 0) return (input & UnixTerminal.PollIn) != 0;
        Gone();
        return false;
    }

    /// <summary>Ends the wait, so that the input thread sees that it shall stop.</summary>
    public void Close()
    {
        _closing = true;
        UnixTerminal.Write(_wake.Write, [0]);
    }

    public override void Dispose()
    {
        base.Dispose();
        UnixTerminal.Close(_wake.Read);
        UnixTerminal.Close(_wake.Write);
    }

    [UnsafeAccessor(UnsafeAccessorKind.Constructor)]
    [return: UnsafeAccessorType("Terminal.Gui.App.ApplicationImpl, Terminal.Gui")]
    private static extern object NewApplication(IComponentFactory factory);

    /// <summary>A closed terminal is readable for ever, and reads nothing.</summary>
    private bool LooksGone()
    {
        (short input, _) = UnixTerminal.Wait(UnixTerminal.StandardInput, _wake.Read, 0);
        if ((input & UnixTerminal.PollGone) == 0) return false;
        Gone();
        return true;
    }

    private void Gone()
    {
        IsGone = true;
        Drained?.Invoke();
    }

    private sealed class Factory(BlockingInput input) : AnsiComponentFactory
    {
        public override IInput<char> CreateInput() => input;

        public override IOutput CreateOutput()
        {
            QuietOutput output = new(AppModel);
            if (UnixTerminal.Size() is { } size) output.SetSize(size.Width, size.Height);
            return output;
        }

        public override IInputProcessor CreateInputProcessor(ConcurrentQueue<char> inputBuffer, ITimeProvider? timeProvider = null) =>
            new DeafProcessor(inputBuffer, timeProvider);
    }

    /// <summary>
    /// Terminal.Gui asks for colours, graphics and keyboard protocols that GoTop does not use. An answer that a slow
    /// line delivers in two pieces would be taken for keys, so the questions are not sent; frames go past this way.
    /// </summary>
    private sealed class QuietOutput(AppModel model) : AnsiOutput(model), IOutput
    {
        void IOutput.Write(ReadOnlySpan<char> text)
        {
        }
    }
    /// <summary>Since nothing is asked, no answer is waited for: one would swallow a key that looks alike (F3 ends in R).</summary>
    private sealed class DeafProcessor(ConcurrentQueue<char> queue, ITimeProvider? time) : AnsiInputProcessor(queue, time), IInputProcessor
    {
        IAnsiResponseParser IInputProcessor.GetParser() => new DeafParser(GetParser());
    }

    private sealed class DeafParser(IAnsiResponseParser parser) : IAnsiResponseParser
    {
        public AnsiResponseParserState State => parser.State;

        public void ExpectResponse(string? terminator, string? value, Action<string?> response, Action? abandoned, bool persistent)
        {
        }

        public bool IsExpecting(string? terminator, string? value) => false;

        public void StopExpecting(string? requestTerminator, string? value, bool persistent)
        {
        }
    }
}
