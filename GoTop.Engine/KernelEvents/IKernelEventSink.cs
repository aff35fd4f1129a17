namespace GoTop.Engine.KernelEvents;

/// <summary>Takes a kernel's events as they are read.</summary>
public interface IKernelEventSink
{
    void OnEvent(in KernelEvent happened);

    /// <param name="sample">Of the kind <see cref="KernelEventKind.Sample"/>.</param>
    /// <param name="kernelStack">Addresses in the kernel, innermost first; empty where they are not told.</param>
    /// <param name="userStack">Addresses in the process, innermost first.</param>
    void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack);
}
