namespace GoTop.Bench.Alerts;

/// <summary>
/// Requests a second of a service that people use by day: two humps on working days, less on weekends, days that differ from each
/// other, and noise that lasts for minutes. A few evenings bring more than twice as many for three quarters of an hour.
/// </summary>
internal sealed class LoadShape
{
    /// <summary>How many times the requests a crowd's evening brings.</summary>
    public const double CrowdFactor = 2.2;

    private const double Peak = 400;
    private const double NightShare = 0.15;
    private const double WeekendShare = 0.45;
    private const double MondayMorningShare = 0.2;
    private const double DaySpread = 0.05;
    private const double NoiseSpread = 0.04;
    private const double NoiseMinutes = 30;
    private const double CrowdChance = 0.1;
    private static readonly TimeSpan CrowdTime = TimeSpan.FromMinutes(45);

    private readonly Random _random;
    private DateOnly _day;
    private double _dayFactor = 1;
    private TimeSpan? _crowdAt;
    private double _noise;

    public LoadShape(Random random) => _random = random;

    /// <summary>Asked for in ascending order.</summary>
    /// <param name="stepSeconds">Since the time asked for before.</param>
    public double RequestsPerSecond(DateTimeOffset now, double stepSeconds)
    {
        DateOnly day = DateOnly.FromDateTime(now.DateTime);
        if (day != _day)
        {
            _day = day;
            _dayFactor = 1 + (DaySpread * _random.Normal());
            _crowdAt = _random.NextDouble() < CrowdChance ? TimeSpan.FromHours(18 + (3 * _random.NextDouble())) : null;
        }

        double kept = Math.Exp(-stepSeconds / 60 / NoiseMinutes);
        _noise = (_noise * kept) + (NoiseSpread * Math.Sqrt(1 - (kept * kept)) * _random.Normal());
        double hour = now.TimeOfDay.TotalHours;
        double shape = NightShare + ((1 - NightShare) * Math.Min(1, Hump(hour, 10.5, 2.2) + Hump(hour, 15, 2.6) + (0.35 * Hump(hour, 20, 1.8))));
        if (now.DayOfWeek is DayOfWeek.Saturday or DayOfWeek.Sunday) shape *= WeekendShare;
        if (now.DayOfWeek == DayOfWeek.Monday) shape *= 1 + (MondayMorningShare * Hump(hour, 9.5, 0.8));
        bool isCrowd = _crowdAt is { } at && now.TimeOfDay >= at && now.TimeOfDay < at + CrowdTime;
        return Peak * shape * _dayFactor * Math.Exp(_noise) * (isCrowd ? CrowdFactor : 1);
    }

    private static double Hump(double hour, double at, double width) => Math.Exp(-Math.Pow((hour - at) / width, 2) / 2);
}
