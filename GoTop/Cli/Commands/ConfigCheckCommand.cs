using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Themes;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop config check</c>: every problem of the configuration and the themes, with line and column.</summary>
internal static class ConfigCheckCommand
{
    public static int Run(CliContext context, string? file)
    {
        LoadedConfig loaded = context.LoadConfigQuietly(file);
        ThemeLoader themes = new(context.Locations.ThemeFolders);
        ImmutableArray<ConfigProblem> problems = [.. loaded.Problems, .. themes.Names.SelectMany(name => themes.Load(name).Problems)];
        foreach (ConfigProblem problem in problems) context.Output.WriteLine(problem);
        string where = loaded.File ?? "no gotop.toml was found; the defaults";
        if (problems.IsEmpty)
        {
            context.Output.WriteLine($"{where}: no problems");
            return ExitCode.Done;
        }

        context.Output.WriteLine($"{where}: {Counted.Of(problems.Length, "problem")}");
        return ExitCode.Problem;
    }
}
