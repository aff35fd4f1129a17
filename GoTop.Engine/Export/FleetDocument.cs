using System.Collections.Immutable;
using GoTop.Engine.Fleet;

namespace GoTop.Engine.Export;

/// <summary>What <c>gotop fleet --json</c> prints: see docs/json.md.</summary>
public sealed record FleetDocument(DateTimeOffset Time, ImmutableArray<FleetSourcePart> Sources, int LeftOut, ImmutableArray<FleetTargetPart> Targets)
{
    public static FleetDocument Of(FleetSnapshot fleet) => new(
        fleet.Time,
        [.. fleet.Sources.Select(source => new FleetSourcePart(source.Source, JsonNames.Of(source.State), source.Reason, source.Rows.Length, source.Took.TotalMilliseconds))],
        fleet.Beyond,
        [.. fleet.Rows.Select(FleetTargetPart.Of)]);
}

public sealed record FleetSourcePart(string Name, string State, string? Reason, int Targets, double TookMilliseconds);

/// <param name="Trouble">0 for a target that is well; the list is sorted by it.</param>
public sealed record FleetTargetPart(
    string Service, string Name, string Source, string State, string? Reason, double Trouble, ImmutableArray<FleetCausePart> Causes, ImmutableArray<FleetOddPart> Odd,
    string? Host, string? Os, string? Version, string? GoVersion, DateTimeOffset? StartedAt, ImmutableSortedDictionary<string, double?> Figures,
    ImmutableSortedDictionary<string, string> Absent)
{
    public static FleetTargetPart Of(RankedRow ranked)
    {
        FleetRow row = ranked.Row;
        AbsenceList absent = new();
        ImmutableSortedDictionary<string, double?> figures = FleetFigureCatalog.All.ToImmutableSortedDictionary(
            info => info.Name, info => absent.Value($"figures.{info.Name}", row[info.Figure]), StringComparer.Ordinal);
        return new FleetTargetPart(
            row.Service, row.Name, row.Source, JsonNames.Of(row.State), row.Reason, Math.Round(ranked.Score, 2),
            [.. ranked.Causes.Select(cause => new FleetCausePart(JsonNames.Of(cause.Kind), JsonNames.Of(cause.Severity), cause.Text))],
            [.. ranked.Odd.Select(odd => new FleetOddPart(FleetFigureCatalog.Of(odd.Figure).Name, odd.Value, odd.Median, odd.Peers, Math.Round(odd.Distance, 2), odd.SameVersion))],
            absent.Text("host", row.Host), absent.Text("os", row.Os), absent.Text("version", row.Version), absent.Text("goVersion", row.GoVersion),
            absent.Value("startedAt", row.StartedAt), figures, absent.ToDictionary());
    }
}

public sealed record FleetCausePart(string Kind, string Severity, string Text);

/// <param name="Distance">From the median, in scaled median absolute deviations; negative below it.</param>
/// <param name="SameVersion">Peers are of the same version, else of any version of the service.</param>
public sealed record FleetOddPart(string Figure, double Value, double Median, int Peers, double Distance, bool SameVersion);
