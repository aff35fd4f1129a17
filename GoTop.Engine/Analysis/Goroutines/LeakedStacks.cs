using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Goroutines;

/// <summary>
/// What a <c>goroutineleak</c> profile says: goroutines that wait for something that nothing which still runs can reach, so
/// that they will wait for ever. The garbage collector's own proof; a leak that something can still reach is not in it.
/// </summary>
public sealed record LeakedStacks(ImmutableArray<StackOfLeaked> Stacks)
{
    /// <summary>Goroutines of all stacks.</summary>
    public long Total => Stacks.Sum(stack => stack.Count);

    /// <summary>By stack, most goroutines first; samples that differ in their labels alone are one.</summary>
    public static LeakedStacks Of(Profile profile)
    {
        Dictionary<int, long> counts = [];
        for (int sample = 0; sample < profile.SampleCount; sample++)
        {
            ReadOnlySpan<long> values = profile.ValuesOf(sample);
            if (values.IsEmpty || values[0] <= 0) continue;
            int stack = profile.SampleStacks[sample];
            counts[stack] = counts.GetValueOrDefault(stack) + values[0];
        }

        return new LeakedStacks(
        [
            .. counts.Select(stack => new StackOfLeaked(stack.Value, Frames(profile, stack.Key)))
                .OrderByDescending(stack => stack.Count).ThenBy(stack => stack.Where.Function, StringComparer.Ordinal).ThenBy(stack => stack.Where.Line),
        ]);
    }

    private static ImmutableArray<CodeLocation> Frames(Profile profile, int stack)
    {
        ImmutableArray<CodeLocation>.Builder frames = ImmutableArray.CreateBuilder<CodeLocation>();
        foreach (int location in profile.Stack(stack))
        {
            foreach (ProfileLine line in profile.LinesOf(location))
            {
                ProfileFunction function = profile.Functions[line.Function];
                frames.Add(new CodeLocation(profile.Strings[function.Name], profile.Strings[function.File], (int)Math.Clamp(line.Line, 0, int.MaxValue)));
            }
        }

        return frames.ToImmutable();
    }
}

/// <param name="Frames">Innermost first.</param>
public sealed record StackOfLeaked(long Count, ImmutableArray<CodeLocation> Frames)
{
    /// <summary>The innermost place in the program's own code; empty when there is none.</summary>
    public CodeLocation Where { get; } = Frames.FirstOrDefault(frame => !OwnCode.IsPlumbing(frame.Function), new CodeLocation("", "", 0));

    /// <summary>The outermost function: what the goroutine was started with.</summary>
    public string StartFunction { get; } = Frames.LastOrDefault(frame => frame.Function != "runtime.goexit").Function ?? "";
}
