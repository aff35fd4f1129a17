using GoTop.Engine.Analysis.Files;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <summary>The files that <c>analyze</c> and <c>diff</c> are given; <c>-</c> is standard input.</summary>
internal static class FileInput
{
    public const string StandardInput = "-";

    /// <exception cref="CliException">It cannot be opened, read or analysed; the message names it.</exception>
    public static AnalyzedFile Analyze(CliContext context, string path, CancellationToken cancellation)
    {
        string name = path == StandardInput ? "standard input" : path;
        try
        {
            using Stream content = path == StandardInput ? context.OpenInput() : File.OpenRead(path);
            return FileAnalyzer.Analyze(content, cancellation);
        }
        catch (Exception refused) when (refused is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.Usage, $"{name}: no such file");
        }
        catch (FileAnalysisException problem)
        {
            throw new CliException(ExitCode.Problem, $"{name}: {PlainText.Clean(problem.Message, 1000)}");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(refused is UnauthorizedAccessException ? ExitCode.NotPermitted : ExitCode.Problem, $"{name}: {refused.Message}");
        }
    }
}
