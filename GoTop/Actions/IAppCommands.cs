using GoTop.App;
using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.Actions;

/// <summary>What actions can do to the application. Called on the UI thread.</summary>
public interface IAppCommands
{
    AppState State { get; }

    IAppHost Host { get; }

    /// <summary>What the screen shows: the newest observation, or the one it is paused at.</summary>
    Observation? Shown { get; }

    /// <summary>Hands a command to the current pane.</summary>
    void Send(PaneCommand command);

    void ShowPane(string pane);

    /// <summary>The view before the present one of the current pane, around the end.</summary>
    void PreviousView();

    /// <summary>The pane with this digit, from 1; nothing when there are not so many.</summary>
    void ShowPaneNumber(int number);

    /// <summary>The pane so many places further on, around the end.</summary>
    void TurnPane(int places);

    /// <summary>Typing goes to the filter, the palette or the help from now on.</summary>
    void Enter(InputMode mode, string text = "");

    /// <summary>Leaves whatever is innermost: an opened level, a filter, a pause, the maximised pane.</summary>
    void Back();

    void TogglePause();

    /// <summary>Pauses if need be, and shows the observation so many ticks on.</summary>
    void StepTime(int ticks);

    /// <summary>Pauses at the time in words: <c>3m ago</c>, <c>12:31:05</c>.</summary>
    void GoToTime(string time);

    /// <summary>Marks the moment shown for comparing: the first mark, then the second, then the first anew.</summary>
    void Mark();

    void RemoveMarks();

    /// <summary>Asks for an execution trace.</summary>
    /// <param name="force">Even though the target is in trouble: the person has confirmed.</param>
    void AskForTrace(bool force);

    /// <summary>Makes the next trace so many seconds longer.</summary>
    void ChangeTraceLength(int seconds);

    /// <summary>How often traces are taken by themselves, in words: <c>60s</c>, <c>5m</c>, <c>off</c>; the next usual time when empty.</summary>
    void SetTraceCycle(string every);

    /// <summary>Asks the target's runtime which goroutines are leaked: it runs a garbage collection for it.</summary>
    /// <param name="force">Even though the target is in trouble: the person has confirmed.</param>
    void AskForLeaks(bool force);

    /// <summary>Opens the overlay of captures: the chooser, or how far the one under way is.</summary>
    void ShowCaptures();

    void CancelCapture();

    /// <summary>Saves the last seconds of the kernel's events, or says why there are none.</summary>
    void SaveFlight();

    /// <summary>Opens what was captured last with the viewer that is set; where there are several kinds, shows them to choose from.</summary>
    void OpenCaptured();

    /// <summary>Opens the picker of the cores the target may run on.</summary>
    void ShowCores();

    /// <summary>Opens the overlay of the service that the target is.</summary>
    void ShowService();

    /// <summary>Asks whether to restart it with other values of Go's variables: <c>GOGC=200 GOMEMLIMIT=1GiB</c>.</summary>
    void RestartWith(string environment);

    void ToggleMaximised();

    void NextTheme();

    /// <summary>Paints the whole screen anew, whatever another program has written over it.</summary>
    void Redraw();

    /// <summary>Shows a line at the bottom until the next key.</summary>
    void Say(string message);

    void Quit();
}
