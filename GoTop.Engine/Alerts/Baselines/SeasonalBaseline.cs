using GoTop.Engine.Analysis;

namespace GoTop.Engine.Alerts.Baselines;

/// <summary>What a figure usually is at a time of day.</summary>
/// <param name="Usual">The median of the days that count.</param>
/// <param name="Spread">How far it usually is from it: 1.48 × the median distance, a standard deviation where days scatter evenly.</param>
/// <param name="Days">Days that count: working days, or weekends, as today is one.</param>
public readonly record struct Expectation(double Usual, double Spread, int Days);

/// <summary>
/// The learnt daily and weekly shape of one figure: for each quarter of an hour the medians of the last days. Medians of medians,
/// so that neither a spike nor a bad day teaches it anything.
/// </summary>
public sealed class SeasonalBaseline
{
    public const int SlotsPerDay = 96;
    public const int DaysKept = 28;

    /// <summary>Days that scatter less than this share of their median still differ by that much tomorrow.</summary>
    private const double LeastSpread = 0.03;

    private const int MostValues = 90;

    // By slot and day number modulo DaysKept; NaN where nothing was learnt.
    private readonly double[] _medians = new double[SlotsPerDay * DaysKept];
    private readonly int[] _days = new int[SlotsPerDay * DaysKept];
    private readonly List<double> _current = new(MostValues);
    private long _slot = -1;
    private int _every = 1;
    private int _skipped;
    private bool _excluded;

    public SeasonalBaseline() => Array.Fill(_medians, double.NaN);

    /// <summary>Learns a value.</summary>
    /// <param name="local">In the time zone whose days count.</param>
    /// <param name="isUsual">False after a restart or a deployment: the whole quarter is not learnt from.</param>
    public void Add(DateTimeOffset local, double value, bool isUsual)
    {
        long slot = SlotNumber(local);
        if (slot != _slot)
        {
            Finish();
            _slot = slot;
        }

        _excluded |= !isUsual;
        if (++_skipped < _every) return;
        _skipped = 0;
        if (_current.Count == MostValues)
        {
            // Every second one is kept, and of those to come every second only: evenly spread over the quarter.
            for (int i = 0; i < MostValues / 2; i++) _current[i] = _current[i * 2];
            _current.RemoveRange(MostValues / 2, MostValues - (MostValues / 2));
            _every *= 2;
        }

        _current.Add(value);
    }

    /// <returns>Null while too few days of this kind are known at this time of day.</returns>
    public Expectation? Expect(DateTimeOffset local)
    {
        long now = SlotNumber(local);
        List<double> values = [];
        for (long slot = now - 1; slot <= now + 1; slot++)
        {
            foreach (double median in Known(slot, DayOf(now))) values.Add(median);
        }

        int days = DaysKnown(local);
        if (days < DaysNeeded(local)) return null;
        double[] all = [.. values];
        double usual = Medians.Of(all);
        for (int i = 0; i < all.Length; i++) all[i] = Math.Abs(all[i] - usual);
        return new Expectation(usual, Math.Max(1.4826 * Medians.Of(all), LeastSpread * Math.Abs(usual)), days);
    }

    /// <summary>Days of this kind (working days, or weekends) of which anything is known at this time of day, today left out.</summary>
    public int DaysKnown(DateTimeOffset local)
    {
        long now = SlotNumber(local);
        return Known(now, DayOf(now)).Count();
    }

    /// <summary>So many of them it takes to judge: a weekend has two.</summary>
    public static int DaysNeeded(DateTimeOffset local) => IsWeekend(DayOf(SlotNumber(local))) ? 2 : 3;

    /// <summary>The medians of a slot on earlier days of the same kind as a day.</summary>
    private IEnumerable<double> Known(long slot, int today)
    {
        for (int back = 1; back < DaysKept; back++)
        {
            long then = slot - ((long)back * SlotsPerDay);
            if (then < 0) yield break;
            int at = Index(then);
            if (!double.IsNaN(_medians[at]) && _days[at] == DayOf(then) && IsWeekend(DayOf(then)) == IsWeekend(today)) yield return _medians[at];
        }
    }

    private static int DayOf(long slot) => (int)(slot / SlotsPerDay);

    /// <summary>What was learnt, for a file: day numbers and medians of the slots that have one.</summary>
    internal IEnumerable<LearntSlot> Learnt()
    {
        for (int i = 0; i < _medians.Length; i++)
        {
            if (!double.IsNaN(_medians[i])) yield return new LearntSlot(_days[i], i / DaysKept, _medians[i]);
        }
    }

    internal void Relearn(IEnumerable<LearntSlot> learnt)
    {
        foreach (LearntSlot slot in learnt)
        {
            if (slot is not { Day: >= 0 and < 4_000_000, Slot: >= 0 and < SlotsPerDay } || !double.IsFinite(slot.Median)) continue;
            int at = Index(((long)slot.Day * SlotsPerDay) + slot.Slot);
            _medians[at] = slot.Median;
            _days[at] = slot.Day;
        }
    }

    private void Finish()
    {
        if (_slot >= 0 && _current.Count > 0 && !_excluded)
        {
            int at = Index(_slot);
            _medians[at] = Medians.Of(_current.ToArray());
            _days[at] = (int)(_slot / SlotsPerDay);
        }

        _current.Clear();
        _every = 1;
        _skipped = 0;
        _excluded = false;
    }

    private static long SlotNumber(DateTimeOffset local) => local.DateTime.Ticks / (TimeSpan.TicksPerDay / SlotsPerDay);

    private static int Index(long slot) => slot < 0 ? 0 : (int)((slot % SlotsPerDay * DaysKept) + (slot / SlotsPerDay % DaysKept));

    /// <param name="day">Days since the first of January of year 1, a Monday.</param>
    private static bool IsWeekend(int day) => day % 7 >= 5;
}

/// <param name="Day">Days since the first of January of year 1.</param>
/// <param name="Slot">Quarter of an hour of that day.</param>
internal readonly record struct LearntSlot(int Day, int Slot, double Median);
