using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class FiguresTests
{
    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(999, "999 B")]
    [InlineData(1000, "1.0 KiB")]
    [InlineData(1024, "1.0 KiB")]
    [InlineData(1_288_490_189, "1.2 GiB")]
    [InlineData(104_857_600, "100 MiB")]
    [InlineData(-5_242_880, "-5.0 MiB")]
    [InlineData(long.MaxValue, "8.0 EiB")]
    public void Bytes_have_three_digits_or_fewer_and_a_unit(long bytes, string text) => Assert.Equal(text, Figures.Bytes(bytes));

    [Theory]
    [InlineData(0, "0")]
    [InlineData(12_345, "12,345")]
    [InlineData(999_999, "999,999")]
    [InlineData(1_234_567, "1.2 M")]
    [InlineData(9_876_543_210, "9.9 G")]
    [InlineData(-1_500, "-1,500")]
    public void Counts_are_whole_up_to_a_million(long count, string text) => Assert.Equal(text, Figures.Count(count));

    [Theory]
    [InlineData(0, "0 ns")]
    [InlineData(850, "850 ns")]
    [InlineData(999.7, "1.0 µs")]
    [InlineData(1_300_000, "1.3 ms")]
    [InlineData(33_554_432, "33.6 ms")]
    [InlineData(2_500_000_000, "2.5 s")]
    [InlineData(192e9, "3m12s")]
    public void Durations_choose_their_unit(double nanoseconds, string text) => Assert.Equal(text, Figures.Nanoseconds(nanoseconds));

    [Theory]
    [InlineData(0.4, "0.4s")]
    [InlineData(59.4, "59s")]
    [InlineData(60, "1m00s")]
    [InlineData(192, "3m12s")]
    [InlineData(3599.9, "59m59s")]
    [InlineData(7_500, "2h05m")]
    [InlineData(273_600, "3d04h")]
    [InlineData(-3, "0.0s")]
    public void Ages_have_two_units(double seconds, string text) => Assert.Equal(text, Figures.Age(seconds));

    [Theory]
    [InlineData(0, "0/s", "0/s")]
    [InlineData(0.04, "0.0/s", "0/s")]
    [InlineData(41, "41.0/s", "+41.0/s")]
    [InlineData(-0.5, "-0.5/s", "-0.5/s")]
    [InlineData(4_512.3, "4,512/s", "+4,512/s")]
    public void Rates_carry_their_unit_and_changes_their_sign(double rate, string plain, string change)
    {
        Assert.Equal(plain, Figures.PerSecond(rate));
        Assert.Equal(change, Figures.ChangePerSecond(rate));
    }

    [Theory]
    [InlineData(3.44, "3.4%")]
    [InlineData(99.96, "100%")]
    [InlineData(1_612, "1,612%")]
    public void Percents_lose_their_decimals_when_large(double percent, string text) => Assert.Equal(text, Figures.Percent(percent));

    [Fact]
    public void An_absent_reading_is_a_dash_with_its_reason_whatever_its_value_was()
    {
        Reading<long>[] absent =
        [
            default, Reading.NotYet<long>("a rate needs two readings"), Reading.NotSupported<long>("no such file"),
            Reading.Denied<long>("uid 0"), Reading.Failed<long>("EIO"), Reading.From(ReadingState.Denied, 42L, "uid 0"),
        ];
        foreach (Reading<long> reading in absent)
        {
            Figure figure = Figure.Of(reading, Figures.Bytes, Tone.Critical);
            Assert.Equal("–", figure.Text);
            Assert.True(figure.IsMissing);
            Assert.Equal(Tone.Dim, figure.Tone);
            Assert.NotEmpty(figure.Reason!);
        }

        Assert.Equal("denied: uid 0", Figure.Of(absent[3], Figures.Bytes).Reason);
    }

    [Fact]
    public void A_stale_reading_shows_its_value_dimmed_and_says_since_when()
    {
        Figure figure = Figure.Of(Reading.Of(1024L).AsStale("7 s late"), Figures.Bytes, Tone.Critical);
        Assert.Equal(new Figure("1.0 KiB", Tone.Dim, "stale: 7 s late", false), figure);
    }
}
