using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Terminal.Gui.App;
using Terminal.Gui.Drivers;

namespace GoTop.Screen;

/// <summary>Sleeps until there is input, something new to draw, another size or a signal: an idle screen costs nothing.</summary>
[SupportedOSPlatform("linux")]
internal static class EventLoop
{
    /// <summary>Terminal.Gui takes an Esc that nothing follows for the key after 50 ms; look again then.</summary>
    private const int PendingEscapeMilliseconds = 20;

    public static void Run(IApplication application, RootView root, BlockingInput input, IScreenProgram program, Departure departure)
    {
        using AutoResetEvent wake = new(false);
        // What raises these may do so once more after the loop has ended.
        bool listening = true;
        void Wake()
        {
            lock (wake)
            {
                if (listening) wake.Set();
            }
        }

        program.Woken += Wake;
        input.Drained += Wake;
        departure.Wanted += Wake;
        using PosixSignalRegistration resized = PosixSignalRegistration.Create(PosixSignal.SIGWINCH, _ => Wake());
        application.TimedEvents!.Added += (_, _) => Wake();
        try
        {
            SessionToken? session = application.Begin(root);
            IInputProcessor processor = application.Driver!.GetInputProcessor();
            while (!program.HasEnded && !departure.IsWanted && !input.IsGone)
            {
                TakeSize(application.Driver);
                processor.ProcessQueue();
                application.TimedEvents.RunTimers();
                root.Refresh();
                application.LayoutAndDraw();
                if (!program.HasEnded) wake.WaitOne(WaitMilliseconds(application, processor));
            }

            if (session is not null) application.End(session);
        }
        finally
        {
            program.Woken -= Wake;
            input.Drained -= Wake;
            departure.Wanted -= Wake;
            lock (wake) listening = false;
            input.Close();
        }
    }

    private static void TakeSize(IDriver driver)
    {
        if (UnixTerminal.Size() is { } size && (size.Width != driver.Screen.Width || size.Height != driver.Screen.Height))
            driver.SetScreenSize(size.Width, size.Height);
    }

    private static int WaitMilliseconds(IApplication application, IInputProcessor processor)
    {
        int wait = processor.GetParser().State == AnsiResponseParserState.Normal ? System.Threading.Timeout.Infinite : PendingEscapeMilliseconds;
        if (application.TimedEvents is TimedEvents timers && timers.CheckTimers(out int untilTimer))
            wait = wait < 0 ? Math.Max(1, untilTimer) : Math.Min(wait, Math.Max(1, untilTimer));
        return wait;
    }
}
