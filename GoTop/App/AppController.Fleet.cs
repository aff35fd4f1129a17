using GoTop.Engine.Fleet;
using GoTop.Panes;
using GoTop.Panes.Fleet;

namespace GoTop.App;

/// <summary>The fleet: from its table to a target's own screen and back.</summary>
public sealed partial class AppController
{
    /// <summary>The pane of many targets; opening a row there chooses the target.</summary>
    public const string FleetPane = "fleet";

    /// <summary>Panes that are about the choice of a target, not about one.</summary>
    private static bool IsChooser(string pane) => pane is PickerPane or FleetPane;

    /// <summary>What the fleet's pane has made of a command, where more than the pane follows from it.</summary>
    private void AfterFleet(PaneCommand command, PaneState before, PaneState after)
    {
        FleetTargetKey? was = GoTop.Panes.Fleet.FleetPane.OpenedTarget(before), opened = GoTop.Panes.Fleet.FleetPane.OpenedTarget(after);
        if (opened != was) Host.ShowFleetTarget(opened is null ? null : Row(opened));
        if (command != PaneCommand.Open) return;
        // Where Enter has opened a group, nothing is selected in it yet.
        FleetTargetKey? chosen = opened ?? after.Selected as FleetTargetKey;
        if (chosen is not null && Row(chosen) is { } row) Host.OpenFleetTarget(row);
    }

    private FleetRow? Row(FleetTargetKey key) => Facts.Fleet.TryGet(out FleetSnapshot? fleet) ? fleet.Find(key.Id)?.Row : null;
}
