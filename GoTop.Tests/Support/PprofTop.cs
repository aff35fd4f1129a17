using System.Globalization;
using System.Text.RegularExpressions;
using GoTop.Engine.Analysis.Profiles;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>A row of what <c>go tool pprof -top</c> printed.</summary>
internal sealed record PprofRow(string Flat, string Cumulative, string Function);

/// <summary>What <c>go tool pprof -top</c> printed, and how it prints values.</summary>
internal sealed partial record PprofTop(string Total, IReadOnlyList<PprofRow> Rows)
{
    [GeneratedRegex(@"^\s*(?<flat>\S+)\s+\S+%\s+\S+%\s+(?<cum>\S+)\s+\S+%\s{2}(?<name>.*?)(?: \((?:partial-)?inline\))?$")]
    private static partial Regex Row { get; }

    [GeneratedRegex(@"^Showing nodes accounting for .* of (?<total>\S+) total")]
    private static partial Regex Shown { get; }

    public static PprofTop Parse(IEnumerable<string> lines)
    {
        string total = "";
        List<PprofRow> rows = [];
        foreach (string line in lines)
        {
            if (Shown.Match(line) is { Success: true } shown) total = shown.Groups["total"].Value;
            else if (Row.Match(line) is { Success: true } row) rows.Add(new PprofRow(row.Groups["flat"].Value, row.Groups["cum"].Value, row.Groups["name"].Value));
        }

        return new PprofTop(total, rows);
    }

    /// <summary>The golden file of a folder of captures: file, sample type, and what pprof printed for them.</summary>
    public static IEnumerable<(string File, string Type, PprofTop Top)> Golden(IEnumerable<string> lines)
    {
        string file = "";
        string type = "";
        List<string> block = [];
        foreach (string line in lines.Append("##### end"))
        {
            if (line.StartsWith("##### ", StringComparison.Ordinal) || line.StartsWith("--- top sample_index=", StringComparison.Ordinal))
            {
                if (type.Length > 0) yield return (file, type, Parse(block));
                block.Clear();
                type = "";
                if (line[0] == '#') file = line[6..];
                else type = line["--- top sample_index=".Length..];
            }

            block.Add(line);
        }
    }

    /// <summary>Fails unless our functions begin as these rows do, values and order included.</summary>
    public void AssertBegins(IReadOnlyList<FunctionTotals> functions, ProfileTotals totals, string unit, string what)
    {
        Assert.Equal(Rows.Select(row => $"{row.Flat} {row.Cumulative} {row.Function}"), functions.Take(Rows.Count).Zip(Rows, (own, row) => $"{Like(own.Flat, unit, row.Flat)} {Like(own.Cumulative, unit, row.Cumulative)} {own.Function}"));
        Assert.True(Like(totals.Absolute, unit, Total) == Total, $"{what}: total {totals.Absolute} {unit}, pprof has {Total}");
    }

    /// <summary>A value in the unit that pprof chose: the same number, when it is the same.</summary>
    private static string Like(long value, string unit, string printed)
    {
        string suffix = printed.TrimStart('-', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', '.');
        double divisor = (unit, suffix) switch
        {
            ("nanoseconds", "ns") or ("microseconds", "us") => 1,
            ("nanoseconds", "us") => 1e3,
            ("nanoseconds", "ms") => 1e6,
            ("nanoseconds", "s") => 1e9,
            ("nanoseconds", "hrs") => 3.6e12,
            ("bytes", "kB") => 1024,
            ("bytes", "MB") => 1 << 20,
            ("bytes", "GB") => 1 << 30,
            // A 0 that is one, or one that became one by rounding to the unit of the others: seconds or megabytes.
            ("nanoseconds", "") when printed == "0" => Math.Abs(value) < 5_000_000 ? 1e12 : 1,
            ("bytes", "") when printed == "0" => Math.Abs(value) < 5_300 ? 1e12 : 1,
            (_, "" or "B" or "raw" or "litres") => 1,
            _ => throw new NotSupportedException($"{printed} for {unit}"),
        };
        string number = (value / divisor).ToString("F2", CultureInfo.InvariantCulture);
        if (number.EndsWith(".00", StringComparison.Ordinal)) number = number[..^3];
        return number is "0" or "-0" ? "0" : number + suffix;
    }
}
