using GoTop.Engine.Config;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop config check</c>: every problem of the configuration and the themes, with line and column.</summary>
internal static class ConfigCheckCommand
{
    public static int Run(CliContext context, string? file)
    {
        LoadedConfig loaded = context.LoadConfigQuietly(file);
        foreach (ConfigProblem problem in loaded.Problems) context.Output.WriteLine(problem);
        string where = loaded.File ?? "no gotop.toml was found; the defaults";
        if (loaded.IsSound)
        {
            context.Output.WriteLine($"{where}: no problems");
            return ExitCode.Done;
        }

        context.Output.WriteLine($"{where}: {loaded.Problems.Length} {(loaded.Problems.Length == 1 ? "problem" : "problems")}");
        return ExitCode.Problem;
    }
}
