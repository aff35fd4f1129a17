using GoTop.Engine.Sampling;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop figures</c>: the names that alert rules and exports use.</summary>
internal static class FiguresCommand
{
    public static int Run(CliContext context, bool markdown)
    {
        if (markdown)
        {
            context.Output.Write(FigureCatalog.ToMarkdown());
            return ExitCode.Done;
        }

        foreach (NamedFigure figure in FigureCatalog.All)
            context.Output.WriteLine($"{figure.Name,-38} {FigureCatalog.UnitText(figure.Unit),-10} {figure.Meaning}");
        return ExitCode.Done;
    }
}
