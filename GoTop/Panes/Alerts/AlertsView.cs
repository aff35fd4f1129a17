using System.Collections.Immutable;
using GoTop.Widgets;

namespace GoTop.Panes.Alerts;

/// <summary>The rules and how they stand.</summary>
/// <param name="Detail">All of the selected one, told below the table where there is room.</param>
public sealed record AlertsView(
    ImmutableArray<string> Views, int View, NoticeView? Notice, string Status, Tone StatusTone, TableView? Table, string Empty, ImmutableArray<(string Label, string Text)> Detail);
