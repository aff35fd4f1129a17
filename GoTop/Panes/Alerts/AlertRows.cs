using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Alerts;

/// <summary>Rules as rows, by rule and target; what fires comes first.</summary>
internal static class AlertRows
{
    private static readonly TableColumn Target = new("TARGET", 12, Grow: 1);

    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("STATE", 8),
        new("RULE", 18, Grow: 1),
        new("VALUE", 9, Align.Right, Priority: 2),
        new("FOR", 7, Align.Right, Priority: 1),
        new("FIRED", 5, Align.Right, Priority: 4),
        new("WHY", 24, Grow: 4),
        new("SEVERITY", 8, Priority: 3),
    ];

    public static SortableTable Of(ImmutableArray<RuleStanding> rules, DateTimeOffset now, bool withTarget, PaneState state) => SortableTable.Of(
        withTarget ? Columns.Insert(1, Target) : Columns,
        rules.OrderByDescending(rule => Rank(rule.Phase)).ThenByDescending(rule => rule.Severity).Select(rule => Row(rule, now, withTarget)),
        state);

    public static (string Rule, string Target) KeyOf(RuleStanding rule) => (rule.Rule, rule.Target);

    public static string Word(AlertPhase phase) => phase switch
    {
        AlertPhase.Firing => "FIRING",
        AlertPhase.Pending => "pending",
        AlertPhase.Resolved => "resolved",
        _ => "quiet",
    };

    private static SortableRow Row(RuleStanding rule, DateTimeOffset now, bool withTarget)
    {
        Tone tone = ToneOf(rule);
        double seconds = rule.At == default ? 0 : Math.Max(0, (now - rule.Since).TotalSeconds);
        ImmutableArray<TableCell> cells =
        [
            new(Word(rule.Phase), tone),
            new(rule.Rule, rule.Phase == AlertPhase.Firing ? tone : Tone.Normal),
            new(rule.Value ?? Figure.MissingText, rule.Value is null ? Tone.Dim : Tone.Normal),
            new(Figures.Age(seconds), Tone.Dim),
            new(rule.TimesFired == 0 ? "" : Figures.Count(rule.TimesFired), Tone.Normal),
            new(rule.Why, rule.Phase == AlertPhase.Inactive ? Tone.Dim : Tone.Normal),
            new(SeverityWords.Of(rule.Severity), Tone.Dim),
        ];
        ImmutableArray<double> order = [Rank(rule.Phase), double.NaN, double.NaN, seconds, rule.TimesFired, double.NaN, (int)rule.Severity];
        return withTarget
            ? new SortableRow(KeyOf(rule), cells.Insert(1, new TableCell(rule.Target, Tone.Normal)), order.Insert(1, double.NaN))
            : new SortableRow(KeyOf(rule), cells, order);
    }

    private static Tone ToneOf(RuleStanding rule) => rule.Phase switch
    {
        AlertPhase.Firing => rule.Severity == Severity.Critical ? Tone.Critical : Tone.Warning,
        AlertPhase.Pending => Tone.Warning,
        AlertPhase.Resolved => Tone.Good,
        _ => Tone.Dim,
    };

    private static int Rank(AlertPhase phase) => phase switch
    {
        AlertPhase.Firing => 3,
        AlertPhase.Pending => 2,
        AlertPhase.Resolved => 1,
        _ => 0,
    };
}
