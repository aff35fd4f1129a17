using System.Globalization;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>Reads a whole trace and reports on it.</summary>
public static class TraceAnalyzer
{
    /// <param name="stream">Not compressed.</param>
    /// <exception cref="TraceFormatException">Not even a part of a generation could be read.</exception>
    public static TraceReport Analyze(Stream stream, TraceLimits? limits = null, CancellationToken cancellation = default)
    {
        TraceReader reader = TraceReader.Open(stream, limits);
        TraceAnalysis analysis = new(reader);
        int whole = 0;
        try
        {
            for (; reader.ReadGeneration(analysis); whole++) cancellation.ThrowIfCancellationRequested();
        }
        catch (TraceFormatException broken) when (whole > 0)
        {
            return analysis.Report(Describe(broken, whole));
        }

        return Finish(reader, analysis);
    }

    /// <inheritdoc cref="Analyze"/>
    public static async ValueTask<TraceReport> AnalyzeAsync(Stream stream, TraceLimits? limits = null, CancellationToken cancellation = default)
    {
        TraceReader reader = await TraceReader.OpenAsync(stream, limits, cancellation).ConfigureAwait(false);
        TraceAnalysis analysis = new(reader);
        int whole = 0;
        try
        {
            for (; await reader.ReadGenerationAsync(analysis, cancellation).ConfigureAwait(false); whole++) cancellation.ThrowIfCancellationRequested();
        }
        catch (TraceFormatException broken) when (whole > 0)
        {
            return analysis.Report(Describe(broken, whole));
        }

        return Finish(reader, analysis);
    }

    private static TraceReport Finish(TraceReader reader, TraceAnalysis analysis)
    {
        if (reader.Truncation is not { } cut) return analysis.Report();
        if (cut.HasPart)
            return analysis.Report(string.Create(CultureInfo.InvariantCulture, $"{cut.Reason}, at byte {cut.Offset}; no generation is whole: figures are at least these, of the Ms whose events were written by then, without the stacks and reasons, which come last"));
        if (cut.WholeGenerations == 0)
            throw new TraceFormatException(reader.Version is >= 22 and < 25 ? $"{cut.Reason}; before Go 1.25 a generation's clock is written at its end, so what there is has no times" : cut.Reason, cut.Offset, cut.Generation);
        return analysis.Report(string.Create(CultureInfo.InvariantCulture, $"{cut.Reason}, at byte {cut.Offset}; {Whole(cut.WholeGenerations)} before it"));
    }

    private static string Describe(TraceFormatException broken, int whole) =>
        string.Create(CultureInfo.InvariantCulture, $"{broken.Message}; {Whole(whole)} before it, and what could be read of that one counts too");

    private static string Whole(int generations) => Counted.Of(generations, "generation is whole", "generations are whole");
}
