using Terminal.Gui.App;

namespace GoTop.Screen;

/// <summary>Terminal.Gui's own loop, which looks 25 times a second: for Windows and wherever input cannot block.</summary>
internal static class PollingLoop
{
    public static void Run(IApplication application, RootView root, IScreenProgram program, Departure departure)
    {
        application.Iteration += (_, _) =>
        {
            if (program.HasEnded || departure.IsWanted || InputIsGone())
            {
                application.RequestStop();
                return;
            }

            root.Refresh();
            // Terminal.Gui would hide the hidden cursor again each time.
            application.Driver?.SetCursorNeedsUpdate(false);
        };
        application.Run(root);
    }

    private static bool InputIsGone() =>
        !OperatingSystem.IsWindows() && (UnixTerminal.Wait(UnixTerminal.StandardInput, -1, 0).First & UnixTerminal.PollGone) != 0;
}
