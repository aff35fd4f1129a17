namespace GoTop.Engine.KernelEvents;

/// <summary>
/// A collection of a kernel's events that runs. One task at a time calls it. Disposing of it ends the collection; so does the
/// end of this process, whichever way it ends, or what is left over is swept when the next one begins.
/// </summary>
public interface IKernelEventSession : IDisposable
{
    /// <summary>May shrink while it runs: a session that loses events asks for fewer kinds.</summary>
    KernelCoverage Coverage { get; }

    /// <summary>What it costs the target at present, in words.</summary>
    string CostToTarget { get; }

    /// <summary>On the clock of <see cref="KernelEvent.TimeNanoseconds"/>: nothing from before is told.</summary>
    long BegunAtNanoseconds { get; }

    /// <summary>How long events may lie before they must be taken, or some are lost.</summary>
    TimeSpan DrainEvery { get; }

    /// <summary>Hands on what has come, in the order of time.</summary>
    /// <returns>Up to when everything has been handed on, on the events' clock.</returns>
    long Drain(IKernelEventSink sink);

    /// <summary>A short name of a process seen in the events; null when it is not known.</summary>
    string? ProcessName(int processId);

    /// <summary>The kernel's function at an address of a stack; null when it is not known.</summary>
    string? KernelFunction(ulong address);
}
