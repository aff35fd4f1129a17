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
