using System.Runtime.CompilerServices;
using System.Runtime.Versioning;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace GoTop.Screen;

/// <summary>
/// Terminal.Gui's ANSI input, but for that it sleeps in poll(2) instead of looking every 20 ms. That takes an input of
/// our own, which only an internal constructor of Terminal.Gui accepts; this file alone knows of it, and where the
/// constructor is gone the caller falls back on the public way.
/// </summary>
[SupportedOSPlatform("linux")]
internal sealed class BlockingInput : AnsiInput
{
    private readonly (int Read, int Write) _wake;
    private volatile bool _closing;

    private BlockingInput((int Read, int Write) wake) => _wake = wake;

    /// <summary>Raised on the input thread each time that all input so far has been handed on.</summary>
    public event Action? Drained;

    /// <summary>The terminal has gone; nothing will ever come.</summary>
    public bool IsGone { get; private set; }

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
    }
}
