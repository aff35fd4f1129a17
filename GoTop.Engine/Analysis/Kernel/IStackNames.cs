namespace GoTop.Engine.Analysis.Kernel;

/// <summary>Says what code lies at the addresses of a stack.</summary>
public interface IStackNames
{
    /// <summary>Adds the frames, innermost first, inlined ones expanded; what is not known or is garbage is left out.</summary>
    /// <param name="kernel">Addresses in the kernel, innermost first.</param>
    /// <param name="user">In the target, innermost first: the first is where it is, the others are return addresses unless there is a kernel part.</param>
    void AddFrames(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user, List<SampledFrame> frames);
}
