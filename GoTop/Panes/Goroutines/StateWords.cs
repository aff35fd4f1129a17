using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Goroutines;

/// <summary>What goroutines do, in a few words.</summary>
internal static class StateWords
{
    /// <summary><c>chan send 4,471, IO wait 30, 2 more</c>.</summary>
    public static string Of(ImmutableArray<(GoroutineState State, string WaitReason, int Count)> states, int most)
    {
        IEnumerable<string> words = states.Take(most).Select(state => $"{Of(state.State, state.WaitReason)} {Figures.Count(state.Count)}");
        return string.Join(", ", states.Length > most ? words.Append($"{states.Length - most} more") : words);
    }

    public static string Of(GoroutineState state, string waitReason) => waitReason.Length > 0 ? waitReason : GoroutineWords.Of(state);
}
