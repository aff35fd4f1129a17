using System.Collections.Immutable;
using GoTop.Engine.Analysis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet;

/// <summary>What the fleet can be grouped by.</summary>
public enum FleetGrouping : byte
{
    None,
    Service,
    Version,
    Host,
}

/// <summary>Targets that have something in common.</summary>
/// <param name="Name">Of what they have in common; null for those of which it is not known.</param>
/// <param name="Rows">Those in most trouble first.</param>
public sealed record FleetGroup(string? Name, ImmutableArray<RankedRow> Rows)
{
    public int Up => Rows.Count(row => row.Row.State == FleetState.Up);

    public int Down => Rows.Count(row => row.Row.State == FleetState.Down);

    public int InTrouble => Rows.Count(row => row.IsInTrouble);

    public double Score => Rows.Max(row => row.Score);

    /// <summary>Of those that tell it; absent with the reason of the first that does not.</summary>
    public Reading<double> Median(FleetFigure figure)
    {
        double[] values = [.. Rows.Where(row => row.Row[figure].HasValue).Select(row => row.Row[figure].Value)];
        return values.Length == 0 ? Rows[0].Row[figure] : Reading.Of(Medians.Of(values));
    }

    /// <summary>Of those that tell it.</summary>
    public Reading<double> Sum(FleetFigure figure)
    {
        double sum = 0;
        bool any = false;
        foreach (RankedRow row in Rows)
        {
            if (!row.Row[figure].TryGet(out double value)) continue;
            sum += value;
            any = true;
        }

        return any ? Reading.Of(sum) : Rows[0].Row[figure];
    }

    /// <summary>What all of them have in common, or how many different ones there are: <c>linux</c>, <c>3 versions</c>; null where nobody tells.</summary>
    public string? Common(Func<FleetRow, Reading<string>> select, string noun)
    {
        string[] values = [.. Rows.Select(row => select(row.Row)).Where(reading => reading.HasValue).Select(reading => reading.Value).Distinct(StringComparer.Ordinal).Take(3)];
        return values.Length switch
        {
            0 => null,
            <= 2 => string.Join(" + ", values.Order(StringComparer.Ordinal)),
            _ => $"several {noun}",
        };
    }

    /// <summary>The group of the worst target first.</summary>
    public static ImmutableArray<FleetGroup> Of(ImmutableArray<RankedRow> rows, FleetGrouping grouping) =>
    [
        .. rows.GroupBy(row => NameOf(row.Row, grouping), StringComparer.Ordinal).Select(group => new FleetGroup(group.Key, [.. group])).OrderByDescending(group => group.Score).ThenByDescending(group => group.Rows.Length)
            .ThenBy(group => group.Name, StringComparer.Ordinal),
    ];

    /// <summary>A version is told with its service: the same number of another service is another thing.</summary>
    public static string? NameOf(FleetRow row, FleetGrouping grouping) => grouping switch
    {
        FleetGrouping.Service => row.Service,
        FleetGrouping.Version => row.Version.TryGet(out string? version) ? $"{row.Service} {version}" : null,
        FleetGrouping.Host => row.Host.ValueOr(null),
        _ => row.Name,
    };
}
