using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GoTop.Actions;
using GoTop.Engine.Config;
using GoTop.Engine.Sampling;
using GoTop.Panes;

namespace GoTop.App;

/// <summary>How often traces are taken by themselves, and what is asked before one is forced.</summary>
internal static class TraceCycle
{
    /// <summary>A trace costs each time, so that it must not be the rule.</summary>
    private const int ShortestSeconds = 10;
    private const int LongestSeconds = 3600;

    /// <summary>What the key goes round.</summary>
    private static readonly ImmutableArray<int> Usual = [0, 300, 60, 30];

    /// <summary>What holds at present: what the person has set, or else what the source does by its configuration.</summary>
    public static int Of(TraceWish wish, Observation? shown) =>
        wish.EverySeconds ?? (shown?.Now.Facts.DearRequests.TryGet(out Engine.Model.DearRequests? requests) == true ? (int)requests.TraceEverySeconds : 0);

    /// <param name="now">The next usual one after it is meant by an empty text.</param>
    public static bool TryParse(string text, int now, out int seconds, [NotNullWhen(false)] out string? problem)
    {
        problem = null;
        text = text.Trim();
        if (text.Length == 0)
        {
            seconds = Usual[(Usual.IndexOf(now) + 1) % Usual.Length];
            return true;
        }

        seconds = 0;
        if (text is "off" or "never" or "0") return true;
        if (!DurationText.TryParse(text, out TimeSpan every)) problem = $"\"{text}\" is not a time; write 60s, 5m or off";
        else if (every.TotalSeconds is < ShortestSeconds or > LongestSeconds) problem = $"every {ShortestSeconds}s at most often, every 1h at least";
        else seconds = (int)every.TotalSeconds;
        return problem is null;
    }

    public static string Words(int seconds) => Figures.Age(seconds);

    public static string QuestionBeforeForce(IAppCommands app)
    {
        string why = app.Shown?.Now.Facts.DearRequests.TryGet(out Engine.Model.DearRequests? requests) == true && requests.HeldBack is { } held ? $"Held back: {held}. " : "";
        return string.Create(CultureInfo.InvariantCulture, $"{why}A trace of {app.State.TraceWish.Seconds} s costs the service 3-13 % of its throughput while it runs. Take it all the same?");
    }
}
