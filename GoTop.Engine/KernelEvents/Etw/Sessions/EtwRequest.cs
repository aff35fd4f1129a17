using System.Collections.Immutable;
using Microsoft.Diagnostics.Tracing;
using Keywords = Microsoft.Diagnostics.Tracing.Parsers.KernelTraceEventParser.Keywords;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>What a session is asked for. The kernel's part cannot be changed while it runs.</summary>
internal sealed record EtwRequest
{
    /// <summary>What is needed to tell whose events are whose.</summary>
    private const Keywords Names = Keywords.Process | Keywords.Thread | Keywords.ImageLoad;

    private const Keywords Transfers = Keywords.DiskIO | Keywords.NetworkTCPIP | Keywords.MemoryHardFaults;

    /// <summary>What processes, threads and images there are.</summary>
    public static EtwRequest Lists { get; } = new() { Kernel = Names };

    /// <summary>Few events: what disks, the network and hard faults do for whom.</summary>
    public static EtwRequest Cheap { get; } = new() { Kernel = Names | Transfers };

    /// <summary>
    /// Also every switch of every processor, who is made ready, interrupts, and samples with stacks: the kernel has no filter by
    /// process for these. Stacks of samples alone, as those of switches would cost several times more.
    /// </summary>
    public static EtwRequest Scheduler { get; } = new()
    {
        Kernel = Names | Transfers | Keywords.ContextSwitch | Keywords.Dispatcher | Keywords.Profile | Keywords.DeferedProcedureCalls | Keywords.Interrupt,
        Stacks = Keywords.Profile,
    };

    /// <summary>For a process that may not take samples.</summary>
    public static EtwRequest SchedulerWithoutSamples { get; } = Scheduler with { Kernel = Scheduler.Kernel & ~Keywords.Profile, Stacks = Keywords.None };

    public Keywords Kernel { get; init; }

    public Keywords Stacks { get; init; }

    public ImmutableArray<EtwProviderRequest> Providers { get; init; } = [];

    /// <summary>16 MB take four seconds of 100,000 events a second.</summary>
    public int BufferMegabytes { get; init; } = 16;
}

/// <param name="ProcessId">Events of this process alone.</param>
internal sealed record EtwProviderRequest(Guid Provider, TraceEventLevel Level, ulong Keywords, int ProcessId);
