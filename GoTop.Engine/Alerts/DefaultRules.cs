using System.Collections.Immutable;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Alerts;

/// <summary>
/// Rules that hold without being configured; one of the same name in gotop.toml takes the place of one here. They are few, and what they
/// fire for is worth being woken for.
/// </summary>
public static class DefaultRules
{
    private static readonly TimeSpan HalfMinute = TimeSpan.FromSeconds(30);

    public static ImmutableArray<AlertRule> All { get; } =
    [
        new()
        {
            Name = "service-down", Severity = Severity.Critical, Condition = new DownCondition(), IsDefault = true, For = TimeSpan.FromSeconds(10), ClearFor = TimeSpan.Zero,
            Advice = "Look at its last log lines and at the recording of the minutes before.",
        },
        Watchdog("watchdog-failing", WatchdogTrouble.Failing, Severity.Warning, "gotop agent status says which check fails."),
        Watchdog("watchdog-restart", WatchdogTrouble.Restarted, Severity.Warning, "What was captured before lies in the folder that is named."),
        Watchdog("watchdog-given-up", WatchdogTrouble.GivenUp, Severity.Critical, "Restarting does not help: look at the captures, then restart it by gotop restart, which gives it its restarts back."),
        Above("cpu", "process.cpuOfCoresPercent", 85, 75, HalfMinute, Severity.Warning, "The Cpu pane names the functions."),
        Above("memory", "process.memoryOfLimitPercent", 90, 85, HalfMinute, Severity.Critical, "The Heap pane names who holds it; a heap profile says where it was allocated."),
        new()
        {
            Name = "memory-forecast", Severity = Severity.Warning, IsDefault = true, For = TimeSpan.FromMinutes(5), ClearFor = TimeSpan.FromMinutes(10),
            Condition = new ForecastCondition(SeriesCatalog.HeapLive, new Goal(Find("go.memoryLimitBytes")), TimeSpan.FromHours(3), TimeSpan.FromMinutes(45)),
            Advice = "Compare two heap profiles: gotop diff.",
        },
        new()
        {
            Name = "resident-forecast", Severity = Severity.Warning, IsDefault = true, For = TimeSpan.FromMinutes(5), ClearFor = TimeSpan.FromMinutes(10),
            Condition = new ForecastCondition(Find("process.memoryOfLimitPercent"), new Goal(100), TimeSpan.FromHours(3), TimeSpan.FromMinutes(45)),
            Advice = "Compare two heap profiles: gotop diff.",
        },
        new()
        {
            // Longer than the two minutes that the finding looks back: a dependency that is slow for a while makes a step, not a leak.
            Name = "goroutine-growth", Severity = Severity.Warning, IsDefault = true, For = TimeSpan.FromMinutes(3), ClearFor = TimeSpan.FromMinutes(5),
            Condition = new FindingCondition("goroutine-leak", Severity.Notice),
            Advice = "The Leaks pane shows which group grows and where it waits.",
        },
        Above("gc-cpu", "go.gcCpuPercent", 25, 20, TimeSpan.FromMinutes(1), Severity.Warning, "The GC pane says whether GOGC, the limit or allocation is the cause."),
        Above("scheduling-latency", "go.schedulingLatencyP99Nanoseconds", 50e6, 25e6, HalfMinute, Severity.Warning, "Cores, quota and neighbours: the Cores and Kernel panes."),
        Above("stop-the-world", "go.longestPauseNanoseconds", 100e6, 100e6, TimeSpan.Zero, Severity.Warning, "The GC pane has the latest pauses."),
        Above("handles", "process.handlesOfLimitPercent", 90, 85, HalfMinute, Severity.Critical, "Look for connections and files that are not closed."),
        new()
        {
            Name = "handles-forecast", Severity = Severity.Warning, IsDefault = true, For = TimeSpan.FromMinutes(5), ClearFor = TimeSpan.FromMinutes(10),
            Condition = new ForecastCondition(Find("process.handlesOfLimitPercent"), new Goal(100), TimeSpan.FromHours(2), TimeSpan.FromMinutes(30)),
            Advice = "Look for connections and files that are not closed.",
        },
    ];

    private static AlertRule Watchdog(string name, WatchdogTrouble trouble, Severity severity, string advice) => new()
    {
        Name = name,
        Severity = severity,
        IsDefault = true,
        Condition = new WatchdogCondition(trouble),
        ClearFor = TimeSpan.Zero,
        Advice = advice,
    };

    private static AlertRule Above(string name, string figure, double limit, double clear, TimeSpan time, Severity severity, string advice) => new()
    {
        Name = name,
        Severity = severity,
        IsDefault = true,
        Condition = new ThresholdCondition(Find(figure), new Bound(Side.Above, limit, clear)),
        For = time,
        Advice = advice,
    };

    private static NamedFigure Find(string name) => FigureCatalog.Find(name) ?? throw new InvalidOperationException($"no figure {name}");
}
