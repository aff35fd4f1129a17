using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Config;

/// <summary>Reads gotop.toml and reports every problem in it at once, each with its line and column.</summary>
/// <param name="environment">Value of an environment variable, for secrets written as <c>env:NAME</c>.</param>
public sealed class ConfigLoader(ConfigVocabulary vocabulary, Func<string, string?> environment)
{
    /// <summary>Loads the file that the locations yield, or the defaults when there is none.</summary>
    public LoadedConfig Load(ConfigLocations locations, string? given) =>
        locations.Find(given) is { } file ? LoadFile(file) : new LoadedConfig(GoTopConfig.Default, null, []);

    public LoadedConfig LoadFile(string path)
    {
        ProblemList problems = new(path);
        GoTopConfig config = TomlParser.ParseFile(path, problems) is { } root ? Read(root, problems) : GoTopConfig.Default;
        return new LoadedConfig(config, path, problems.ToImmutable());
    }

    /// <param name="file">For messages, and for paths in the text that are relative to it.</param>
    public LoadedConfig Parse(string text, string file)
    {
        ProblemList problems = new(file);
        GoTopConfig config = Read(TomlParser.Parse(text, problems), problems);
        return new LoadedConfig(config, file, problems.ToImmutable());
    }

    internal GoTopConfig Read(TomlTable root, ProblemList problems)
    {
        TableReader top = new(root, "", problems);
        GoTopConfig config = GoTopConfig.Default;
        AlertSettingsReader alerts = new(environment, problems);
        config = config with
        {
            Interval = top.Duration("interval", GoTopConfig.ShortestInterval, GoTopConfig.LongestInterval) ?? config.Interval,
            Theme = Name(top, "theme", "theme", vocabulary.Themes) ?? config.Theme,
            Mouse = top.Truth("mouse") ?? config.Mouse,
            Colours = top.Choice("colours", ("auto", ColourMode.Auto), ("truecolor", ColourMode.TrueColor), ("256", ColourMode.Palette256), ("16", ColourMode.Palette16), ("none", ColourMode.None)) ?? config.Colours,
            Glyphs = top.Choice("glyphs", ("auto", GlyphMode.Auto), ("unicode", GlyphMode.Unicode), ("ascii", GlyphMode.Ascii)) ?? config.Glyphs,
            Driver = top.Choice("driver", ("auto", DriverMode.Auto), ("ansi", DriverMode.Ansi), ("dotnet", DriverMode.DotNet), ("windows", DriverMode.Windows)) ?? config.Driver,
            // Somebody who wrote the key meant to be safe; a slip in it must not make the actions available.
            ReadOnly = top.Truth("readonly") ?? top.Find("readonly") is not null,
            Panes = ReadPanes(top.Table("panes"), problems),
            Profiles = ProfileSettingsReader.Read(top.Table("profiles")),
            PerformanceCounters = PerfmonReader.Read(top.Table("perfmon"), problems),
            Kernel = ReadKernel(top.Table("kernel")),
            EtwProviders = EtwProvidersReader.Read(top.Table("etw")),
            FlightRecorder = FlightRecorderSettings.Read(top.Table("flight_recorder")),
            Capture = CaptureSettingsReader.Read(top.Table("capture"), problems),
            Control = ControlSettingsReader.ReadControl(top.Table("control")),
            Audit = ControlSettingsReader.ReadAudit(top.Table("audit"), problems),
            Agent = AgentSettingsReader.Read(top.Table("agent"), problems),
            Alerts = alerts.Read(top.Table("alerts")),
            Fleet = new FleetSettingsReader(environment, problems).Read(top.Table("fleet")),
            Export = new ExportSettingsReader(environment, problems).Read(top.Table("export")),
            Log = ReadLog(top.Table("log"), problems),
            Keys = ReadKeys(top.Table("keys"), problems),
            Targets = new TargetsReader(environment, problems).Read(top.Tables("target")),
            AlertRules = top.Find("alert") is null ? config.AlertRules : new AlertRulesReader(problems, alerts.Names).Read(top.Tables("alert")),
        };
        top.Finish();
        return config;
    }

    private PaneSettings ReadPanes(TableReader? table, ProblemList problems)
    {
        PaneSettings panes = new();
        if (table is null) return panes;
        List<string> order = [];
        foreach ((string id, TomlPosition at) in table.Texts("order") ?? [])
        {
            if (Unknown("pane", id, vocabulary.Panes) is { } unknown) problems.Add(at, unknown);
            else if (order.Contains(id)) problems.Add(at, $"pane \"{id}\" stands in \"panes.order\" twice");
            else order.Add(id);
        }

        string? initial = Name(table, "initial", "pane", vocabulary.Panes);
        if (initial is not null && order.Count > 0 && !order.Contains(initial))
        {
            table.Report("initial", $"pane \"{initial}\" does not stand in \"panes.order\"");
            initial = null;
        }

        table.Finish();
        return panes with { Order = [.. order], Initial = initial };
    }

    private static KernelSettings ReadKernel(TableReader? table)
    {
        KernelSettings kernel = new();
        if (table is null) return kernel;
        kernel = kernel with { Events = table.Choice("events", ("shown", KernelEventsMode.Shown), ("always", KernelEventsMode.Always), ("never", KernelEventsMode.Never)) ?? kernel.Events };
        table.Finish();
        return kernel;
    }

    private static LogSettings ReadLog(TableReader? table, ProblemList problems)
    {
        LogSettings log = new();
        if (table is null) return log;
        log = log with
        {
            File = table.Text("file") is { Length: > 0 } file ? Resolve(file, problems) : null,
            Level = table.Choice(
                "level", ("trace", LogLevel.Trace), ("debug", LogLevel.Debug), ("information", LogLevel.Information),
                ("warning", LogLevel.Warning), ("error", LogLevel.Error), ("none", LogLevel.None)) ?? log.Level,
            Queue = table.WholeNumber("queue", 16, 1_000_000) ?? log.Queue,
            WhenFull = table.Choice("when_full", ("drop-oldest", LogWhenFull.DropOldest), ("drop-newest", LogWhenFull.DropNewest)) ?? log.WhenFull,
            Flush = table.Duration("flush", TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1)) ?? log.Flush,
            MostBytes = table.WholeNumber("max_megabytes", 1, 1024) is { } megabytes ? (long)megabytes << 20 : log.MostBytes,
            Roll = table.Choice("roll", ("daily", LogRoll.Daily), ("hourly", LogRoll.Hourly), ("never", LogRoll.Never)) ?? log.Roll,
            Keep = table.WholeNumber("keep", 0, 1000) ?? log.Keep,
            Compress = table.Truth("compress") ?? log.Compress,
        };
        table.Finish();
        return log;
    }

    private ImmutableSortedDictionary<string, ImmutableArray<string>> ReadKeys(TableReader? table, ProblemList problems)
    {
        ImmutableSortedDictionary<string, ImmutableArray<string>>.Builder keys = ImmutableSortedDictionary.CreateBuilder<string, ImmutableArray<string>>(StringComparer.Ordinal);
        if (table is null) return GoTopConfig.Default.Keys;
        foreach ((string action, TomlEntry entry) in Flatten(table.Entries, ""))
        {
            if (Unknown("action", action, vocabulary.Actions) is { } unknown)
            {
                problems.Add(entry.Position, unknown);
                continue;
            }

            if (table.Texts(entry, $"keys.{action}") is not { } texts) continue;
            foreach ((string text, TomlPosition at) in texts)
            {
                if (text.Length == 0 || vocabulary.IsKey?.Invoke(text) == false) problems.Add(at, $"\"{text}\" is not a key");
            }

            keys[action] = [.. texts.Select(t => t.Value).Where(t => t.Length > 0 && vocabulary.IsKey?.Invoke(t) != false)];
        }

        return keys.Count == 0 ? GoTopConfig.Default.Keys : keys.ToImmutable();
    }

    /// <summary>Ids of actions have dots, and TOML reads an unquoted dot as a table within a table.</summary>
    private static IEnumerable<(string Action, TomlEntry Entry)> Flatten(ImmutableArray<TomlEntry> entries, string prefix)
    {
        foreach (TomlEntry entry in entries)
        {
            if (entry.Value is not TomlTable inner) yield return (prefix + entry.Key, entry);
            else foreach ((string, TomlEntry) found in Flatten(inner.Entries, prefix + entry.Key + ".")) yield return found;
        }
    }

    private static string? Name(TableReader table, string key, string what, ImmutableArray<string> known)
    {
        if (table.Text(key) is not { Length: > 0 } name) return null;
        if (Unknown(what, name, known) is not { } unknown) return name;
        table.Report(key, unknown);
        return null;
    }

    private static string? Unknown(string what, string name, ImmutableArray<string> known)
    {
        if (known.IsEmpty || known.Contains(name)) return null;
        string hint = NearestName.Hint(name, known);
        return hint.Length > 0 || known.Length > 12
            ? $"there is no {what} \"{name}\"{hint}"
            : $"there is no {what} \"{name}\"; there are {string.Join(", ", known)}";
    }

    /// <summary>A path in the file counts from the file's own folder.</summary>
    internal static string Resolve(string path, ProblemList problems) =>
        Path.GetFullPath(path, Path.GetDirectoryName(Path.GetFullPath(problems.File)) ?? Path.GetFullPath("."));
}
