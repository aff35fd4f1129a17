using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class LogDerivationTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);

    /// <summary>Recordings of older versions hold such.</summary>
    [Fact]
    public void Patterns_of_one_text_that_were_told_twice_are_counted_together()
    {
        LogFigures figures = Derive(Counters(0, new LogPattern("disk full", LineLevel.Error, 2, Start, Start), new LogPattern("disk full", LineLevel.Error, 3, Start, Start)), Counters(1, new LogPattern("disk full", LineLevel.Error, 9, Start, Start)));
        Assert.Equal(4, Assert.Single(figures.Patterns.Value).PerSecond.Value);
    }

    [Fact]
    public void Lines_a_minute_are_those_of_a_whole_minute_and_unknown_before()
    {
        LogFigures? figures = null;
        LogCounters? before = null;
        for (int tenth = 0; tenth <= 3000; tenth++)
        {
            // Five lines in second 70 alone.
            LogCounters now = Counters(0) with { ReadAtNanoseconds = (tenth + 1) * 100_000_000L, Matches = [new LogMatches("level>=error", tenth >= 700 ? 5 : 0)] };
            figures = LogDerivation.Derive(before is null ? default : Reading.Of(before), figures, Reading.Of(now));
            before = now;
            Reading<double> perMinute = Assert.Single(figures.Matches.Value).PerMinute;
            if (tenth < 600)
                Assert.Equal((ReadingState.NotYet, "lines a minute are known once a minute was counted"), (perMinute.State, perMinute.Reason));
            else if (tenth is >= 600 and < 700 or > 1310)
                Assert.Equal(0, perMinute.Value);
            else if (tenth < 1290)
                Assert.InRange(perMinute.Value, 4.9, 5);
        }
    }

    [Fact]
    public void A_minute_begins_anew_with_the_following_and_survives_a_reading_that_failed()
    {
        LogFigures figures = Minute(null, Counted(0, 0));
        figures = Minute(figures, Counted(30, 10));
        figures = LogDerivation.Derive(Reading.Of(Counted(30, 10)), figures, Reading.Failed<LogCounters>("no"));
        Assert.False(figures.Matches.HasValue);
        figures = Minute(figures, Counted(60, 30));
        Assert.Equal(30, figures.Matches.Value[0].PerMinute.Value);
        // Slower ticks than a minute count by the time that passed.
        figures = Minute(figures, Counted(210, 330));
        Assert.Equal(120, figures.Matches.Value[0].PerMinute.Value);
        figures = Minute(figures, Counted(270, 5) with { Since = Start.AddHours(1) });
        Assert.Equal(ReadingState.NotYet, figures.Matches.Value[0].PerMinute.State);

        static LogFigures Minute(LogFigures? before, LogCounters now) => LogDerivation.Derive(default, before, Reading.Of(now));

        static LogCounters Counted(int second, long lines) => Counters(second) with { Matches = [new LogMatches("x", lines)] };
    }

    private static LogFigures Derive(LogCounters before, LogCounters now) => LogDerivation.Derive(Reading.Of(before), null, Reading.Of(now));

    private static LogCounters Counters(int second, params LogPattern[] patterns) => new()
    {
        ReadAtNanoseconds = (second + 1) * 1_000_000_000L,
        Since = Start,
        At = Start.AddSeconds(second),
        Lines = 10 * second,
        ByLevel = [.. new long[LogCounters.LevelCount]],
        Patterns = [.. patterns],
    };
}
