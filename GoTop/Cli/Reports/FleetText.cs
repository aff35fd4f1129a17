using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>The fleet as plain text.</summary>
internal static class FleetText
{
    public static void Write(TextWriter output, FleetSnapshot fleet, FleetGrouping grouping)
    {
        int down = fleet.Rows.Count(row => row.Row.State == FleetState.Down), trouble = fleet.Rows.Count(row => row.IsInTrouble);
        output.Write(Figures.Invariant($"{fleet.Time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z  {Figures.Counted(fleet.Rows.Length, "target")}, {down} down, {trouble} in trouble"));
        if (grouping == FleetGrouping.None) WriteTargets(output, fleet);
        else WriteGroups(output, fleet, grouping);
        if (fleet.Beyond > 0) output.WriteLine(Figures.Invariant($"{fleet.Beyond} more were left out: narrow the selector"));
        output.WriteLine();
    }

    private static void WriteTargets(TextWriter output, FleetSnapshot fleet)
    {
        TextTable table = new("SERVICE", "TARGET", "HOST", "OS", "VERSION", "GO", "CPU", "MEMORY", "GOROUTINES", "WHY") { LeftColumns = 6 };
        foreach (RankedRow ranked in fleet.Rows)
        {
            FleetRow row = ranked.Row;
            table.Add(
                row.Service, row.Name, Of(row.Host), Of(row.Os), Of(row.Version), Of(row.GoVersion), Of(row, FleetFigure.Cpu), Of(row, FleetFigure.Resident), Of(row, FleetFigure.Goroutines),
                string.Join("; ", ranked.Causes.Select(cause => cause.Text)));
        }

        table.Write(output, "");
    }

    private static void WriteGroups(TextWriter output, FleetSnapshot fleet, FleetGrouping grouping)
    {
        TextTable table = new(grouping.ToString().ToUpperInvariant(), "TARGETS", "DOWN", "TROUBLE", "OS", "CPU EACH", "MEMORY EACH", "GOROUTINES EACH", "WORST") { LeftColumns = 1 };
        foreach (FleetGroup group in FleetGroup.Of(fleet.Rows, grouping))
        {
            table.Add(
                group.Name ?? "–", Figures.Count(group.Rows.Length), Figures.Count(group.Down), Figures.Count(group.InTrouble), group.Common(row => row.Os, "systems") ?? "–",
                Of(group.Median(FleetFigure.Cpu), Unit.Percent), Of(group.Median(FleetFigure.Resident), Unit.Bytes), Of(group.Median(FleetFigure.Goroutines), Unit.Count),
                group.Rows[0].Causes is [{ } cause, ..] ? $"{group.Rows[0].Row.Name}: {cause.Text}" : "");
        }

        table.Write(output, "");
    }

    private static string Of(Reading<string> reading) => reading.ValueOr(null) ?? "–";

    private static string Of(FleetRow row, FleetFigure figure) => Of(row[figure], FleetFigureCatalog.Of(figure).Unit);

    private static string Of(Reading<double> reading, Unit unit) => reading.TryGet(out double value) ? Figures.Of(unit, value) : "–";
}
