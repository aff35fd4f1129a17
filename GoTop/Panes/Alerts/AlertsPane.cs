using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Alerts;

/// <summary>The alert rules of the agent on this machine: how each stands, why it does or does not fire, and who was told.</summary>
public sealed class AlertsPane : Pane<AlertsView>
{
    private const int AllView = 1;
    private static readonly TimeSpan StaleAfter = TimeSpan.FromSeconds(15);

    private readonly LastResult<(AgentAlerts Alerts, string? Target, string Filter, int Sort, bool Inverted), SortableTable> _rows = new();

    public override string Id => "alerts";

    public override string Title => "Alerts";

    public override string ShortTitle => "Alert";

    public override string? TabKey => "A";

    public override ImmutableArray<string> Views { get; } = ["this target", "all"];

    public override ImmutableArray<string> SortColumns(PaneInput input) => Rows(input) is { } rows ? [.. rows.Columns.Select(column => column.Title)] : [];

    public override AlertsView Build(PaneInput input)
    {
        AlertsView view = new(Views, input.State.View, null, "", Tone.Dim, null, "Nothing passes the filter.", []);
        if (!input.App.Alerts.TryGet(out AgentAlerts? alerts)) return view with { Notice = NoAgent(input.App.Alerts) };
        ImmutableArray<RuleStanding> rules = RulesOf(alerts, input);
        if (rules.IsEmpty)
        {
            string none = alerts.State.Rules.IsEmpty ? "The agent watches no target yet." : "The agent does not watch this target; v shows those it does.";
            return view with { Notice = new NoticeView(Tone.Accent, none, null, "Name it as [[target]] in gotop.toml.", []) };
        }

        SortableTable rows = Rows(input)!;
        int visible = AlertsDrawing.VisibleRows(input.Height);
        int selected = ListNavigation.Resolve(input.State, rows, visible).Selected;
        int firing = rules.Count(rule => rule.Phase == AlertPhase.Firing), pending = rules.Count(rule => rule.Phase == AlertPhase.Pending);
        string stale = alerts.ReadAt - alerts.State.WrittenAt is var age && age > StaleAfter ? $"; written {Figures.Age(age.TotalSeconds)} ago, the agent may be gone" : "";
        return view with
        {
            Status = $"{Figures.Counted(rules.Length, "rule")}, {Figures.Count(firing)} firing, {Figures.Count(pending)} pending{stale}",
            StatusTone = firing > 0 ? Tone.Critical : stale.Length > 0 || pending > 0 ? Tone.Warning : Tone.Dim,
            Table = rows.View(input.State, visible),
            Detail = selected < 0 ? [] : Detail(alerts, rules.FirstOrDefault(rule => AlertRows.KeyOf(rule).Equals(rows.KeyAt(selected)))),
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        if (command == PaneCommand.NextView) return PaneState.Initial with { View = (state.View + 1) % Views.Length };
        if (Rows(input) is not { } rows) return state;
        return command is PaneCommand.NextSort or PaneCommand.Invert
            ? ListNavigation.HandleSort(state, command, rows.Columns, input.Width)
            : ListNavigation.Handle(state, command, rows, AlertsDrawing.VisibleRows(input.Height));
    }

    protected override void Draw(AlertsView view, DrawContext context) => AlertsDrawing.Draw(view, context);

    private static ImmutableArray<(string, string)> Detail(AgentAlerts alerts, RuleStanding? rule)
    {
        if (rule is null) return [];
        ImmutableArray<(string, string)>.Builder lines = ImmutableArray.CreateBuilder<(string, string)>();
        lines.Add(("looks for", rule.LooksFor));
        lines.Add((rule.Phase == AlertPhase.Firing ? "why it fires" : "why not", rule.Why));
        if (rule.NextChance is { } next && rule.Phase != AlertPhase.Firing && next > rule.At) lines.Add(("may fire from", Figures.Clock(next.ToOffset(alerts.ReadAt.Offset))));
        if (rule.FiredAt is { } fired) lines.Add(("fired last", $"{Figures.Moment(fired.ToOffset(alerts.ReadAt.Offset))}, {(rule.TimesFired == 1 ? "once" : $"{Figures.Count(rule.TimesFired)} times")} since the agent started"));
        if (alerts.State.Alerts.FirstOrDefault(alert => alert.Rule == rule.Rule && alert.Target == rule.Target) is { } standing) lines.Add(("people", standing.Words));
        return lines.ToImmutable();
    }

    private static NoticeView NoAgent(Reading<AgentAlerts> alerts) => new(
        Tone.Accent, "No agent judges alerts here", alerts.Reason is { } reason ? Figure.Why(alerts.State, reason) : null,
        "gotop agent watches the targets of gotop.toml and tells people; gotop agent install makes it a service.", []);

    private static ImmutableArray<RuleStanding> RulesOf(AgentAlerts alerts, PaneInput input)
    {
        if (input.State.View == AllView) return alerts.State.Rules;
        string? name = alerts.NameOf(input.Observation);
        return [.. alerts.State.Rules.Where(rule => rule.Target == name)];
    }

    private SortableTable? Rows(PaneInput input)
    {
        if (!input.App.Alerts.TryGet(out AgentAlerts? alerts)) return null;
        PaneState state = input.State;
        bool all = state.View == AllView;
        return _rows.Get(
            (alerts, all ? null : alerts.NameOf(input.Observation), state.Filter, state.SortColumn, state.Inverted),
            (alerts, input, all),
            static made => AlertRows.Of(RulesOf(made.alerts, made.input), made.alerts.ReadAt, made.all, made.input.State));
    }
}
