using CliWrap;
using CliWrap.Buffered;

namespace GoTop.Bench.Report;

internal static class ProgramVersion
{
    /// <summary>The first line a program prints when asked, or "NAME not here".</summary>
    public static async Task<string> AskAsync(string program, string argument = "--version")
    {
        string name = Path.GetFileName(program);
        try
        {
            BufferedCommandResult result = await Cli.Wrap(program).WithArguments([argument]).WithValidation(CommandResultValidation.None).ExecuteBufferedAsync();
            string line = result.StandardOutput.Trim().Split('\n')[0].Trim();
            return line.StartsWith(name, StringComparison.OrdinalIgnoreCase) ? line : $"{name} {line}";
        }
        catch (System.ComponentModel.Win32Exception)
        {
            return $"{name} not here";
        }
    }
}
