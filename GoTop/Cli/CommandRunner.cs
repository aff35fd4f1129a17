using System.CommandLine;

namespace GoTop.Cli;

/// <summary>Runs what was typed, and turns everything that can go wrong into a message and an exit code.</summary>
internal static class CommandRunner
{
    public static async Task<int> RunAsync(CliContext context, IReadOnlyList<string> arguments)
    {
        ParseResult parsed = CommandTree.Build(context).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (string problem in parsed.Errors.Select(error => error.Message).Distinct()) context.Error.WriteLine($"gotop: {problem}");
            context.Error.WriteLine("gotop --help lists the commands.");
            return ExitCode.Usage;
        }

        try
        {
            return await parsed.InvokeAsync(new InvocationConfiguration
            {
                Output = context.Output,
                Error = context.Error,
                EnableDefaultExceptionHandler = false,
            }).ConfigureAwait(false);
        }
        catch (CliException problem)
        {
            context.Error.WriteLine($"gotop: {problem.Message}");
            return problem.ExitCode;
        }
        catch (OperationCanceledException)
        {
            return ExitCode.Done;
        }
        catch (IOException) when (Console.IsOutputRedirected)
        {
            // Whoever read our output has gone (gotop ps | head).
            return ExitCode.Done;
        }
        catch (Exception bug)
        {
            context.Error.WriteLine($"gotop: {bug}");
            return ExitCode.Problem;
        }
    }
}
