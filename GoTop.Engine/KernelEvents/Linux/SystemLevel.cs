namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>How much a system-wide collection asks of the kernel, from most to least.</summary>
internal enum SystemLevel
{
    /// <summary>Everybody's switches, the target's wake-ups, samples, faults, disk and network.</summary>
    All,

    WithoutTransfers,

    /// <summary>The target's own switches and no others.</summary>
    TargetOnly,

    SamplesOnly,
}
