using System.CommandLine;

namespace GoTop.Cli;

/// <summary>Runs what was typed, and turns everything that can go wrong into a message and an exit code.</summary>
internal static class CommandRunner
{
    /// <summary>EPIPE; .NET's exceptions carry the error number as it is.</summary>
    private const int UnixBrokenPipe = 32;

    /// <summary>ERROR_BROKEN_PIPE and ERROR_NO_DATA.</summary>
    private const int WindowsBrokenPipe = unchecked((int)0x8007006D);
    private const int WindowsClosingPipe = unchecked((int)0x800700E8);

    public static async Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments)
    {
        ParseResult parsed = CommandTree.Build(context).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string problem in parsed.Errors.Select(error => error.Message).Distinct()) context.Error.WriteLine($"gotop: {problem}");
            context.Error.WriteLine("gotop --help lists the commands.");
            return ExitCode.Usage;
        }

        HideParentsArguments(parsed);
        using Interruption interruption = new();
        try
        {
            return await parsed.InvokeAsync(
                new InvocationConfiguration
                {
                    Output = context.Output,
                    Error = context.Error,
                    EnableDefaultExceptionHandler = false,
                    // The parser's own would not tell which signal came.
                    ProcessTerminationTimeout = null,
                },
                interruption.Token).ConfigureAwait(false);
        }
        catch (CliException problem)
        {
            context.Error.WriteLine($"gotop: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException) when (interruption.ExitCode is { } exit)
        {
            return exit;
        }
        catch (IOException gone) when (Console.IsOutputRedirected && gone.HResult is UnixBrokenPipe or WindowsBrokenPipe or WindowsClosingPipe)
        {
            // Whoever read our output has gone (gotop ps | head).
            return ExitCode.Done;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // A full disk, a closed output: no bug, but what was to be written is not whole.
            context.Error.WriteLine($"gotop: {refused.InnerException?.Message ?? refused.Message}");
            return ExitCode.Problem;
        }
        catch (Exception bug)
        {
            context.Error.WriteLine($"gotop: {bug}");
            return ExitCode.Problem;
        }
    }

    /// <summary>The screen's TARGET belongs to no other command, whose help would name it all the same.</summary>
    private static void HideParentsArguments(ParseResult parsed)
    {
        if (parsed.CommandResult.Command == parsed.RootCommandResult.Command) return;
        foreach (Argument argument in parsed.RootCommandResult.Command.Arguments) argument.Hidden = true;
    }
}
