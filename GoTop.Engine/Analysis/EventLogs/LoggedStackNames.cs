using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.KernelEvents.Etw;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Names the code of a log's stacks: Go's by its executable where that is at hand, all other by its module.</summary>
/// <param name="executable">The build that ran, with the image it was; null where it is not at hand.</param>
internal sealed class LoggedStackNames(ImageMap images, int process, (LoggedExecutable File, LoadedImage Image)? executable) : IStackNames
{
    private const int MaxKept = 1 << 16;

    private static readonly ImmutableArray<SampledFrame> UnknownPlace = [new(new CodeLocation("(unknown)", "", 0), FrameKind.Native)];

    private readonly GoFrames? _go = executable is { } known ? new GoFrames(known.File.Symbols, known.Image.Base - known.File.Image.PreferredBase) : null;
    private readonly Dictionary<(ulong Address, bool IsReturn), (ImmutableArray<SampledFrame> Frames, bool IsOutermost)> _kept = [];

    public void AddFrames(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user, List<SampledFrame> frames)
    {
        foreach (ulong address in kernel) Add(Module(address, FrameKind.Kernel), frames);
        for (int i = 0; i < user.Length; i++)
        {
            if (!_kept.TryGetValue((user[i], i > 0), out (ImmutableArray<SampledFrame> Frames, bool IsOutermost) found))
            {
                if (_kept.Count >= MaxKept) _kept.Clear();
                _kept[(user[i], i > 0)] = found = User(user[i], isReturn: i > 0);
            }

            Add(found.Frames, frames);
            if (found.IsOutermost) break;
        }

        if (frames.Count == 0) frames.AddRange(UnknownPlace);
    }

    /// <summary>Code that is named by its module alone says nothing more by standing there several times.</summary>
    private static void Add(ImmutableArray<SampledFrame> found, List<SampledFrame> frames)
    {
        if (found is [{ Kind: not FrameKind.Go } one] && frames.Count > 0 && frames[^1] == one) return;
        frames.AddRange(found);
    }

    private (ImmutableArray<SampledFrame> Frames, bool IsOutermost) User(ulong address, bool isReturn)
    {
        if (_go is not null && executable is { } known && address - known.Image.Base < known.Image.Bytes
            && (!isReturn || CallSites.FollowsCall(known.File.Image, address - known.Image.Base + known.File.Image.PreferredBase)))
        {
            ImmutableArray<SampledFrame> go = _go.At(isReturn ? address - 1 : address, out bool isOutermost);
            if (!go.IsEmpty) return (go, isOutermost);
        }

        return (Module(address, FrameKind.Native), false);
    }

    private ImmutableArray<SampledFrame> Module(ulong address, FrameKind kind)
    {
        if (images.Find(process, address)?.Name is { Length: > 0 } name) return [new SampledFrame(new CodeLocation(name, "", 0), kind)];
        return PendingSamples.IsKernel(address, is64Bit: true) ? [new SampledFrame(new CodeLocation("(kernel)", "", 0), FrameKind.Kernel)] : UnknownPlace;
    }
}
