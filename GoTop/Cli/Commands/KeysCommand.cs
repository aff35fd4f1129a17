using GoTop.Actions;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop keys</c>: the keys, from the catalogue that the screen itself uses.</summary>
internal static class KeysCommand
{
    public static int Run(CliContext context, bool markdown)
    {
        if (markdown)
        {
            context.Output.Write(ActionCatalog.ToMarkdown());
            return ExitCode.Done;
        }

        foreach (IGrouping<string, UserAction> group in ActionCatalog.All.GroupBy(action => action.Group))
        {
            context.Output.WriteLine(group.Key);
            foreach (UserAction action in group)
                context.Output.WriteLine($"  {string.Join(", ", action.DefaultKeys),-22} {action.Id,-18} {action.Title}");
        }

        return ExitCode.Done;
    }
}
