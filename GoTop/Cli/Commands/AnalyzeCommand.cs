using System.Collections.Immutable;
using System.Text;
using GoTop.Cli.Reports;
using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Files;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Profiles;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <summary>How <c>gotop analyze</c> prints what it found.</summary>
internal enum AnalysisOutput
{
    Text,
    Json,
    Collapsed,
    Speedscope,
    Svg,
}

/// <summary><c>gotop analyze FILE</c>: whatever Go's diagnostics wrote, recognised by its content.</summary>
internal static class AnalyzeCommand
{
    private const int TextRows = 30;

    /// <param name="logs">What is said of it should it be a log of Windows.</param>
    public static async Task<int> RunAsync(CliContext context, string path, AnalysisOutput output, EtlOptions logs, CancellationToken cancellation)
    {
        if (logs.Binary is { } binary && !File.Exists(binary)) throw new CliException(ExitCode.Usage, $"--binary {binary}: no such file");
        AnalyzedFile file = await FileInput.AnalyzeAsync(context, path, logs, cancellation).ConfigureAwait(false);
        if (file is not EtlFile && (logs.Process ?? logs.Binary) is not null) throw new CliException(ExitCode.Usage, $"{path}: --process and --binary are for event trace logs of Windows, and it is a {file.Kind}");
        if (file is EtlFile { Report.Target: { State: ReadingState.Failed, Reason: { } none } }) throw new CliException(ExitCode.TargetNotFound, $"{path}: {none}");
        // Line by line, a console would be asked thousands of times.
        StringBuilder text = new();
        using (StringWriter writer = new(text, System.Globalization.CultureInfo.InvariantCulture) { NewLine = "\n" })
        {
            if (output == AnalysisOutput.Json) writer.WriteLine(Json(file));
            else if (output == AnalysisOutput.Text) WriteText(writer, file);
            else WriteStacks(writer, path, file, output);
        }

        foreach (ReadOnlyMemory<char> chunk in text.GetChunks()) context.Output.Write(chunk.Span);
        return ExitCode.Done;
    }

    private static string Json(AnalyzedFile file) => file switch
    {
        ProfileFile profile => ExportJson.Write(ProfileDocument.Of(profile.Profile)),
        TraceFile trace => ExportJson.Write(TraceDocument.Of(trace.Report)),
        DumpFile dump => ExportJson.Write(GoroutineDumpDocumentBuilder.Build(dump.Dump)),
        MemStatsFile stats => ExportJson.Write(MemStatsDocumentBuilder.Build(stats.Stats, stats.IsExpvar)),
        EtlFile etl => ExportJson.Write(EtlDocument.Of(etl.Report)),
        MetricsFile metrics => ExportJson.Write(MetricsDocumentBuilder.Build(metrics.Metrics)),
        _ => throw new InvalidOperationException($"no document for {file.Kind}"),
    };

    private static void WriteText(TextWriter output, AnalyzedFile file)
    {
        switch (file)
        {
            case ProfileFile profile:
                ProfileText.Write(output, profile.Profile, TextRows);
                break;
            case TraceFile trace:
                TraceReportText.Write(output, trace.Report);
                break;
            case DumpFile dump:
                GoroutineDumpText.Write(output, GoroutineDumpDocumentBuilder.Build(dump.Dump));
                break;
            case MemStatsFile stats:
                MemStatsText.Write(output, MemStatsDocumentBuilder.Build(stats.Stats, stats.IsExpvar));
                break;
            case EtlFile etl:
                EtlReportText.Write(output, etl.Report);
                break;
            case MetricsFile metrics:
                MetricsText.Write(output, MetricsDocumentBuilder.Build(metrics.Metrics));
                break;
        }
    }

    private static void WriteStacks(TextWriter output, string path, AnalyzedFile file, AnalysisOutput format)
    {
        AnalysedProfile profile = file switch
        {
            ProfileFile { Profile: { SampleTypes.IsEmpty: false } profiled } => profiled,
            DumpFile dump => new AnalysedProfile(ProfileOf(dump.Dump)),
            _ => throw new CliException(ExitCode.Usage, $"{path}: the kind {file.Kind} has no weighted stacks to draw; --text and --json print it"),
        };
        string name = Path.GetFileName(path);
        NamedTree Named(int type) => new(profile.SampleTypes[type].Type, profile.SampleTypes[type].Unit, profile.Tree(type));
        switch (format)
        {
            case AnalysisOutput.Collapsed:
                CollapsedStacks.Write(output, profile.Tree(profile.DefaultType));
                break;
            case AnalysisOutput.Speedscope:
                Speedscope.Write(output, name, [.. Enumerable.Range(0, profile.SampleTypes.Length).Select(Named)], profile.DefaultType);
                break;
            default:
                FlameGraphSvg.Write(output, name, Named(profile.DefaultType));
                break;
        }
    }

    /// <summary>Goroutines as a profile: one sample a group, weighted by its count.</summary>
    private static Profile ProfileOf(GoroutineDump dump)
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutine", "count"));
        foreach (DumpGroup group in DumpGroups.Of(dump))
        {
            ImmutableArray<ProfileFrame> stack = [.. group.Key.Stack.Frames.Select(frame => new ProfileFrame(frame.Function, frame.File, frame.Line))];
            builder.AddSample(stack.AsSpan(), [group.Count]);
        }

        return builder.Build();
    }
}
