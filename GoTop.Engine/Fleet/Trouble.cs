using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Fleet;

/// <summary>Why a target stands where it stands in the fleet's table.</summary>
/// <param name="Weight">The table is sorted by the heaviest cause, then by the others.</param>
/// <param name="Text">In words, for the screen.</param>
/// <param name="Brief">In few, for a narrow column beside the kind: what it is, then by how much.</param>
public sealed record TroubleCause(TroubleKind Kind, Severity Severity, double Weight, string Text, string Brief);

public enum TroubleKind : byte
{
    Down,
    Unread,
    Alert,
    Limit,
    Odd,
    Restarted,
}

/// <summary>Ranks a target by what is known of it: down, alerts, limits, oddness. Pure.</summary>
public static class Trouble
{
    private const double DownWeight = 1000, CriticalWeight = 600, UnreadWeight = 450, WarningWeight = 400, NoticeWeight = 150, OddWeight = 100, MostOddWeight = 380, RestartedWeight = 60;

    /// <summary>A start within this time is told.</summary>
    private static readonly TimeSpan Young = TimeSpan.FromMinutes(10);

    /// <summary>From which value on a figure is trouble by itself, whatever its peers do.</summary>
    private static readonly ImmutableArray<(FleetFigure Figure, double Warning, double Critical, string Words)> Limits =
    [
        (FleetFigure.MemoryOfLimit, 85, 95, "of GOMEMLIMIT used"),
        (FleetFigure.HandlesOfLimit, 75, 90, "of its handles used"),
        (FleetFigure.GcCpu, 10, 25, "of its cores for GC"),
        (FleetFigure.Pause, 2, 10, "of the time stopped for GC"),
        (FleetFigure.SchedulingLatency, 20e6, 100e6, "until goroutines run (p99)"),
    ];

    /// <summary>The heaviest first; empty for a target that is well.</summary>
    public static ImmutableArray<TroubleCause> Of(FleetRow row, ReadOnlySpan<Oddness> odd, DateTimeOffset now)
    {
        List<TroubleCause>? causes = null;
        if (row.State == FleetState.Down) Add(new TroubleCause(TroubleKind.Down, Severity.Critical, DownWeight, Because("down", row.Reason), row.Reason ?? "down"));
        if (row.State == FleetState.Unread) Add(new TroubleCause(TroubleKind.Unread, Severity.Warning, UnreadWeight, Because("no metrics", row.Reason), row.Reason ?? "no metrics"));
        foreach (FleetAlert alert in row.Alerts) Add(new TroubleCause(TroubleKind.Alert, alert.Severity, WeightOf(alert.Severity), $"alert {alert.Name}", alert.Name));
        if (row.State == FleetState.Up)
        {
            foreach ((FleetFigure figure, double warning, double critical, string words) in Limits)
            {
                if (!row[figure].TryGet(out double value) || value < warning) continue;
                Severity severity = value >= critical ? Severity.Critical : Severity.Warning;
                // Of two that are beyond the same limit the one farther beyond comes first.
                double beyond = Math.Min(40, 40 * (value - warning) / Math.Max(critical - warning, 1));
                string text = $"{Figures.Of(FleetFigureCatalog.Of(figure).Unit, value)} {words}";
                Add(new TroubleCause(TroubleKind.Limit, severity, WeightOf(severity) - 60 + beyond, text, text));
            }

            foreach (Oddness one in odd) Add(new TroubleCause(TroubleKind.Odd, Severity.Notice, WeightOf(one), Words(one), $"{FleetFigureCatalog.Of(one.Figure).Title} {Times(one)}"));
            if (row.StartedAt.TryGet(out DateTimeOffset started) && now - started is { } age && age >= TimeSpan.Zero && age < Young)
                Add(new TroubleCause(TroubleKind.Restarted, Severity.Notice, RestartedWeight * (1 - (age / Young)), $"started {Figures.Age(age.TotalSeconds)} ago", $"started {Figures.Age(age.TotalSeconds)} ago"));
        }

        if (causes is null) return [];
        causes.Sort((a, b) => b.Weight.CompareTo(a.Weight));
        return [.. causes];

        void Add(TroubleCause cause) => (causes ??= []).Add(cause);
    }

    /// <summary>What the table is sorted by: the heaviest cause decides, the others among equals.</summary>
    public static double Score(ImmutableArray<TroubleCause> causes)
    {
        double score = 0;
        for (int i = 0; i < causes.Length; i++) score += i == 0 ? causes[i].Weight : causes[i].Weight / 100;
        return score;
    }

    /// <summary><c>12,041 goroutines, 7 peers have 210 (58×)</c>.</summary>
    public static string Words(Oddness odd)
    {
        FleetFigureInfo info = FleetFigureCatalog.Of(odd.Figure);
        return $"{info.Title} {Figures.Of(info.Unit, odd.Value)} against {Figures.Of(info.Unit, odd.Median)} of {odd.Peers} peers ({Times(odd)})";
    }

    private static string Times(Oddness odd) => odd.Median > 0 && odd.Value > 0
        ? odd.Value >= odd.Median ? Figures.Invariant($"{Factor(odd.Value / odd.Median)}×") : Figures.Invariant($"1/{Factor(odd.Median / odd.Value)}")
        : odd.Value > odd.Median ? "above" : "below";

    private static string Factor(double factor) => factor < 9.95 ? Figures.Invariant($"{factor:0.0}") : Figures.Count(factor);

    private static double WeightOf(Oddness odd) =>
        Math.Min(MostOddWeight, OddWeight + (40 * Math.Log2(Math.Abs(odd.Distance) / Oddness.LeastDistance)));

    private static double WeightOf(Severity severity) => severity switch
    {
        Severity.Critical => CriticalWeight,
        Severity.Warning => WarningWeight,
        _ => NoticeWeight,
    };

    private static string Because(string what, string? reason) => reason is null ? what : $"{what}: {reason}";
}
