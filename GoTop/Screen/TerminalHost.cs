using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace GoTop.Screen;

/// <param name="Driver">Terminal.Gui's: <c>ansi</c>, <c>windows</c> or <c>dotnet</c>.</param>
public sealed record TerminalSettings(string Driver, ColourDepth Colours, bool Unicode, bool Mouse);

/// <summary>Runs a program in the terminal, and gives the terminal back whatever happens.</summary>
public static class TerminalHost
{
    /// <summary>After a signal the UI thread has so long to end by itself.</summary>
    private static readonly TimeSpan PatienceAfterSignal = TimeSpan.FromSeconds(2);

    /// <summary>Returns the exit code: 0, or 128 and the signal's number.</summary>
    /// <exception cref="Exception">Whatever the program threw, after the terminal has been restored.</exception>
    public static int Run(IScreenProgram program, TerminalSettings settings, TimeProvider time)
    {
        TerminalRestore restore = new();
        using Departure departure = new(restore, time, PatienceAfterSignal);
        try
        {
            RunTerminal(program, settings, restore, departure);
        }
        finally
        {
            restore.Finish();
        }

        return departure.ExitCode;
    }

    private static void RunTerminal(IScreenProgram program, TerminalSettings settings, TerminalRestore restore, Departure departure)
    {
        BlockingInput? input = null;
        IApplication? made = null;
        if (OperatingSystem.IsLinux() && settings.Driver == DriverRegistry.Names.ANSI && BlockingInput.TryCreate() is { } blocking)
            (made, input) = blocking;

        using IApplication application = made ?? Application.Create();
        Driver.SizeDetection = SizeDetectionMode.Polling;
        application.Init(settings.Driver);
        restore.Enter(settings.Mouse);
        AnsiFrameWriter writer = new(settings.Colours, settings.Unicode);
        using RootView root = new(program, writer, OperatingSystem.IsLinux() && input is not null ? input.Send : null);
        root.Suspending += () =>
        {
            restore.Suspend();
            root.Invalidate();
        };
        application.Driver!.SizeChanged += (_, _) => root.Invalidate();
        application.Paste += (_, paste) =>
        {
            program.Paste(paste.Text);
            paste.Handled = true;
        };
        if (OperatingSystem.IsLinux() && input is not null) EventLoop.Run(application, root, input, program, departure);
        else PollingLoop.Run(application, root, program, departure);
    }
}
