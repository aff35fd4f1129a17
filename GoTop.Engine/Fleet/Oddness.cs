using GoTop.Engine.Analysis;

namespace GoTop.Engine.Fleet;

/// <summary>
/// How a figure of one target stands apart from its peers': those of the same service and version, and where they are too
/// few, of the same service. Distance is counted from the peers' median in their median distance from it, so that neither
/// a few odd ones nor a bad day of all of them moves the measure.
/// </summary>
/// <param name="Peers">How many gave the figure, without the target itself.</param>
/// <param name="Distance">From the median, in scaled MADs (of a normal distribution: standard deviations); negative below it.</param>
public sealed record Oddness(FleetFigure Figure, double Value, double Median, int Peers, double Distance, bool SameVersion)
{
    /// <summary>What is nearer than this is not odd.</summary>
    public const double LeastDistance = 5;

    /// <summary>With the target itself. Of three nobody can say which two are right.</summary>
    public const int FewestOfAKind = 4;

    /// <summary>A MAD of a normal distribution times this is its standard deviation.</summary>
    private const double ToDeviation = 1.4826;

    /// <summary>Peers may be as alike as they like: a twentieth of the median is no distance.</summary>
    private const double LeastShareOfMedian = 0.05;

    /// <summary>The distance's size: no number is worth more.</summary>
    private const double MostDistance = 1000;

    /// <summary>Odd figures of each row, the farthest first; empty for most.</summary>
    public static Oddness[][] Of(ReadOnlySpan<FleetRow> rows)
    {
        Oddness[][] odd = new Oddness[rows.Length][];
        Array.Fill(odd, []);
        Dictionary<string, List<int>> services = new(StringComparer.Ordinal);
        Dictionary<(string, string), List<int>> versions = [];
        for (int i = 0; i < rows.Length; i++)
        {
            if (rows[i].State != FleetState.Up) continue;
            Add(services, rows[i].Service, i);
            if (rows[i].Version.TryGet(out string? version)) Add(versions, (rows[i].Service, version), i);
        }

        double[] values = new double[rows.Length], distances = new double[rows.Length];
        Kinds work = new(rows, odd, values, distances);
        foreach (List<int> kind in versions.Values) work.Judge(kind, sameVersion: true);
        foreach ((string service, List<int> kind) in services)
        {
            // Only those whose own version is too rare are compared with other versions.
            List<int> rare = [];
            foreach (int i in kind)
            {
                if (!rows[i].Version.TryGet(out string? version) || versions[(service, version)].Count < FewestOfAKind) rare.Add(i);
            }

            if (rare.Count > 0) work.Judge(kind, sameVersion: false, rare);
        }

        foreach (Oddness[] found in odd) Array.Sort(found, (a, b) => Math.Abs(b.Distance).CompareTo(Math.Abs(a.Distance)));
        return odd;
    }

    private static void Add<TKey>(Dictionary<TKey, List<int>> kinds, TKey key, int row)
        where TKey : notnull
    {
        if (!kinds.TryGetValue(key, out List<int>? kind)) kinds[key] = kind = [];
        kind.Add(row);
    }

    private readonly ref struct Kinds(ReadOnlySpan<FleetRow> rows, Oddness[][] odd, double[] values, double[] distances)
    {
        private readonly ReadOnlySpan<FleetRow> _rows = rows;

        /// <param name="judged">Those of the kind that are judged; null for all.</param>
        public void Judge(List<int> kind, bool sameVersion, List<int>? judged = null)
        {
            if (kind.Count < FewestOfAKind) return;
            foreach (FleetFigureInfo info in FleetFigureCatalog.All)
            {
                int count = 0;
                foreach (int row in kind)
                {
                    if (_rows[row][info.Figure].TryGet(out double value)) values[count++] = value;
                }

                if (count < FewestOfAKind) continue;
                double median = Medians.Of(values.AsSpan(0, count));
                for (int i = 0; i < count; i++) distances[i] = Math.Abs(values[i] - median);
                double deviation = ToDeviation * Medians.Of(distances.AsSpan(0, count));
                double step = Math.Max(deviation, Math.Max(info.Floor, LeastShareOfMedian * Math.Abs(median)));
                foreach (int row in judged ?? kind)
                {
                    if (!_rows[row][info.Figure].TryGet(out double value)) continue;
                    double distance = Math.Clamp((value - median) / step, -MostDistance, MostDistance);
                    if (Math.Abs(distance) >= LeastDistance) odd[row] = [.. odd[row], new Oddness(info.Figure, value, median, count - 1, distance, sameVersion)];
                }
            }
        }
    }
}
