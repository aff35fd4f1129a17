using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Analysis.Files;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <summary>The files that <c>analyze</c> and <c>diff</c> are given; <c>-</c> is standard input.</summary>
internal static class FileInput
{
    public const string StandardInput = "-";

    /// <summary>Opening a named pipe waits until somebody writes to it; a file of a slow share comes sooner than this.</summary>
    private static readonly TimeSpan OpeningLimit = TimeSpan.FromSeconds(10);

    /// <summary>
    /// Works beside the caller, since nothing but that can be cancelled while the system waits for a pipe's other end or for its bytes.
    /// </summary>
    /// <exception cref="CliException">It cannot be opened, read or analysed; the message names it.</exception>
    public static Task<AnalyzedFile> AnalyzeAsync(CliContext context, string path, CancellationToken cancellation) => AnalyzeAsync(context, path, EtlOptions.None, cancellation);

    /// <param name="logs">What is said of it should it be a log of Windows.</param>
    /// <inheritdoc cref="AnalyzeAsync(CliContext, string, CancellationToken)"/>
    public static async Task<AnalyzedFile> AnalyzeAsync(CliContext context, string path, EtlOptions logs, CancellationToken cancellation)
    {
        string name = path == StandardInput ? "standard input" : path;
        if (path.Length == 0) throw new CliException(ExitCode.Usage, "the file's name is empty");
        if (Directory.Exists(path)) throw new CliException(ExitCode.Usage, $"{name}: it is a folder, not a file");
        if (path != StandardInput) logs = logs with { Folder = Path.GetDirectoryName(Path.GetFullPath(path)) };
        try
        {
            await using Stream content = path == StandardInput ? context.OpenInput() : await OpenAsync(context, path, cancellation).ConfigureAwait(false);
            return await Task.Run(() => FileAnalyzer.Analyze(content, logs, cancellation), cancellation).WaitAsync(cancellation).ConfigureAwait(false);
        }
        catch (Exception refused) when (refused is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CliException(ExitCode.Usage, $"{name}: no such file");
        }
        catch (FileAnalysisException problem)
        {
            throw new CliException(ExitCode.Problem, $"{name}: {PlainText.Clean(problem.Message, 1000)}");
        }
        catch (TimeoutException)
        {
            throw new CliException(ExitCode.Problem, $"{name}: it could not be opened within {OpeningLimit.TotalSeconds:0} s; of a pipe, nobody writes to it");
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new CliException(refused is UnauthorizedAccessException ? ExitCode.NotPermitted : ExitCode.Problem, $"{name}: {refused.Message}");
        }
    }

    private static async Task<Stream> OpenAsync(CliContext context, string path, CancellationToken cancellation)
    {
        Task<FileStream> opening = Task.Run(() => File.OpenRead(path), cancellation);
        return await opening.WaitAsync(OpeningLimit, context.Time, cancellation).ConfigureAwait(false);
    }
}
