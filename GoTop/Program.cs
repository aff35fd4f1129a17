using System.Text;
using GoTop.Cli;

namespace GoTop;

internal static class Program
{
    public static Task<int> Main(string[] arguments) =>
        CommandRunner.RunAsync(new CliContext(Output(), Console.Error, TimeProvider.System), arguments);

    /// <summary>
    /// Redirected output is UTF-8 everywhere; Windows would take the console's old code page. The console's own code page
    /// stays as it is, since it would outlive us.
    /// </summary>
    private static TextWriter Output() => Console.IsOutputRedirected
        ? new StreamWriter(Console.OpenStandardOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }
        : Console.Out;
}
