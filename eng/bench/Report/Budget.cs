using System.Globalization;
using GoTop.Bench.Measure;

namespace GoTop.Bench.Report;

/// <summary>A figure and the most it may be. NaN stands for a figure that could not be measured.</summary>
/// <param name="What">What is measured, in words.</param>
/// <param name="Interval">Where the true figure lies with 95 %; null where runs hardly differ.</param>
internal sealed record Budget(string What, double Measured, double Most, string Unit, MedianInterval? Interval = null)
{
    public string Verdict =>
        double.IsNaN(Measured) ? "not measured"
        : Interval is { } range && range.Low <= Most && range.High > Most ? "undecided: the interval holds the budget"
        : Measured <= Most ? "met" : "**not met**";

    public static Budget Of(string what, MedianInterval measured, double most, string unit) => new(what, measured.Median, most, unit, measured);

    public static IEnumerable<string> Table(IEnumerable<Budget> budgets) => MarkdownTable.Lines(
        ["budget", "measured", "at most", ""],
        budgets.Select(budget => (string[])[budget.What, budget.Shown(), $"{Figure.Of(budget.Most)} {budget.Unit}".Trim(), budget.Verdict]));

    private string Shown() => $"{(Interval is { } range ? Figure.Of(range) : Figure.Of(Measured))} {Unit}".Trim();
}

/// <summary>Numbers as a person reads them: three digits that mean something.</summary>
internal static class Figure
{
    public static string Of(double value) => double.IsNaN(value) ? "–" : Math.Abs(value) switch
    {
        >= 100 => value.ToString("#,0", CultureInfo.InvariantCulture),
        >= 10 => value.ToString("0.0", CultureInfo.InvariantCulture),
        _ => value.ToString("0.0##", CultureInfo.InvariantCulture),
    };

    public static string Of(MedianInterval interval) => $"{Of(interval.Median)} ({Of(interval.Low)} … {Of(interval.High)})";
}
