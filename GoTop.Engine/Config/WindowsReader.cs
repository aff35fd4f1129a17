using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Control.Rules;

namespace GoTop.Engine.Config;

/// <summary>Reads windows of the week: when a target may be acted upon, is let be, or nobody is told of it.</summary>
internal static class WindowsReader
{
    /// <summary>Those that could be read; empty without the key.</summary>
    public static ImmutableArray<MaintenanceWindow> Read(TableReader table, string key, ProblemList problems)
    {
        ImmutableArray<MaintenanceWindow>.Builder windows = ImmutableArray.CreateBuilder<MaintenanceWindow>();
        foreach ((string text, TomlPosition at) in table.Texts(key) ?? [])
        {
            if (MaintenanceWindow.TryParse(text, out MaintenanceWindow? window, out string? problem)) windows.Add(window);
            else problems.Add(at, $"\"{text}\" is no window: {problem}");
        }

        return windows.ToImmutable();
    }
}
