using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[agent]</c> table.</summary>
internal static class AgentSettingsReader
{
    public static AgentSettings Read(TableReader? table, ProblemList problems)
    {
        AgentSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            Folder = table.Text("folder") is { Length: > 0 } folder ? ConfigLoader.Resolve(folder, problems) : null,
            Record = table.Truth("record") ?? settings.Record,
            MaxMegabytes = table.WholeNumber("max_megabytes", 1, AgentSettings.MostMegabytes) ?? settings.MaxMegabytes,
            Keep = table.WholeNumber("keep", 1, AgentSettings.MostKept) ?? settings.Keep,
        };
        table.Finish();
        return settings;
    }
}
