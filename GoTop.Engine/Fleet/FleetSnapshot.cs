using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Fleet;

/// <summary>A row with what it is judged to be.</summary>
/// <param name="Causes">The heaviest first; empty for a target that is well.</param>
/// <param name="Odd">The farthest first; empty for most.</param>
public sealed record RankedRow(FleetRow Row, double Score, ImmutableArray<TroubleCause> Causes, ImmutableArray<Oddness> Odd)
{
    /// <summary>That it has just been started is told, but is no trouble.</summary>
    public bool IsInTrouble => Causes.Any(cause => cause.Kind != TroubleKind.Restarted);

    public Severity? Worst => Causes.IsEmpty ? null : Causes.Max(cause => cause.Severity);
}

/// <summary>The whole fleet at one moment, those in most trouble first. Immutable.</summary>
public sealed record FleetSnapshot(DateTimeOffset Time, ImmutableArray<RankedRow> Rows, ImmutableArray<FleetPart> Sources)
{
    /// <summary>More targets are not taken: a slip in a selector must not cost the machine its memory.</summary>
    public const int MostRows = 20_000;

    /// <summary>How many were left out.</summary>
    public int Beyond { get; init; }

    /// <summary>Puts the sources' rows together and ranks them. Of a target that two know, the first one's row stays, with the alerts of both.</summary>
    public static FleetSnapshot Of(ImmutableArray<FleetPart> sources, DateTimeOffset now)
    {
        (FleetRow[] rows, int beyond) = Merged(sources);
        Oddness[][] odd = Oddness.Of(rows);
        RankedRow[] ranked = new RankedRow[rows.Length];
        for (int i = 0; i < rows.Length; i++)
        {
            ImmutableArray<TroubleCause> causes = Trouble.Of(rows[i], odd[i], now);
            ranked[i] = new RankedRow(rows[i], Trouble.Score(causes), causes, [.. odd[i]]);
        }

        Array.Sort(ranked, static (a, b) => b.Score.CompareTo(a.Score) is not 0 and int byScore ? byScore
            : string.CompareOrdinal(a.Row.Service, b.Row.Service) is not 0 and int byService ? byService
            : string.CompareOrdinal(a.Row.Id, b.Row.Id));
        return new FleetSnapshot(now, [.. ranked], sources) { Beyond = beyond };
    }

    public RankedRow? Find(string id) => Rows.FirstOrDefault(row => row.Row.Id == id);

    private static (FleetRow[] Rows, int Beyond) Merged(ImmutableArray<FleetPart> sources)
    {
        List<FleetRow> rows = [];
        Dictionary<string, int> byAuthority = new(StringComparer.OrdinalIgnoreCase);
        int beyond = 0;
        foreach (FleetPart source in sources)
        {
            int before = rows.Count;
            foreach (FleetRow row in source.Rows)
            {
                if (row.Authority is { } known && byAuthority.TryGetValue(known, out int at) && at < before)
                {
                    if (!row.Alerts.IsEmpty) rows[at] = rows[at] with { Alerts = [.. rows[at].Alerts, .. row.Alerts] };
                    continue;
                }

                if (rows.Count == MostRows)
                {
                    beyond++;
                    continue;
                }

                if (row.Authority is { } authority) byAuthority.TryAdd(authority, rows.Count);
                rows.Add(row);
            }
        }

        return ([.. rows], beyond);
    }
}
