using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>The <c>[flight_recorder]</c> table.</summary>
public sealed record FlightRecorderSettings
{
    public const int LongestSeconds = 600;
    public const int MostMegabytes = 1024;

    /// <summary>It runs all the time, and so costs all the time: a person has to want it.</summary>
    public bool Enabled { get; init; }

    public int Seconds { get; init; } = 30;

    /// <summary>At 100,000 events a second, four are about a second.</summary>
    public int Megabytes { get; init; } = 64;

    internal static FlightRecorderSettings Read(TableReader? table)
    {
        FlightRecorderSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            Enabled = table.Truth("enabled") ?? settings.Enabled,
            Seconds = table.WholeNumber("seconds", 1, LongestSeconds) ?? settings.Seconds,
            Megabytes = table.WholeNumber("megabytes", 4, MostMegabytes) ?? settings.Megabytes,
        };
        table.Finish();
        return settings;
    }
}
