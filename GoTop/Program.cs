using System.Text;
using GoTop.Cli;
using Microsoft.Win32.SafeHandles;

namespace GoTop;

internal static class Program
{
    private const nint StandardOutput = 1;

    public static Task<int> Main(string[] arguments) =>
        CommandRunner.RunAsync(new CliContext(Output(), Console.Error, TimeProvider.System), arguments);

    /// <summary>
    /// Redirected output is UTF-8 everywhere; Windows would take the console's old code page. The console's own code page
    /// stays as it is, since it would outlive us.
    /// </summary>
    private static TextWriter Output() => Console.IsOutputRedirected
        ? new StreamWriter(RedirectedOutput(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true }
        : Console.Out;

    /// <summary>
    /// Into a pipe whose reader has gone the console's stream writes on without a word, so that <c>gotop top … | head</c>
    /// would never end; a plain stream throws. Files stay with the console's: it appends where others write as well.
    /// </summary>
    private static Stream RedirectedOutput()
    {
        if (OperatingSystem.IsWindows()) return Console.OpenStandardOutput();
        FileStream pipe = new(new SafeFileHandle(StandardOutput, ownsHandle: false), FileAccess.Write, bufferSize: 0);
        return pipe.CanSeek ? Console.OpenStandardOutput() : pipe;
    }
}
