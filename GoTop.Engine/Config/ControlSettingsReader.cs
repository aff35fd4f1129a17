using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Rules;

namespace GoTop.Engine.Config;

/// <summary>Reads what is said of acting: <c>[control]</c>, <c>[audit]</c>, and the rules of a target.</summary>
internal static class ControlSettingsReader
{
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(10);

    public static ControlSettings ReadControl(TableReader? table)
    {
        ControlSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            CaptureBeforeRestart = table.Truth("capture_before_restart") ?? settings.CaptureBeforeRestart,
            CaptureDeadline = table.Duration("capture_deadline", ShortestDeadline, LongestDeadline) ?? settings.CaptureDeadline,
            CaptureCpuSeconds = table.WholeNumber("capture_cpu_seconds", 0, 60) ?? settings.CaptureCpuSeconds,
            LogLines = table.WholeNumber("log_lines", 0, 10_000) ?? settings.LogLines,
            StopDeadline = table.Duration("stop_deadline", ShortestDeadline, LongestDeadline) ?? settings.StopDeadline,
            StartDeadline = table.Duration("start_deadline", ShortestDeadline, LongestDeadline) ?? settings.StartDeadline,
        };
        table.Finish();
        return settings;
    }

    public static AuditSettings ReadAudit(TableReader? table, ProblemList problems)
    {
        AuditSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            File = table.Text("file") is { Length: > 0 } file ? ConfigLoader.Resolve(file, problems) : null,
            MaxMegabytes = table.WholeNumber("max_megabytes", 1, 1024) ?? settings.MaxMegabytes,
            Keep = table.WholeNumber("keep", 1, 1000) ?? settings.Keep,
        };
        table.Finish();
        return settings;
    }

    /// <summary>A slip in rules must not allow what they were to forbid: then nothing is allowed.</summary>
    public static ActionRules ReadRules(TomlEntry? written, TableReader? table, ProblemList problems)
    {
        if (written is null) return ActionRules.None;
        if (table is null) return ActionRules.None with { IsBroken = true };
        int before = problems.Reported;
        string[] known = [.. ControlCatalog.All.Select(kind => kind.Id)];
        ImmutableArray<(string Value, TomlPosition At)>? allow = table.Texts("allow");
        foreach ((string id, TomlPosition at) in allow ?? [])
        {
            if (!known.Contains(id)) problems.Add(at, $"there is no action \"{id}\"{NearestName.Hint(id, known)}; there are {string.Join(", ", known)}");
        }

        ActionRules rules = new()
        {
            Allow = allow is { } some ? [.. some.Select(one => one.Value)] : null,
            By = [.. (table.Texts("by") ?? []).Select(one => one.Value)],
            Windows = WindowsReader.Read(table, "windows", problems),
            Production = table.Truth("production") ?? table.Find("production") is not null,
        };
        table.Finish();
        return problems.Reported == before ? rules : rules with { IsBroken = true };
    }
}
