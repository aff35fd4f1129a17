using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>What is collected, what is not and why, in words.</summary>
internal static class KernelTier
{
    private const int LongestReason = 200;

    private static readonly (KernelFacts Fact, string Name)[] Names =
    [
        (KernelFacts.Switches, "switches"),
        (KernelFacts.AllSwitches, "other processes"),
        (KernelFacts.Ready, "waits for a core"),
        (KernelFacts.Samples, "CPU samples"),
        (KernelFacts.Interrupts, "interrupts"),
        (KernelFacts.Disk, "disk"),
        (KernelFacts.Network, "network"),
        (KernelFacts.HardFaults, "hard faults"),
    ];

    /// <summary><c>Events of the whole machine: 12,345/s over 1.0 s</c>.</summary>
    public static (string Text, Tone Tone) Status(KernelFigures kernel, Reading<KernelFigures> reading)
    {
        KernelCoverage coverage = kernel.Report.Coverage;
        string tier = coverage.Tells(KernelFacts.AllSwitches) ? "Events of the whole machine"
            : coverage.Tells(KernelFacts.Switches) ? "Events of this process alone"
            : coverage.Tells(KernelFacts.Samples) ? "CPU samples alone"
            : coverage.Told != KernelFacts.None ? "Disks, network and hard faults alone"
            : "Events are collected no more";
        string text = $"{tier}: {Figures.PerSecond(kernel.EventsPerSecond)} over {Figures.Nanoseconds(kernel.Report.DurationNanoseconds)}";
        if (kernel.IsPartial) return ($"{text}; {Figures.Count(kernel.Report.LostEvents)} were lost, so all figures are at least these", Tone.Warning);
        return reading.State == ReadingState.Stale ? ($"{text}; {Figure.Why(reading.State, reading.Reason)}", Tone.Warning) : (text, Tone.Dim);
    }

    /// <summary><c>Not told: interrupts, disk (needs root); …</c>; empty where everything is.</summary>
    public static string NotTold(KernelCoverage coverage)
    {
        IEnumerable<IGrouping<string, string>> reasons = Names.Where(name => !coverage.Tells(name.Fact)).GroupBy(name => PlainText.Clean(coverage.WhyNot(name.Fact), LongestReason), name => name.Name);
        string told = string.Join("; ", reasons.Select(reason => $"{string.Join(", ", reason)} ({reason.Key})"));
        return told.Length == 0 ? "" : $"Not told: {told}";
    }

    /// <summary>Why there are no events at all, and what would allow them.</summary>
    public static NoticeView Missing(Snapshot now)
    {
        NoticeView notice = NoticeView.Absent(now.Kernel, "kernel events", now);
        return now.Kernel.State switch
        {
            ReadingState.NotYet => notice with { Advice = "They are collected while this pane is shown; the first report comes with the next readings." },
            ReadingState.Denied => notice with { Advice = "On Linux run GoTop as root, or as the service's own user for its switches alone; on Windows as an administrator, elevated." },
            _ => notice,
        };
    }
}
