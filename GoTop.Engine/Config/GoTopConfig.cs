using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Config;

/// <summary>All settings of gotop.toml. <see cref="Default"/> is what holds without a file.</summary>
public sealed record GoTopConfig
{
    public static readonly TimeSpan ShortestInterval = TimeSpan.FromMilliseconds(100);
    public static readonly TimeSpan LongestInterval = TimeSpan.FromHours(1);

    public static GoTopConfig Default { get; } = new();

    /// <summary>Time between two ticks.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Name of a theme: its file's name without <c>.toml</c>.</summary>
    public string Theme { get; init; } = "gotop-dark";

    public bool Mouse { get; init; } = true;

    public ColourMode Colours { get; init; }

    public GlyphMode Glyphs { get; init; }

    public DriverMode Driver { get; init; }

    /// <summary>Actions that change the target or the machine are not offered.</summary>
    public bool ReadOnly { get; init; }

    public PaneSettings Panes { get; init; } = new();

    public ProfileSettings Profiles { get; init; } = new();

    /// <summary>Paths of PerfMon's counters, by their English names.</summary>
    public ImmutableArray<string> PerformanceCounters { get; init; } = [];

    public KernelSettings Kernel { get; init; } = new();

    /// <summary>Providers that the service itself writes events to, on Windows.</summary>
    public ImmutableArray<EtwProviderSettings> EtwProviders { get; init; } = [];

    public FlightRecorderSettings FlightRecorder { get; init; } = new();

    public CaptureSettings Capture { get; init; } = new();

    public ControlSettings Control { get; init; } = new();

    public AuditSettings Audit { get; init; } = new();

    public AgentSettings Agent { get; init; } = new();

    public AlertSettings Alerts { get; init; } = new();

    public FleetSettings Fleet { get; init; } = new();

    public ExportSettings Export { get; init; } = new();

    public LogSettings Log { get; init; } = new();

    /// <summary>Keys by action id, in place of the action's own; an empty list takes its keys away.</summary>
    public ImmutableSortedDictionary<string, ImmutableArray<string>> Keys { get; init; } = ImmutableSortedDictionary<string, ImmutableArray<string>>.Empty;

    public ImmutableArray<TargetSettings> Targets { get; init; } = [];

    /// <summary>The usual rules and those of the file.</summary>
    public ImmutableArray<AlertRule> AlertRules { get; init; } = DefaultRules.All;
}

/// <summary>How many colours to send. <c>Auto</c> goes by the terminal and NO_COLOR.</summary>
public enum ColourMode
{
    Auto,
    TrueColor,
    Palette256,
    Palette16,
    None,
}

/// <summary>The characters that graphs and boxes are drawn with. <c>Auto</c> goes by the terminal's encoding.</summary>
public enum GlyphMode
{
    Auto,
    Unicode,
    Ascii,
}

/// <summary>How the terminal is spoken to: Terminal.Gui's drivers.</summary>
public enum DriverMode
{
    Auto,
    Ansi,
    DotNet,
    Windows,
}

public sealed record PaneSettings
{
    /// <summary>Ids of the panes shown, in the order of their digit keys; empty for all in their usual order.</summary>
    public ImmutableArray<string> Order { get; init; } = [];

    /// <summary>Id of the pane shown first; null for the first in order.</summary>
    public string? Initial { get; init; }
}

public sealed record LogSettings
{
    /// <summary>GoTop's own log file; null for the usual place.</summary>
    public string? File { get; init; }

    public LogLevel Level { get; init; } = LogLevel.Information;

    /// <summary>Lines that wait to be written at most.</summary>
    public int Queue { get; init; } = 1024;

    public LogWhenFull WhenFull { get; init; } = LogWhenFull.DropOldest;

    /// <summary>What waits is written at least so often.</summary>
    public TimeSpan Flush { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A larger file is set aside.</summary>
    public long MostBytes { get; init; } = 10 << 20;

    public LogRoll Roll { get; init; } = LogRoll.Daily;

    /// <summary>So many of those set aside are kept.</summary>
    public int Keep { get; init; } = 7;

    /// <summary>Those set aside are compressed.</summary>
    public bool Compress { get; init; } = true;
}

public enum LogWhenFull
{
    /// <summary>The oldest line below warning goes, and if there is none, the oldest.</summary>
    DropOldest,

    DropNewest,
}

/// <summary>When a log file is set aside although it is not full.</summary>
public enum LogRoll
{
    Daily,
    Hourly,
    Never,
}

/// <summary>Names that live outside of the engine and that a configuration may use. An empty list is not checked.</summary>
public sealed record ConfigVocabulary
{
    public static ConfigVocabulary Unchecked { get; } = new();

    public ImmutableArray<string> Actions { get; init; } = [];

    public ImmutableArray<string> Panes { get; init; } = [];

    public ImmutableArray<string> Themes { get; init; } = [];

    /// <summary>Whether a text of <c>[keys]</c> names a key; null when nobody can tell.</summary>
    public Func<string, bool>? IsKey { get; init; }
}

/// <summary>What loading gave. Settings with problems are at their defaults, the others as the file says.</summary>
/// <param name="File">Null when no file was found and defaults hold.</param>
public sealed record LoadedConfig(GoTopConfig Config, string? File, ImmutableArray<ConfigProblem> Problems)
{
    public bool IsSound => Problems.IsEmpty;
}
