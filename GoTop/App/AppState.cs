using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Leaks;

namespace GoTop.App;

/// <summary>Where typed keys go.</summary>
public enum InputMode
{
    /// <summary>To the actions.</summary>
    Normal,

    /// <summary>Into the current pane's filter.</summary>
    Filter,

    /// <summary>Into the list of actions and panes.</summary>
    Palette,

    /// <summary>The key help covers the pane.</summary>
    Help,

    /// <summary>A dangerous action waits for yes or no.</summary>
    Confirm,

    /// <summary>The overlay of captures covers the pane.</summary>
    Capture,

    /// <summary>An overlay of acting on the target covers the pane.</summary>
    Acting,
}

/// <summary>All that the screen remembers. Immutable; owned by the UI thread.</summary>
public sealed record AppState
{
    /// <summary>Id of the pane shown.</summary>
    public required string Pane { get; init; }

    public ImmutableDictionary<string, PaneState> Panes { get; init; } = ImmutableDictionary<string, PaneState>.Empty;

    /// <summary>The pane has the whole screen but for the footer.</summary>
    public bool Maximised { get; init; }

    public bool Paused { get; init; }

    /// <summary>What is shown while paused; null when it was paused before the first observation.</summary>
    public Observation? PausedAt { get; init; }

    public Marks Marks { get; init; } = Marks.None;

    public TraceWish TraceWish { get; init; } = TraceWish.None;

    /// <summary>The first moment of the target that had groups of goroutines: what their growth is counted from where nothing is marked.</summary>
    public Observation? First { get; init; }

    public LeakWish LeakWish { get; init; } = LeakWish.None;

    public InputMode Mode { get; init; }

    /// <summary>The text of the filter or palette being typed.</summary>
    public string Input { get; init; } = "";

    /// <summary>The filter to return to when typing is given up.</summary>
    public string FilterBefore { get; init; } = "";

    /// <summary>The chosen line of the palette, or the first line of the help that is shown.</summary>
    public int OverlayRow { get; init; }

    /// <summary>The action that waits in <see cref="InputMode.Confirm"/>, with what was typed after it.</summary>
    public PendingAction? Pending { get; init; }

    /// <summary>What is chosen in the overlay of captures; null before it was first opened.</summary>
    public CaptureChoice? Capture { get; init; }

    /// <summary>What is chosen in the overlays of acting; null before one was first opened.</summary>
    public ActingChoice? Acting { get; init; }

    /// <summary>What is shown was chosen in the fleet: leaving it leads back there.</summary>
    public bool IsFromFleet { get; init; }

    /// <summary>Shown in the footer until the next key.</summary>
    public string? Message { get; init; }

    /// <summary>Index into the themes that can be chosen.</summary>
    public int Theme { get; init; }

    public PaneState PaneStateOf(string pane) => Panes.GetValueOrDefault(pane, PaneState.Initial);

    public AppState With(string pane, PaneState state) => this with { Panes = Panes.SetItem(pane, state) };
}

/// <param name="Question">What is asked, e.g. <c>Restart service api on this server?</c>.</param>
public sealed record PendingAction(UserAction Action, string Argument, string Question);
