using System.Collections.Immutable;
using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Discovery;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes.Alerts;
using GoTop.Panes.Fleet;
using GoTop.Panes.Leaks;
using GoTop.Screen;
using GoTop.Themes;

namespace GoTop.Panes;

/// <summary>
/// One page of the screen. It reads an <see cref="Observation"/> and its own state and nothing else: no source, no
/// clock, no terminal. Drawing and reducing are pure, so a pane is tested by comparing whole screens.
/// </summary>
public interface IPane
{
    /// <summary>Stable: configuration and key scopes refer to it.</summary>
    string Id { get; }

    string Title { get; }

    /// <summary>In six letters or so, for a narrow line of tabs.</summary>
    string ShortTitle => Title;

    /// <summary>
    /// Stands before its title where there is no digit left for it; null for none. ActionCatalog has an action with this
    /// default key.
    /// </summary>
    string? TabKey => null;

    void Draw(PaneInput input, DrawContext context);

    /// <summary>The pane's state after a command; the same state when the command means nothing here.</summary>
    PaneState Handle(PaneCommand command, PaneInput input);

    /// <summary>The dear facts that this pane shows in its present state.</summary>
    Interest Interest(PaneInput input) => Engine.Sources.Interest.None;

    /// <summary>The titles of its sortable columns, in order; empty when it has no table.</summary>
    ImmutableArray<string> SortColumns(PaneInput input) => [];

    /// <summary>The names of its views, by <see cref="PaneState.View"/>; empty when it has only one.</summary>
    ImmutableArray<string> Views => [];

    /// <summary>It shows rows that can be chosen; else keys for opening and sorting are not offered.</summary>
    bool HasRows(PaneState state) => true;

    /// <summary>What it shows can be filtered.</summary>
    bool HasFilter(PaneState state) => HasRows(state);
}

/// <summary>A pane in its two halves: what to show, and how to draw it.</summary>
public abstract class Pane<TView> : IPane
{
    public abstract string Id { get; }

    public abstract string Title { get; }

    public virtual string ShortTitle => Title;

    public virtual string? TabKey => null;

    public void Draw(PaneInput input, DrawContext context)
    {
        context.Surface.Fill(context.Theme.Text);
        Draw(Build(input), context);
    }

    public virtual PaneState Handle(PaneCommand command, PaneInput input) => input.State;

    public virtual Interest Interest(PaneInput input) => Engine.Sources.Interest.None;

    public virtual ImmutableArray<string> SortColumns(PaneInput input) => [];

    public virtual ImmutableArray<string> Views => [];

    public virtual bool HasRows(PaneState state) => true;

    public virtual bool HasFilter(PaneState state) => HasRows(state);

    public abstract TView Build(PaneInput input);

    protected abstract void Draw(TView view, DrawContext context);
}

/// <summary>All that a pane may look at.</summary>
/// <param name="Observation">Null until the first tick of a target.</param>
/// <param name="Width">Of the pane, in columns; likewise the height in rows.</param>
public sealed record PaneInput(Observation? Observation, PaneState State, AppFacts App, int Width, int Height)
{
    public Marks Marks { get; init; } = Marks.None;

    /// <summary>What has been asked for by way of traces.</summary>
    public TraceWish TraceWish { get; init; } = TraceWish.None;

    /// <summary>The first moment of this target that had groups of goroutines; without its single goroutines. Null until there is one.</summary>
    public Observation? First { get; init; }

    public LeakWish LeakWish { get; init; } = LeakWish.None;

    /// <summary>The marked moment compared with what is shown, or the two marked ones; null while nothing is marked.</summary>
    public Comparison? Comparison => Marks.Compare(Observation);
}

/// <summary>What the application itself knows, apart from the target.</summary>
public sealed record AppFacts
{
    public static AppFacts Empty { get; } = new();

    /// <summary>The Go processes of this machine, for the picker.</summary>
    public Reading<ImmutableArray<GoProcess>> Processes { get; init; }

    /// <summary>GoTop's own log, oldest first.</summary>
    public ImmutableArray<LogEntry> OwnLog { get; init; } = [];

    /// <summary>The capture under way, or the last one; null before the first.</summary>
    public CaptureStatus? Capture { get; init; }

    /// <summary>That an agent watches on this machine, in the form of a source; null when none does.</summary>
    public SourceStatus? Agent { get; init; }

    /// <summary>How that agent's alert rules stand.</summary>
    public Reading<AgentAlerts> Alerts { get; init; } = Reading.NotYet<AgentAlerts>();

    /// <summary>Many targets at once; not yet until they have been asked for.</summary>
    public Reading<FleetSnapshot> Fleet { get; init; } = Reading.NotYet<FleetSnapshot>();

    /// <summary>The past of the target of the fleet that is shown; null while none is, or it has not come.</summary>
    public FleetDetail? FleetDetail { get; init; }

    /// <summary>Acting on the target.</summary>
    public ActingStatus Acting { get; init; } = ActingStatus.None;
}

/// <summary>
/// A pane's state: immutable, owned by the UI thread. The selection is kept by the key of what is selected, so it
/// stays on its row when the table moves under it.
/// </summary>
public sealed record PaneState
{
    public static PaneState Initial { get; } = new();

    /// <summary>As typed after <c>/</c>; a leading <c>!</c> inverts it.</summary>
    public string Filter { get; init; } = "";

    public int SortColumn { get; init; }

    public bool Inverted { get; init; }

    /// <summary>Key of the selected row; null for the first row.</summary>
    public object? Selected { get; init; }

    /// <summary>First row shown.</summary>
    public int Top { get; init; }

    /// <summary>Which of the pane's views is shown; the next one comes after the last again.</summary>
    public int View { get; init; }

    /// <summary>How often Right was pressed more than Left: columns of long lines, or which of several stacks.</summary>
    public int Across { get; init; }

    /// <summary>Which of several values is shown: bytes, objects, waits; the next one comes after the last again.</summary>
    public int Measure { get; init; }

    /// <summary>Frames of the runtime are left out; what they cost counts for their callers.</summary>
    public bool HidesRuntime { get; init; }

    /// <summary>What is dear is asked for although the target is in trouble.</summary>
    public bool Forced { get; init; }

    /// <summary>What has been opened with Enter, outermost first; Esc closes the last. Keys are the pane's own.</summary>
    public ImmutableArray<Level> Levels { get; init; } = [];

    /// <summary>Keys of the rows of a tree that are the other way than at first: unfolded, or folded.</summary>
    public ImmutableHashSet<object> Turned { get; init; } = [];

    /// <param name="Before">The state to return to: selection, position, sort and filter are each level's own.</param>
    public sealed record Level(object Opened, PaneState Before);
}

public enum PaneCommand
{
    Up,
    Down,
    PageUp,
    PageDown,
    Home,
    End,
    Left,
    Right,
    Open,
    Back,
    NextSort,
    Invert,
    NextView,
    NextMeasure,
    HideRuntime,
    Force,
    Follow,
}

/// <summary>What drawing needs.</summary>
public sealed record DrawContext(Surface Surface, Theme Theme, GlyphSet Glyphs)
{
    /// <summary>In which moments are shown.</summary>
    public TimeZoneInfo TimeZone { get; init; } = TimeZoneInfo.Utc;

    public DateTimeOffset ToZone(DateTimeOffset moment) => TimeZoneInfo.ConvertTime(moment, TimeZone);
}
