using System.Globalization;

namespace GoTop.Bench.Report;

/// <summary>A figure and the most it may be. NaN stands for a figure that could not be measured.</summary>
/// <param name="What">What is measured, in words.</param>
internal sealed record Budget(string What, double Measured, double Most, string Unit)
{
    public string Verdict => double.IsNaN(Measured) ? "not measured" : Measured <= Most ? "met" : "**not met**";

    public static IEnumerable<string> Table(IEnumerable<Budget> budgets) => MarkdownTable.Lines(
        ["budget", "measured", "at most", ""],
        budgets.Select(budget => (string[])[budget.What, $"{Figure.Of(budget.Measured)} {budget.Unit}".Trim(), $"{Figure.Of(budget.Most)} {budget.Unit}".Trim(), budget.Verdict]));
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

    public static string Of(Measure.MedianInterval interval) => $"{Of(interval.Median)} ({Of(interval.Low)} … {Of(interval.High)})";
}
