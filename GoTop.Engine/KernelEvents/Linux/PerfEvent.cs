using System.Runtime.InteropServices;
using System.Text;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>One open event. Closing it ends its collection; so does the end of this process.</summary>
internal sealed unsafe class PerfEvent : IDisposable
{
    private int _descriptor;

    private PerfEvent(int descriptor) => _descriptor = descriptor;

    public int Descriptor => _descriptor;

    /// <summary>What its records are marked with.</summary>
    public ulong Id { get; private init; }

    /// <param name="process">A thread, or −1 for whoever runs.</param>
    /// <param name="cpu">A logical processor, or −1 for any.</param>
    /// <param name="error">0, or the errno that the kernel gave.</param>
    public static PerfEvent? TryOpen(PerfAttributes attributes, int process, int cpu, out int error)
    {
        error = Errno.NotImplemented;
        if (PerfNative.EventOpenNumber is not { } number) return null;
        attributes.Size = PerfAttributes.ByteSize;
        // All times on CLOCK_MONOTONIC, which the target's runtime reads too.
        attributes.ClockId = NativeMethods.ClockMonotonic;
        attributes.Flags |= (ulong)(PerfFlags.Disabled | PerfFlags.SampleIdAll | PerfFlags.UseClockId);
        attributes.SampleType |= (ulong)PerfSample.Common;
        nint descriptor = PerfNative.SystemCall(number, &attributes, process, cpu, -1, (nint)PerfNative.CloseOnExec);
        error = descriptor < 0 ? Marshal.GetLastPInvokeError() : 0;
        if (descriptor < 0) return null;
        ulong id = 0;
        _ = PerfNative.Control((int)descriptor, (nuint)PerfNative.Id, (nuint)(&id));
        return new PerfEvent((int)descriptor) { Id = id };
    }

    public bool TryEnable() => PerfNative.Control(_descriptor, (nuint)PerfNative.Enable, 0) == 0;

    public void Disable() => _ = PerfNative.Control(_descriptor, (nuint)PerfNative.Disable, 0);

    /// <summary>Its records go to another event's ring.</summary>
    public bool TryRedirect(PerfEvent to) => PerfNative.Control(_descriptor, (nuint)PerfNative.SetOutput, (nuint)to._descriptor) == 0;

    /// <summary>Of a tracepoint: only what this expression holds of (Documentation/trace/events.rst).</summary>
    public bool TryFilter(string expression)
    {
        fixed (byte* text = Encoding.UTF8.GetBytes(expression + "\0")) return PerfNative.Control(_descriptor, (nuint)PerfNative.SetFilter, (nuint)text) == 0;
    }

    public void Dispose()
    {
        int descriptor = Interlocked.Exchange(ref _descriptor, -1);
        if (descriptor >= 0) _ = NativeMethods.Close(descriptor);
    }
}
