using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Makes process counters of the system's list entry, without the figures that Wine does not count.</summary>
internal static class ProcessCountersBuilder
{
    public static ProcessCounters Build(SystemProcess process, bool wine, Reading<CoreSet> allowedCores, Reading<string> priority) => new()
    {
        UserNanoseconds = process.UserNanoseconds,
        SystemNanoseconds = process.KernelNanoseconds,
        ResidentBytes = process.WorkingSetBytes,
        PeakResidentBytes = Reading.Of(process.PeakWorkingSetBytes),
        VirtualBytes = Reading.Of(process.VirtualBytes),
        PrivateBytes = Counted(process.PrivateBytes, "private bytes", wine),
        PageFaults = Counted(process.PageFaults, "page faults", wine),
        HardFaults = Counted(process.HardFaults, "hard faults", wine),
        Threads = process.Threads,
        // Wine gives the size of its table for them, a power of two.
        Handles = wine ? Reading.NotSupported<int>("Wine does not count handles") : Reading.Of(process.Handles),
        HandleLimit = Reading.NotSupported<long>("Windows has no handle limit of this kind"),
        ReadBytes = Counted(process.ReadBytes, "bytes read", wine),
        WrittenBytes = Counted(process.WrittenBytes, "bytes written", wine),
        ContextSwitches = Counted(process.ContextSwitches, "context switches", wine),
        VoluntarySwitches = Reading.NotSupported<long>("Windows does not tell voluntary context switches from others"),
        InvoluntarySwitches = Reading.NotSupported<long>("Windows does not tell involuntary context switches from others"),
        RunQueueDelayNanoseconds = Reading.NotSupported<long>("Windows counts no run queue delay; kernel events tell it"),
        AllowedCores = allowedCores,
        Priority = priority,
    };

    /// <summary>Wine leaves at 0 what it does not count.</summary>
    private static Reading<long> Counted(long value, string what, bool wine) =>
        wine && value == 0 ? Reading.NotSupported<long>($"Wine does not count {what}") : Reading.Of(value);
}
