using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Export;
using GoTop.Engine.Model;

namespace GoTop.Cli.Reports;

/// <summary>What the reports of all kinds say alike.</summary>
internal static class ReportWords
{
    private const int LineWidth = 100;

    /// <summary><c>main.work (/src/main.go:12)</c>, of the first frame that is a person's own; <c>–</c> for none.</summary>
    public static string Place(ImmutableArray<CodeLocation> stack) => stack.IsEmpty ? "–" : Place(stack[^1]);

    public static string Place(CodeLocation location) =>
        location.File.Length == 0 ? location.Function : string.Create(CultureInfo.InvariantCulture, $"{location.Function} ({location.File}:{location.Line})");

    public static string Place(FramePart frame) =>
        string.IsNullOrEmpty(frame.File) ? frame.Function : string.Create(CultureInfo.InvariantCulture, $"{frame.Function} ({frame.File}:{frame.Line})");

    /// <summary>As Go prints it: <c>chan send</c>, <c>chan send (leaked)</c>, <c>running</c>.</summary>
    public static string State(string? state, string? waitReason) => (state, waitReason) switch
    {
        (null, _) => "(state not told)",
        (_, null or "") => state,
        ("leaked", _) => $"{waitReason} ({state})",
        _ => waitReason,
    };

    public static string Share(double part, double whole) => whole <= 0 ? "–" : Engine.Sampling.Figures.Percent(100 * part / whole);

    /// <summary>A paragraph in lines of a readable length.</summary>
    public static void WriteParagraph(TextWriter output, string text)
    {
        string plain = PlainText.Clean(text, 4000);
        while (plain.Length > LineWidth)
        {
            int end = plain.LastIndexOf(' ', LineWidth);
            if (end <= 0) end = LineWidth;
            output.WriteLine(plain[..end]);
            plain = plain[end..].TrimStart();
        }

        output.WriteLine(plain);
    }
}
