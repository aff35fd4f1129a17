using GoTop.Cli.Reports;
using GoTop.Engine.Analysis.Files;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Differences;
using GoTop.Engine.Export.Profiles;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop diff A B</c>: what changed from one file to another of the same kind.</summary>
internal static class DiffCommand
{
    private const int TextRows = 40;

    public static async Task<int> RunAsync(CliContext context, string before, string after, bool json, CancellationToken cancellation)
    {
        if (before == FileInput.StandardInput && after == FileInput.StandardInput) throw new CliException(ExitCode.Usage, "only one of the two can be standard input");
        AnalyzedFile first = await FileInput.AnalyzeAsync(context, before, cancellation).ConfigureAwait(false);
        AnalyzedFile second = await FileInput.AnalyzeAsync(context, after, cancellation).ConfigureAwait(false);
        using StringWriter text = new(System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" };
        switch (first, second)
        {
            case (ProfileFile a, ProfileFile b):
                ProfileDifference difference = ProfileDifference.Between(a.Profile, b.Profile)
                    ?? throw new CliException(ExitCode.Problem, $"{before} and {after} have no sample type in common: they are profiles of different things");
                if (json) text.WriteLine(ExportJson.Write(ProfileDiffDocument.Of(difference)));
                else ProfileText.WriteDifference(text, difference, TextRows);
                break;
            case (DumpFile a, DumpFile b):
                DumpDiffDocument groups = DumpDiffDocument.Of(a.Dump, b.Dump);
                if (json) text.WriteLine(ExportJson.Write(groups));
                else DifferenceText.Write(text, groups);
                break;
            case (TraceFile a, TraceFile b):
                Write(text, FiguresDiffDocument.Of(a.Report, b.Report), json);
                break;
            case (MemStatsFile a, MemStatsFile b):
                Write(text, FiguresDiffDocument.Of(MemStatsDocumentBuilder.Build(a.Stats, a.IsExpvar), MemStatsDocumentBuilder.Build(b.Stats, b.IsExpvar)), json);
                break;
            case (MetricsFile a, MetricsFile b):
                Write(text, FiguresDiffDocument.Of(MetricsDocumentBuilder.Build(a.Metrics), MetricsDocumentBuilder.Build(b.Metrics)), json);
                break;
            default:
                throw new CliException(ExitCode.Problem, $"{before} is a {first.Kind}, {after} is a {second.Kind}: only files of the same kind can be compared");
        }

        context.Output.Write(text.ToString());
        return ExitCode.Done;
    }

    private static void Write(TextWriter text, FiguresDiffDocument figures, bool json)
    {
        if (json) text.WriteLine(ExportJson.Write(figures));
        else DifferenceText.Write(text, figures);
    }
}
