using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Kernel;

/// <summary>Sums named stacks by function and by line.</summary>
internal static class SampleSums
{
    private const int MaxFunctions = 500;
    private const int MaxLines = 500;
    private const int MaxStacks = 100;

    public static CpuSamples Sum(StackTally tally, IStackNames names)
    {
        Dictionary<(string, FrameKind), Counts> functions = [];
        Dictionary<SampledFrame, Counts> lines = [];
        List<StackSamples> named = [];
        List<SampledFrame> frames = [];
        HashSet<(string, FrameKind)> functionsSeen = [];
        HashSet<SampledFrame> linesSeen = [];
        foreach ((ulong[] addresses, int kernelDepth, long samples) in tally.Stacks)
        {
            frames.Clear();
            names.AddFrames(addresses.AsSpan(0, kernelDepth), addresses.AsSpan(kernelDepth), frames);
            if (frames.Count == 0) continue;
            functionsSeen.Clear();
            linesSeen.Clear();
            int outsideKernel = frames.FindIndex(frame => frame.Kind != FrameKind.Kernel);
            for (int i = 0; i < frames.Count; i++)
            {
                SampledFrame frame = frames[i];
                (string Function, FrameKind Kind) function = (frame.Location.Function, frame.Kind);
                Add(functions, function, samples, i == 0, i == outsideKernel, functionsSeen.Add(function));
                Add(lines, frame, samples, i == 0, i == outsideKernel, linesSeen.Add(frame));
            }

            named.Add(new StackSamples([.. frames], samples));
        }

        return new CpuSamples(
            tally.Count, tally.Unlisted,
            [.. functions.OrderByDescending(f => f.Value.Self).ThenByDescending(f => f.Value.Total).ThenBy(f => f.Key.Item1, StringComparer.Ordinal).Take(MaxFunctions)
                .Select(f => new SampledFunction(f.Key.Item1, f.Key.Item2, f.Value.Self, f.Value.SelfAndKernel, f.Value.Total))],
            [.. lines.OrderByDescending(f => f.Value.Self).ThenByDescending(f => f.Value.Total).ThenBy(f => f.Key.Location.Function, StringComparer.Ordinal).ThenBy(f => f.Key.Location.Line).Take(MaxLines)
                .Select(f => new SampledLine(f.Key.Location, f.Key.Kind, f.Value.Self, f.Value.SelfAndKernel, f.Value.Total))],
            [.. Merge(named).OrderByDescending(stack => stack.Samples).Take(MaxStacks)]);
    }

    /// <summary>Addresses differ where the lines do not.</summary>
    private static List<StackSamples> Merge(List<StackSamples> stacks)
    {
        Dictionary<int, List<int>> byHash = [];
        List<StackSamples> merged = [];
        foreach (StackSamples stack in stacks)
        {
            HashCode hash = default;
            foreach (SampledFrame frame in stack.Frames) hash.Add(frame);
            if (!byHash.TryGetValue(hash.ToHashCode(), out List<int>? alike)) byHash[hash.ToHashCode()] = alike = [];
            int same = alike.FindIndex(index => merged[index].Frames.AsSpan().SequenceEqual(stack.Frames.AsSpan()));
            if (same >= 0)
            {
                merged[alike[same]] = merged[alike[same]] with { Samples = merged[alike[same]].Samples + stack.Samples };
                continue;
            }

            alike.Add(merged.Count);
            merged.Add(stack);
        }

        return merged;
    }

    private static void Add<TKey>(Dictionary<TKey, Counts> into, TKey key, long samples, bool self, bool selfOutsideKernel, bool first)
        where TKey : notnull
    {
        Counts known = into.GetValueOrDefault(key);
        into[key] = new Counts(known.Self + (self ? samples : 0), known.SelfAndKernel + (selfOutsideKernel ? samples : 0), known.Total + (first ? samples : 0));
    }

    private readonly record struct Counts(long Self, long SelfAndKernel, long Total);
}
