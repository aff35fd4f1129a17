using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Symbols;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>Go's frames at an address, for stacks of a kernel's samples.</summary>
/// <param name="slide">How much higher the executable lies in memory than it prefers; wraps around where it lies lower.</param>
internal sealed class GoFrames(SymbolTable symbols, ulong slide)
{
    /// <param name="address">As the sample has it; of a return address, less one.</param>
    /// <param name="isOutermost">What stands above it in memory is another stack's, or nothing at all.</param>
    /// <returns>Innermost first, inlined ones expanded, wrappers left out; empty where there is no Go function.</returns>
    public ImmutableArray<SampledFrame> At(ulong address, out bool isOutermost)
    {
        isOutermost = false;
        if (!symbols.TryFind(address - slide, out FunctionSymbol function)) return [];
        isOutermost = function.IsTopOfStack || symbols.NameOf(function) is "runtime.systemstack" or "runtime.mcall" or "runtime.mstart" or "runtime.goexit";
        ImmutableArray<SymbolFrame> found = symbols.FramesAt(address - slide);
        return [.. found.Where(frame => !frame.IsWrapper || found.Length == 1).Select(frame => new SampledFrame(frame.Location, FrameKind.Go))];
    }
}
