using System.Globalization;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Control.Affinity;

/// <summary>Priorities as people write them, in what each system has for them.</summary>
public static class PriorityText
{
    private static readonly (string Word, int Nice, string Class)[] Levels =
        [("idle", 19, "Idle"), ("below-normal", 10, "BelowNormal"), ("normal", 0, "Normal"), ("above-normal", -5, "AboveNormal"), ("high", -10, "High")];

    public static IEnumerable<string> Words => Levels.Select(level => level.Word);

    /// <param name="level">A word, or a nice value on Linux; null to leave it.</param>
    /// <param name="io">Linux: an ioprio class; null to leave it.</param>
    /// <param name="eco">Windows: EcoQoS; null to leave it.</param>
    /// <exception cref="ControlException">This system has no such thing.</exception>
    public static ProcessPriority Parse(string? level, string? io, bool? eco, bool isWindows)
    {
        if (isWindows && io is not null) throw new ControlException("an I/O priority by class is Linux's");
        if (!isWindows && eco is not null) throw new ControlException("EcoQoS is Windows'");
        ProcessPriority priority = new() { Io = io is "best-effort" or "realtime" ? io + ":4" : io, EcoQos = eco };
        if (level is null) return priority;
        foreach ((string word, int nice, string name) in Levels)
        {
            if (word == level) return isWindows ? priority with { Class = name } : priority with { Nice = nice };
        }

        if (!isWindows && int.TryParse(level, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number is >= -20 and <= 19) return priority with { Nice = number };
        throw new ControlException($"\"{level}\" is no priority: {string.Join(", ", Words)}{(isWindows ? "" : ", or a nice value from -20 to 19")}");
    }
}
