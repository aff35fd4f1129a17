using System.CommandLine.Parsing;
using System.Globalization;
using GoTop.Engine.Config;

namespace GoTop.Cli;

/// <summary>Reads <c>1s</c>, <c>500ms</c>, <c>5m</c> and, since users of top type it, a plain number of seconds.</summary>
internal static class Durations
{
    public static TimeSpan? Parse(ArgumentResult result)
    {
        string text = result.Tokens[^1].Value;
        if (DurationText.TryParse(text, out TimeSpan duration)
            || (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double seconds) && (duration = TimeSpan.FromSeconds(Math.Min(seconds, 1e9))) > TimeSpan.Zero))
        {
            if (duration >= GoTopConfig.ShortestInterval && duration <= TimeSpan.FromDays(365)) return duration;
            result.AddError($"{text}: the shortest interval is {GoTopConfig.ShortestInterval.TotalMilliseconds:0} ms");
            return null;
        }

        result.AddError($"\"{text}\" is no duration: write 1s, 500ms or 5m");
        return null;
    }
}
