using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Goroutines;

/// <summary>An open stack that belongs to no goroutine in the table: one of a profile.</summary>
internal static class StackDetail
{
    public const int HeadRows = 2;

    public static GoroutinesView Build(PaneInput input, Observation observation, StackKey key)
    {
        int visible = GoroutinesLayout.List(input.Height - PaneFrame.RowsTaken(observation), HeadRows).TableRows;
        (int selected, int top) = ListNavigation.Resolve(input.State, new NumberedRows(key.Frames.Length), visible);
        return new GoroutinesView
        {
            Title = key.Title,
            Lines = [(key.Remark, Tone.Dim)],
            Empty = "The profile has no stack of it.",
            Table = key.Frames.IsEmpty ? null : StackView.Of(key.Frames) with { Top = top, Selected = selected },
        };
    }
}

/// <summary>Key of a stack.</summary>
/// <param name="Title">What it is, e.g. <c>111 leaked goroutines</c>; no part of what makes it the same.</param>
internal sealed record StackKey(ImmutableArray<CodeLocation> Frames, string Title, string Remark)
{
    public bool Equals(StackKey? other) => other is not null && Frames.AsSpan().SequenceEqual(other.Frames.AsSpan());

    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (CodeLocation frame in Frames) hash.Add(frame);
        return hash.ToHashCode();
    }
}
