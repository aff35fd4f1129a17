using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Kernel;

/// <summary>An open function or line: the stacks of samples that it is in, most frequent first.</summary>
internal static class FunctionStacks
{
    public static PageRows Of(CpuSamples samples, object opened)
    {
        PageRows rows = new();
        foreach (StackSamples stack in samples.Stacks)
        {
            if (!stack.Frames.Any(frame => Is(frame, opened))) continue;
            rows.Heading($"{Figures.Counted(stack.Samples, "sample")}, {Figures.Percent(stack.Samples / Math.Max(1.0, samples.Count) * 100)} of all");
            rows.Stack(stack.Frames.Select(frame => (frame.Location, KernelTables.ToneOf(frame.Kind, frame.Location.Function))));
        }

        if (rows.Count == 0) rows.Note("It is in none of the most frequent stacks of this interval.");
        return rows;
    }

    public static string Title(object opened) => opened switch
    {
        ValueTuple<string, FrameKind>(var function, var kind) => $"{function} [{KernelTables.Kind(kind)}]",
        SampledFrame frame => Figures.Invariant($"{GoroutineWords.Function(frame.Location)} {GoroutineWords.Place(frame.Location)}"),
        _ => "",
    };

    private static bool Is(in SampledFrame frame, object opened) => opened switch
    {
        ValueTuple<string, FrameKind>(var function, var kind) => frame.Kind == kind && frame.Location.Function == function,
        SampledFrame line => frame == line,
        _ => false,
    };
}
