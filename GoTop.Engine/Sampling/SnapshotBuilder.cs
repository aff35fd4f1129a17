using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>
/// Derives a snapshot from two samples: rates, groups and joins. Pure, so that live, replay and tests share it.
/// </summary>
/// <remarks>
/// Sources are read at their own pace. Where a fact is the same reading as in the previous sample, what was derived
/// from it stands: taking a rate again would show 0 in one tick and twice the truth in another.
/// </remarks>
public static class SnapshotBuilder
{
    private const string LocalOnly = "known by its URL alone: run GoTop on the machine that it runs on";

    public static Snapshot Build(Sample? previous, Snapshot? previousSnapshot, Sample current)
    {
        if (current.Target.Process is null) current = current with { Facts = WithoutLocal(current.Facts) };
        ProcessFigures process = ProcessDerivation.Derive(previous?.Facts.Process ?? default, previousSnapshot?.Process, current.Facts.Process);
        if (!current.Facts.Process.HasValue) process = ExportedProcessDerivation.Complete(process, previous?.Facts.Service ?? default, previousSnapshot?.Process, current.Facts.Service);
        return new Snapshot
        {
            Time = current.Time,
            MonotonicNanoseconds = current.MonotonicNanoseconds,
            ElapsedSeconds = previous is null ? null : (current.MonotonicNanoseconds - previous.MonotonicNanoseconds) / 1e9,
            Target = current.Target,
            Facts = current.Facts,
            Process = process,
            Host = HostDerivation.Derive(previous?.Facts.Host ?? default, previousSnapshot?.Host, current.Facts.Host),
            Container = ContainerDerivation.Derive(previous?.Facts.Container ?? default, previousSnapshot?.Container, current.Facts.Container),
            Go = GoDerivation.Derive(previous?.Facts.Runtime, previousSnapshot?.Go, current.Facts.Runtime, process.ResidentBytes),
            Threads = ThreadDerivation.Derive(previous?.Facts.Threads ?? default, previousSnapshot?.Threads, current.Facts),
            Kernel = KernelDerivation.Derive(previousSnapshot?.Kernel, current.Facts),
            Groups = GroupDerivation.Derive(previous?.Facts.Goroutines ?? default, previousSnapshot?.Groups ?? default, current.Facts.Goroutines),
            Service = ServiceDerivation.Derive(previous?.Facts.Service ?? default, previousSnapshot?.Service, ServiceDerivation.Told(current)),
            Log = LogDerivation.Derive(previous?.Facts.Logs ?? default, previousSnapshot?.Log, LogDerivation.Told(current)),
            Profiles = ProfileDerivation.Derive(previousSnapshot?.Profiles, current.Facts.ProfileCaptures),
            Sources = current.Sources,
            TargetEnded = current.TargetEnded,
        };
    }

    /// <summary>For a target elsewhere no source reads these, so "not yet" would be a promise that nobody keeps.</summary>
    private static SampleFacts WithoutLocal(SampleFacts facts) => facts with
    {
        Host = facts.Host.Or(Reading.NotSupported<HostCounters>(LocalOnly)),
        Process = facts.Process.Or(Reading.NotSupported<ProcessCounters>(LocalOnly)),
        Container = facts.Container.Or(Reading.NotSupported<ContainerCounters>(LocalOnly)),
        Goroutines = facts.Goroutines.Or(Reading.NotSupported<GoroutineTable>(LocalOnly)),
        Threads = facts.Threads.Or(Reading.NotSupported<ThreadTable>(LocalOnly)),
        GoThreads = facts.GoThreads.Or(Reading.NotSupported<GoThreadTable>(LocalOnly)),
        Kernel = facts.Kernel.Or(Reading.NotSupported<KernelReport>(LocalOnly)),
    };
}
