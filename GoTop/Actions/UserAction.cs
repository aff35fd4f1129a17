using System.Collections.Immutable;
using GoTop.Panes;

namespace GoTop.Actions;

/// <summary>Whether an action can do harm.</summary>
public enum Danger
{
    None,

    /// <summary>Changes the target or the machine: is asked about first, and is absent with <c>--readonly</c>.</summary>
    Asks,

    /// <summary>Opens something that shows what would happen and asks itself; is absent with <c>--readonly</c> as well.</summary>
    ShowsFirst,
}

/// <summary>The panes in which an action's keys count.</summary>
public sealed record ActionScope(ImmutableArray<string> Panes)
{
    public static ActionScope Global { get; } = new([]);

    public bool IsGlobal => Panes.IsEmpty;

    public static ActionScope In(params ImmutableArray<string> panes) => new(panes);

    public bool Covers(string pane) => IsGlobal || Panes.Contains(pane);

    /// <summary>There is a pane in which both count.</summary>
    public bool Overlaps(ActionScope other) => IsGlobal || other.IsGlobal || Panes.Any(other.Covers);
}

/// <summary>Something the person at the keyboard can do. Help, palette, footer, key bindings and the README come from it.</summary>
public sealed record UserAction
{
    /// <summary>Stable: configuration and the palette refer to it, e.g. <c>sort-next</c>.</summary>
    public required string Id { get; init; }

    /// <summary>What it does, for help and palette.</summary>
    public required string Title { get; init; }

    /// <summary>In the spelling of <see cref="KeyStroke.TryParse"/>; empty when it is only in the palette.</summary>
    public ImmutableArray<string> DefaultKeys { get; init; } = [];

    public ActionScope Scope { get; init; } = ActionScope.Global;

    public Danger Danger { get; init; }

    /// <summary>Heading in the help.</summary>
    public required string Group { get; init; }

    /// <summary>One or two words for the footer; null to leave it out there.</summary>
    public string? Hint { get; init; }

    /// <summary>Whether it means anything in a pane as it stands; the footer leaves it out where it does not.</summary>
    public Func<IPane, PaneState, bool> MeansSomething { get; init; } = (_, _) => true;

    /// <summary>What may be typed after its id in the palette, e.g. <c>3m ago</c>; null when nothing may.</summary>
    public string? Argument { get; init; }

    /// <summary>What to ask first, when dangerous; the title is asked when this is null.</summary>
    public Func<IAppCommands, string>? Question { get; init; }

    /// <summary>The effect. Runs on the UI thread and returns at once; the argument is empty when there is none.</summary>
    public required Action<IAppCommands, string> Run { get; init; }
}
