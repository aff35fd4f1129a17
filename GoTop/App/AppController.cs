using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Leaks;

namespace GoTop.App;

/// <summary>Owns the state of the screen, and changes it as actions ask. On the UI thread alone; it knows no terminal.</summary>
public sealed partial class AppController : IAppCommands, IDisposable
{
    /// <summary>The pane that lists processes; opening a row there chooses the target.</summary>
    public const string PickerPane = "picker";

    private const int LongestMessage = 500;
    private readonly TimeZoneInfo _zone;
    private readonly string? _initialPane;
    private readonly string _startPane;
    private readonly Action _wake;
    private IObservationFeed? _feed;
    private Interest _interest = Interest.None;
    private (int Width, int Height) _paneSize = (80, 20);
    private bool _redraw;

    /// <param name="wake">Called on any thread when the host or the feed has something new.</param>
    public AppController(IAppHost host, ImmutableArray<IPane> panes, ScreenOptions options, Action wake)
    {
        Host = host;
        Panes = panes;
        _zone = options.TimeZone;
        _initialPane = options.InitialPane;
        _wake = wake;
        Facts = host.Facts;
        State = new AppState { Pane = FirstPane(panes, options.InitialPane) };
        host.Changed += wake;
        _startPane = options.StartsWithFleet && panes.Any(pane => pane.Id == FleetPane) ? FleetPane : PickerPane;
        if (_startPane == FleetPane) host.WatchFleet();
        // Without a target there is nothing to see but the processes.
        TakeFeed(host.Feed);
    }

    public AppState State { get; private set; }

    /// <summary>The names of the themes that the theme key goes round.</summary>
    public ImmutableArray<string> ThemeNames { get; set; } = [];

    public IAppHost Host { get; }

    public ImmutableArray<IPane> Panes { get; }

    public AppFacts Facts { get; private set; }

    public Observation? Shown { get; private set; }

    public bool HasEnded { get; private set; }

    /// <summary>The panes with a digit, in its order.</summary>
    public IEnumerable<IPane> NumberedPanes => Panes.Where(pane => !IsChooser(pane.Id));

    public IPane? Current => Panes.FirstOrDefault(pane => pane.Id == State.Pane);

    public PaneInput Input => new(Shown, State.PaneStateOf(State.Pane), Facts, _paneSize.Width, _paneSize.Height)
    {
        Marks = State.Marks,
        First = State.First,
        TraceWish = State.TraceWish,
        LeakWish = State.LeakWish,
    };


    /// <summary>Takes in what host and feed have published; true when the next frame may differ.</summary>
    public bool TakeNews()
    {
        bool news = false;
        if (!ReferenceEquals(Host.Feed, _feed))
        {
            TakeFeed(Host.Feed);
            news = true;
        }

        if (!State.Paused && _feed?.Latest is { } latest && !ReferenceEquals(latest, Shown))
        {
            Shown = latest;
            news = true;
        }

        KeepFirst();

        if (!ReferenceEquals(Host.Facts, Facts))
        {
            Facts = Host.Facts;
            news = true;
        }

        if (Host.TakeMessage() is { } message)
        {
            Say(message);
            news = true;
        }

        return news;
    }

    /// <summary>Tells the controller how large the pane is now, and the feed what the pane wants to see.</summary>
    public void Settle(int paneWidth, int paneHeight)
    {
        _paneSize = (paneWidth, paneHeight);
        Interest wanted = State.LeakWish.AddTo(State.TraceWish.AddTo(Current?.Interest(Input) ?? Interest.None, Shown), Shown);
        if (_feed is null || wanted == _interest) return;
        _interest = wanted;
        _feed.Interest = wanted;
    }

    public bool TakeRedraw()
    {
        bool redraw = _redraw;
        _redraw = false;
        return redraw;
    }

    /// <summary>Changes the state in a way that is no action: typing, scrolling an overlay.</summary>
    public void Change(Func<AppState, AppState> change) => State = change(State);

    public void Send(PaneCommand command)
    {
        if (Current is not { } pane) return;
        PaneState after = pane.Handle(command, Input);
        if (pane.Id == PickerPane && command == PaneCommand.Open && Chosen(after) is { } target)
        {
            State = State.With(pane.Id, after);
            if (target.Process == Shown?.Now.Target.Process) State = State with { Pane = FirstPane(Panes, _initialPane) };
            else Host.OpenTarget(target);
            return;
        }

        PaneState before = State.PaneStateOf(pane.Id);
        State = State.With(pane.Id, after);
        if (pane.Id == FleetPane) AfterFleet(command, before, after);
    }

    public void ShowPane(string pane)
    {
        // While a target is open nobody looks for processes, so the list is old or was never made.
        if (pane == PickerPane && State.Pane != pane) Host.RefreshProcesses();
        if (pane == FleetPane) Host.WatchFleet();
        if (Panes.All(known => known.Id != pane)) Say($"There is no pane called {pane}.");
        else State = State with { Pane = pane };
    }

    /// <summary>The pane, and of its views the one of this number.</summary>
    public void ShowPane(string pane, int view)
    {
        ShowPane(pane);
        int views = Current?.Id == pane ? Current.Views.Length : 0;
        // What a change of the view does to the rest of the state is the pane's own affair.
        while (!State.PaneStateOf(pane).Levels.IsEmpty) State = State.With(pane, State.PaneStateOf(pane).Levels[^1].Before);
        for (int i = 0; i < views && State.PaneStateOf(pane).View != view; i++) Send(PaneCommand.NextView);
    }

    public void PreviousView()
    {
        for (int i = (Current?.Views.Length ?? 0) - 1; i > 0; i--) Send(PaneCommand.NextView);
    }

    public void ShowPaneNumber(int number)
    {
        if (NumberedPanes.ElementAtOrDefault(number - 1) is { } pane) State = State with { Pane = pane.Id };
    }

    public void TurnPane(int places)
    {
        IPane[] panes = [.. NumberedPanes];
        if (panes.Length == 0) return;
        int at = Array.FindIndex(panes, pane => pane.Id == State.Pane);
        // From the picker one turns to the first or the last.
        if (at < 0) at = places > 0 ? -1 : panes.Length;
        State = State with { Pane = panes[(((at + places) % panes.Length) + panes.Length) % panes.Length].Id };
    }

    public void Enter(InputMode mode, string text = "")
    {
        string filter = State.PaneStateOf(State.Pane).Filter;
        if (mode != InputMode.Filter) State = State with { Mode = mode, Input = text, OverlayRow = 0 };
        else if (text.Length > 0) SetFilter(text);
        else State = State with { Mode = InputMode.Filter, Input = filter, FilterBefore = filter };
    }

    public void SetFilter(string filter) =>
        State = State.With(State.Pane, State.PaneStateOf(State.Pane) with { Filter = filter, Top = 0 });

    public void Back()
    {
        PaneState before = State.PaneStateOf(State.Pane);
        PaneState after = Current?.Handle(PaneCommand.Back, Input) ?? before;
        if (after != before)
        {
            State = State.With(State.Pane, after);
            if (State.Pane == FleetPane) AfterFleet(PaneCommand.Back, before, after);
        }
        else if (before.Filter.Length > 0) SetFilter("");
        else if (State.Maximised) State = State with { Maximised = false };
        else if (State.Paused) TogglePause();
        else if (State.IsFromFleet && State.Pane != FleetPane) ShowPane(FleetPane);
    }

    public void TogglePause()
    {
        if (State.Paused) Resume();
        else Hold(Shown);
    }

    public void StepTime(int ticks)
    {
        if (_feed is null || Shown is null)
        {
            Say("There is no observation yet.");
            return;
        }

        if (_feed.Neighbour(Shown, ticks) is { } neighbour) Hold(neighbour);
        else Say(ticks < 0 ? "Nothing older is kept." : "This is the newest.");
    }

    public void GoToTime(string time)
    {
        if (_feed?.Latest is not { } latest) Say("There is no observation yet.");
        else if (!TimeWords.TryParse(time, latest.Now.Time, _zone, out DateTimeOffset wanted, out string? problem)) Say(problem);
        else if (_feed.At(wanted) is { } found) Hold(found);
        else Say("Nothing is kept.");
    }

    public void Mark()
    {
        if (Shown is not { } shown) Say("There is no observation yet.");
        else if (State.Marks.EndWith(shown)) Say("This moment is marked already; u removes the marks.");
        else
        {
            State = State with { Marks = State.Marks.With(shown) };
            Say(State.Marks.Second is null
                ? "Marked: panes compare this moment with what they show. m again marks a second one, u removes the mark."
                : "Marked: panes compare the two marked moments. m again starts over, u removes the marks.");
        }
    }

    public void RemoveMarks()
    {
        Say(State.Marks.Any ? "Nothing is marked any more." : "Nothing is marked; m marks the moment shown.");
        State = State with { Marks = Marks.None };
    }

    public void AskForTrace(bool force)
    {
        if (_feed is null) Say("There is no target yet.");
        else if (!_feed.IsLive) Say("This is a recording: no more can be asked of its target.");
        else
        {
            State = State with { TraceWish = State.TraceWish.Ask(_feed.Latest, force) };
            Say($"Asked for a trace of {State.TraceWish.Seconds} s.");
        }
    }

    public void ChangeTraceLength(int seconds)
    {
        int wanted = Math.Clamp(State.TraceWish.Seconds + seconds, TraceWish.ShortestSeconds, TraceWish.LongestSeconds);
        State = State with { TraceWish = State.TraceWish with { Seconds = wanted } };
    }

    public void SetTraceCycle(string every)
    {
        if (_feed is { IsLive: false }) Say("This is a recording: no more can be asked of its target.");
        else if (!TraceCycle.TryParse(every, TraceCycle.Of(State.TraceWish, Shown), out int seconds, out string? problem)) Say(problem);
        else
        {
            State = State with { TraceWish = State.TraceWish with { EverySeconds = seconds } };
            Say(seconds == 0 ? "No trace is taken by itself any more." : $"A trace is taken every {TraceCycle.Words(seconds)}; it costs the target each time.");
        }
    }

    public void AskForLeaks(bool force)
    {
        if (_feed is null) Say("There is no target yet.");
        else if (!_feed.IsLive) Say("This is a recording: no more can be asked of its target.");
        else
        {
            State = State with { LeakWish = State.LeakWish.Ask(_feed.Latest, force) };
            Say("Asked the runtime which goroutines are leaked.");
        }
    }

    public void ToggleMaximised() => State = State with { Maximised = !State.Maximised };

    public void NextTheme()
    {
        if (ThemeNames.Length < 2)
        {
            Say("There is no other theme.");
            return;
        }

        State = State with { Theme = (State.Theme + 1) % ThemeNames.Length };
        Say($"Theme {ThemeNames[State.Theme]}");
    }

    public void Redraw() => _redraw = true;

    public void Say(string message) => State = State with { Message = PlainText.Clean(message, LongestMessage) };

    public void Quit() => HasEnded = true;

    public void Dispose()
    {
        Host.Changed -= _wake;
        if (_feed is not null) _feed.Published -= _wake;
    }

    private static string FirstPane(ImmutableArray<IPane> panes, string? wanted) =>
        (panes.FirstOrDefault(pane => pane.Id == wanted) ?? panes.FirstOrDefault(pane => !IsChooser(pane.Id)) ?? panes.FirstOrDefault())?.Id ?? PickerPane;

    private void TakeFeed(IObservationFeed? feed)
    {
        if (_feed is not null) _feed.Published -= _wake;
        _feed = feed;
        _interest = Interest.None;
        Shown = feed?.Latest;
        if (feed is not null) feed.Published += _wake;
        State = State with
        {
            Paused = false,
            PausedAt = null,
            Marks = Marks.None,
            TraceWish = TraceWish.None,
            First = null,
            LeakWish = LeakWish.None,
            // Selections and opened levels belong to the target before.
            Panes = ImmutableDictionary<string, PaneState>.Empty.SetItem(FleetPane, State.PaneStateOf(FleetPane)),
            IsFromFleet = feed is not null && State.Pane == FleetPane,
            Pane = feed is null ? _startPane : IsChooser(State.Pane) ? FirstPane(Panes, _initialPane) : State.Pane,
        };
    }

    private void KeepFirst()
    {
        if (State.First is null && Shown is { } shown && shown.Now.Groups.HasValue) State = State with { First = shown.WithoutSingleGoroutines("single goroutines of the first moment are not kept") };
    }

    private void Hold(Observation? observation)
    {
        Shown = observation;
        State = State with { Paused = true, PausedAt = observation };
        if (_feed is not null) _feed.Held = true;
    }

    private void Resume()
    {
        State = State with { Paused = false, PausedAt = null };
        if (_feed is not null) _feed.Held = false;
    }

    /// <summary>The process selected in the picker, whose rows are keyed by process.</summary>
    private TargetIdentity? Chosen(PaneState picker)
    {
        if (picker.Selected is not ProcessKey process || !Facts.Processes.TryGet(out ImmutableArray<GoProcess> processes)) return null;
        return processes.FirstOrDefault(candidate => candidate.Identity.Process == process)?.Identity;
    }
}
