using System.Text;

namespace GoTop.Screen;

/// <summary>
/// The one place that gives the terminal back as it was found. Make it before the terminal library starts; every way
/// out, also the violent ones, goes through <see cref="LeaveAtOnce"/> or <see cref="Finish"/>.
/// </summary>
internal sealed class TerminalRestore
{
    /// <summary>Remember the window's title; take it back (xterm's title stack).</summary>
    private const string PushTitle = "\e[22;0t";
    private const string PopTitle = "\e[23;0t";
    private const string EndUpdate = "\e[?2026l";
    private const string MouseOff = "\e[?1000l\e[?1002l\e[?1003l\e[?1015l\e[?1006l";
    private const string MouseButtonsOn = "\e[?1000h\e[?1006h";
    private const string BracketedPasteOff = "\e[?2004l";
    private const string BracketedPasteOn = "\e[?2004h";
    private const string KittyKeyboardOff = "\e[<u";
    private const string PlainText = "\e[0m";
    private const string OtherScreenOn = "\e[?1049h";
    private const string OtherScreenOff = "\e[?1049l";
    private const string CursorOff = "\e[?25l";
    private const string CursorOn = "\e[?25h";

    private readonly byte[]? _unixSettings;
    private readonly (uint? Input, uint? Output) _windowsModes;
    private bool _mouse;
    private int _entered;

    public TerminalRestore()
    {
        if (OperatingSystem.IsWindows())
        {
            _windowsModes = WindowsConsole.ReadModes();
            WindowsConsole.EnableEscapeSequences();
        }
        else
        {
            _unixSettings = UnixTerminal.ReadSettings();
        }
    }

    /// <summary>After the terminal library has started: the reports of every mouse motion that it asks for stop here.</summary>
    /// <param name="mouse">Report buttons and wheel.</param>
    public void Enter(bool mouse)
    {
        _mouse = mouse;
        Write(PushTitle + MouseOff + (mouse ? MouseButtonsOn : ""));
        Volatile.Write(ref _entered, 1);
    }

    /// <summary>After the terminal library has ended in good order: what it knows nothing of.</summary>
    public void Finish()
    {
        if (Interlocked.Exchange(ref _entered, 0) == 0) return;
        Write(EndUpdate + PlainText + MouseOff + PopTitle + CursorOn);
        RestoreSettings();
    }

    /// <summary>From any thread, at any moment, without help of the terminal library: the process is about to end.</summary>
    public void LeaveAtOnce()
    {
        if (Interlocked.Exchange(ref _entered, 0) == 0) return;
        Leave();
    }

    /// <summary>Gives the terminal to the shell until the job is continued. The screen's content is lost.</summary>
    public void Suspend()
    {
        if (OperatingSystem.IsWindows()) return;
        byte[]? raw = UnixTerminal.ReadSettings();
        Leave();
        UnixTerminal.StopJob();
        UnixTerminal.ApplySettings(raw);
        Write(PushTitle + OtherScreenOn + CursorOff + BracketedPasteOn + (_mouse ? MouseButtonsOn : ""));
    }

    private static void Write(string text)
    {
        byte[] bytes = Encoding.ASCII.GetBytes(text);
        if (!OperatingSystem.IsWindows())
        {
            UnixTerminal.Write(UnixTerminal.StandardOutput, bytes);
            return;
        }

        using Stream output = Console.OpenStandardOutput();
        output.Write(bytes);
        output.Flush();
    }

    private void Leave()
    {
        Write(EndUpdate + KittyKeyboardOff + BracketedPasteOff + MouseOff + PlainText + OtherScreenOff + PopTitle + CursorOn);
        RestoreSettings();
    }

    private void RestoreSettings()
    {
        if (OperatingSystem.IsWindows()) WindowsConsole.ApplyModes(_windowsModes);
        else UnixTerminal.ApplySettings(_unixSettings);
    }
}
