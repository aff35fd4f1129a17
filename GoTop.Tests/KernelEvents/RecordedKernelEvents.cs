using GoTop.Engine.KernelEvents;

namespace GoTop.Tests.KernelEvents;

/// <summary>Keeps what comes.</summary>
internal sealed class RecordedKernelEvents : IKernelEventSink
{
    public List<KernelEvent> Events { get; } = [];

    public List<(KernelEvent Sample, ulong[] Kernel, ulong[] User)> Samples { get; } = [];

    public KernelEvent Single(KernelEventKind kind) => Events.Single(happened => happened.Kind == kind);

    public void OnEvent(in KernelEvent happened) => Events.Add(happened);

    public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack) => Samples.Add((sample, kernelStack.ToArray(), userStack.ToArray()));
}
