using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.App;
using GoTop.Panes;

namespace GoTop.Actions;

/// <summary>Everything that keys can do, in the order of the help. A new action is an entry here.</summary>
public static class ActionCatalog
{
    private const string Moving = "Moving";
    private const string Looking = "Looking";
    private const string Time = "Time";
    private const string Evidence = "Evidence";
    private const string Acting = "Acting on the target";
    private const string Screen = "Panes and screen";
    private const string Program = "Program";

    private static ActionScope Scheduler { get; } = ActionScope.In("scheduler");

    private static ActionScope Leaks { get; } = ActionScope.In("leaks");

    public static ImmutableArray<UserAction> All { get; } =
    [
        Pane("up", "Up", ["up", "k"], Moving, PaneCommand.Up),
        Pane("down", "Down", ["down", "j"], Moving, PaneCommand.Down),
        Pane("page-up", "Page up", ["pgup", "ctrl-b"], Moving, PaneCommand.PageUp),
        Pane("page-down", "Page down", ["pgdn", "ctrl-f"], Moving, PaneCommand.PageDown),
        Pane("first", "First row", ["home", "g"], Moving, PaneCommand.Home),
        Pane("last", "Last row", ["end", "G"], Moving, PaneCommand.End),
        Pane("left", "Left: scroll long lines, earlier stack", ["left", "h"], Moving, PaneCommand.Left),
        Pane("right", "Right: scroll long lines, later stack", ["right", "l"], Moving, PaneCommand.Right),
        Pane("open", "Open what is selected", ["enter"], Moving, PaneCommand.Open, "open") with { MeansSomething = (pane, state) => pane.HasRows(state) },
        new() { Id = "back", Title = "Back: level, filter, whole screen, pause", DefaultKeys = ["esc", "backspace"], Group = Moving, Hint = "back", Run = (app, _) => app.Back() },

        new() { Id = "filter", Title = "Filter rows; a leading ! inverts", DefaultKeys = ["/", "F4", "F3"], Group = Looking, Hint = "filter", MeansSomething = (pane, state) => pane.HasFilter(state), Argument = "text", Run = (app, text) => app.Enter(InputMode.Filter, text) },
        Pane("sort-next", "Sort by the next column", ["s", "F6"], Looking, PaneCommand.NextSort, "sort") with { MeansSomething = (pane, state) => pane.HasRows(state) },
        Pane("invert-sort", "Invert the order", ["I"], Looking, PaneCommand.Invert),
        Pane("next-view", "Next view of the pane", ["v", "F5"], Looking, PaneCommand.NextView, "view") with { MeansSomething = (pane, _) => pane.Views.Length > 1 },
        new() { Id = "previous-view", Title = "Previous view of the pane", DefaultKeys = ["V"], Group = Looking, Run = (app, _) => app.PreviousView() },
        Pane("next-measure", "Next value: bytes, objects; which waits", ["t"], Looking, PaneCommand.NextMeasure, "value") with { Scope = ActionScope.In("heap", "locks") },
        Pane("hide-runtime", "Leave out the runtime's frames, or show them", ["H"], Looking, PaneCommand.HideRuntime, "runtime") with { Scope = ActionScope.In("cpu", "heap") },
        Pane("force", "Ask for profiles although the target is in trouble", ["!"], Looking, PaneCommand.Force) with { Scope = ActionScope.In("cpu", "heap", "locks"), Danger = Danger.Asks, Question = HeldBack },
        Pane("follow", "Follow the newest line, or stop", ["F"], Looking, PaneCommand.Follow),

        new() { Id = "pause", Title = "Freeze the screen, or let it go on", DefaultKeys = ["space"], Group = Time, Hint = "pause", Run = (app, _) => app.TogglePause() },
        new() { Id = "step-back", Title = "Pause, and go one observation back", DefaultKeys = [","], Group = Time, Run = (app, _) => app.StepTime(-1) },
        new() { Id = "step-forward", Title = "Go one observation forward", DefaultKeys = ["."], Group = Time, Run = (app, _) => app.StepTime(1) },
        new() { Id = "leap-back", Title = "Pause, and go 30 observations back", DefaultKeys = ["<"], Group = Time, Run = (app, _) => app.StepTime(-30) },
        new() { Id = "leap-forward", Title = "Go 30 observations forward", DefaultKeys = [">"], Group = Time, Run = (app, _) => app.StepTime(30) },
        new() { Id = "at", Title = "Pause at a time", Group = Time, Argument = "3m ago, or 12:31:05", Run = (app, time) => app.GoToTime(time) },

        new() { Id = "mark", Title = "Mark this moment to compare with; again: mark the second one", DefaultKeys = ["m"], Group = Time, Hint = "mark", Run = (app, _) => app.Mark() },
        new() { Id = "unmark", Title = "Remove the marks", DefaultKeys = ["u"], Group = Time, Run = (app, _) => app.RemoveMarks() },

        new() { Id = "trace", Title = "Take an execution trace", DefaultKeys = ["t"], Scope = Scheduler, Group = Looking, Hint = "trace", Run = (app, _) => app.AskForTrace(force: false) },
        new() { Id = "trace-longer", Title = "Make the next trace longer", DefaultKeys = ["+"], Scope = Scheduler, Group = Looking, Run = (app, _) => app.ChangeTraceLength(1) },
        new() { Id = "trace-shorter", Title = "Make the next trace shorter", DefaultKeys = ["-"], Scope = Scheduler, Group = Looking, Run = (app, _) => app.ChangeTraceLength(-1) },
        new() { Id = "trace-every", Title = "How often a trace is taken by itself", DefaultKeys = ["E"], Scope = Scheduler, Group = Looking, Argument = "60s, 5m, off", Run = (app, every) => app.SetTraceCycle(every) },
        new()
        {
            Id = "trace-anyway", Title = "Take a trace even though the target is in trouble", DefaultKeys = ["!"], Scope = Scheduler, Group = Looking,
            Danger = Danger.Asks, Question = TraceCycle.QuestionBeforeForce, Run = (app, _) => app.AskForTrace(force: true),
        },

        new() { Id = "ask-for-leaks", Title = "Ask the runtime which goroutines are leaked; it runs a GC", DefaultKeys = ["t"], Scope = Leaks, Group = Looking, Hint = "ask", Run = (app, _) => app.AskForLeaks(force: false) },
        new()
        {
            Id = "ask-for-leaks-anyway", Title = "Ask for leaks even though the target is in trouble", DefaultKeys = ["!"], Scope = Leaks, Group = Looking,
            Danger = Danger.Asks, Question = _ => "The service runs a garbage collection with a search through all goroutines for it. Ask all the same?", Run = (app, _) => app.AskForLeaks(force: true),
        },

        new() { Id = "capture", Title = "Capture profiles, a trace, stacks into files", DefaultKeys = ["c"], Group = Evidence, Hint = "capture", Run = (app, _) => app.ShowCaptures() },
        new() { Id = "save-flight", Title = "Save the last seconds of kernel events that the flight recorder has kept (Windows)", DefaultKeys = ["S"], Group = Evidence, Run = (app, _) => app.SaveFlight() },
        new() { Id = "capture-cancel", Title = "Cancel the capture under way", DefaultKeys = ["X"], Group = Evidence, Run = (app, _) => app.CancelCapture() },
        new() { Id = "open-captured", Title = "Open what was captured last with an external viewer", DefaultKeys = ["o"], Group = Evidence, Run = (app, _) => app.OpenCaptured() },

        new() { Id = "cores", Title = "Choose the cores it may run on, and its priority", DefaultKeys = ["a"], Group = Acting, Hint = "cores", Danger = Danger.ShowsFirst, Run = (app, _) => app.ShowCores() },
        new() { Id = "service", Title = "Its service: restart, stop, start, pause, what happens when it fails", DefaultKeys = ["r"], Group = Acting, Hint = "service", Danger = Danger.ShowsFirst, Run = (app, _) => app.ShowService() },
        new() { Id = "restart-with", Title = "Restart it with other values of Go's variables", Group = Acting, Argument = "GOGC=200 GOMEMLIMIT=1GiB", Danger = Danger.ShowsFirst, Run = (app, environment) => app.RestartWith(environment) },

        .. Enumerable.Range(1, 10).Select(PaneNumber),
        new() { Id = "pane-threads", Title = "OS threads: which core and goroutine each has", DefaultKeys = ["O"], Group = Screen, Run = (app, _) => app.ShowPane("threads") },
        new() { Id = "pane-kernel", Title = "Kernel: waits for a core, who ran instead, CPU samples", DefaultKeys = ["K"], Group = Screen, Run = (app, _) => app.ShowPane("kernel") },
        new() { Id = "pane-alerts", Title = "Alerts: how the agent's rules stand, and why they do not fire", DefaultKeys = ["A"], Group = Screen, Run = (app, _) => app.ShowPane("alerts") },
        new() { Id = "next-pane", Title = "Next pane", DefaultKeys = ["tab"], Group = Screen, Run = (app, _) => app.TurnPane(1) },
        new() { Id = "previous-pane", Title = "Previous pane", DefaultKeys = ["shift-tab"], Group = Screen, Run = (app, _) => app.TurnPane(-1) },
        new() { Id = "maximise", Title = "Whole screen for the pane, or back", DefaultKeys = ["e"], Group = Screen, Run = (app, _) => app.ToggleMaximised() },
        new() { Id = "picker", Title = "Processes: choose another target", DefaultKeys = ["b", "F2"], Group = Screen, Hint = "processes", Run = (app, _) => app.ShowPane(AppController.PickerPane) },
        new() { Id = "fleet", Title = "Fleet: many targets at once, those in most trouble first", DefaultKeys = ["B"], Group = Screen, Run = (app, _) => app.ShowPane(AppController.FleetPane) },
        new() { Id = "refresh", Title = "Find processes again", DefaultKeys = ["R"], Scope = ActionScope.In(AppController.PickerPane), Group = Screen, Hint = "refresh", Run = (app, _) => app.Host.RefreshProcesses() },
        new() { Id = "demo", Title = "Watch the built-in demo", DefaultKeys = ["d"], Scope = ActionScope.In(AppController.PickerPane), Group = Screen, Hint = "demo", Run = (app, _) => app.Host.OpenDemo() },
        new() { Id = "next-theme", Title = "Next theme", DefaultKeys = ["T"], Group = Screen, Run = (app, _) => app.NextTheme() },
        new() { Id = "redraw", Title = "Paint the screen anew", DefaultKeys = ["ctrl-l"], Group = Screen, Run = (app, _) => app.Redraw() },

        new() { Id = "palette", Title = "Type the name of an action or pane", DefaultKeys = [":", "ctrl-p"], Group = Program, Hint = "palette", Run = (app, _) => app.Enter(InputMode.Palette) },
        new() { Id = "help", Title = "Help: these keys", DefaultKeys = ["?", "F1"], Group = Program, Hint = "help", Run = (app, _) => app.Enter(InputMode.Help) },
        new() { Id = "quit", Title = "Quit", DefaultKeys = ["q", "F10", "ctrl-c"], Group = Program, Hint = "quit", Run = (app, _) => app.Quit() },
    ];

    /// <summary>Those that may be used: without the dangerous ones when nothing may be changed.</summary>
    public static ImmutableArray<UserAction> Allowed(bool readOnly) =>
        readOnly ? [.. All.Where(action => action.Danger == Danger.None)] : All;

    /// <summary>The table of the README: drift is caught by a test.</summary>
    public static string ToMarkdown()
    {
        StringBuilder table = new("| Keys | Action | Name in `[keys]` and the palette |\n|---|---|---|\n");
        foreach (UserAction action in All)
        {
            string keys = string.Join(' ', action.DefaultKeys.Select(key => key == "`" ? "`` ` ``" : $"`{key}`"));
            string panes = action.Scope.IsGlobal ? "" : $" (in {string.Join(", ", action.Scope.Panes)})";
            string asks = action.Danger != Danger.None ? "; asks first" : "";
            string argument = action.Argument is null ? "" : $" *{action.Argument}*";
            table.Append(CultureInfo.InvariantCulture, $"| {keys.Replace("|", "\\|", StringComparison.Ordinal)} | {action.Title}{panes}{asks} | `{action.Id}`{argument} |\n");
        }

        return table.ToString();
    }

    private static UserAction Pane(string id, string title, ImmutableArray<string> keys, string group, PaneCommand command, string? hint = null) =>
        new() { Id = id, Title = title, DefaultKeys = keys, Group = group, Hint = hint, Run = (app, _) => app.Send(command) };

    private static string HeldBack(IAppCommands app) => app.Shown?.Now.Facts.DearRequests is { HasValue: true, Value.HeldBack: { } held }
        ? $"Ask for profiles all the same while this pane is shown? Held back: {held}."
        : "Ask for profiles while this pane is shown, whatever trouble the target is in?";

    private static UserAction PaneNumber(int number) => new()
    {
        Id = string.Create(CultureInfo.InvariantCulture, $"pane-{number}"),
        Title = string.Create(CultureInfo.InvariantCulture, $"Pane {number}"),
        // 0 is the tenth.
        DefaultKeys = [string.Create(CultureInfo.InvariantCulture, $"{number % 10}")],
        Group = Screen,
        Run = (app, _) => app.ShowPaneNumber(number),
    };
}
