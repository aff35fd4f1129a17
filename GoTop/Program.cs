using System.CommandLine;
using GoTop.Cli;

namespace GoTop;

internal static class Program
{
    public static async Task<int> Main(string[] arguments)
    {
        CliContext context = new(Output(), Console.Error, TimeProvider.System);
        ParseResult parsed = CommandTree.Build(context).Parse(arguments);
        if (parsed.Errors.Count > 0)
        {
            foreach (var problem in parsed.Errors) context.Error.WriteLine($"gotop: {problem.Message}");
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
            });
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
        catch (Exception bug)
        {
            context.Error.WriteLine($"gotop: {bug}");
            return ExitCode.Problem;
        }
    }

    /// <summary>
    /// Redirected output is UTF-8 everywhere; Windows would take the console's old code page. The console's own code page
    /// stays as it is, since it would outlive us.
    /// </summary>
    private static TextWriter Output() => Console.IsOutputRedirected
        ? new StreamWriter(Console.OpenStandardOutput(), new System.Text.UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }
        : Console.Out;
}
