using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Kernel;

/// <summary>Who has a core, in words.</summary>
internal static class ProcessWords
{
    private const int LongestName = 64;

    /// <summary>Of nobody: the core was idle.</summary>
    private const int Idle = 0;

    /// <summary>Of a target without one: no process has this number.</summary>
    private const int NoProcess = int.MinValue;

    public static int Target(Snapshot now) => now.Target.Process is { } key ? key.ProcessId : NoProcess;

    public static string Of(int process, string? name) => name is { Length: > 0 }
        ? Figures.Invariant($"{PlainText.Clean(name, LongestName)} ({process})")
        : Figures.Invariant($"process {process}");

    /// <summary>Who ran while a thread of the target waited.</summary>
    public static (string Text, Tone Tone) Of(in RanInstead who, int target) => who.Process switch
    {
        Idle => ("nobody: the core was idle and had to wake up", Tone.Dim),
        < Idle => ("not known", Tone.Dim),
        _ when who.Process == target => (who.Thread > 0 ? Figures.Invariant($"its own thread {who.Thread}") : "its own other threads", Tone.Accent),
        _ => (Of(who.Process, who.Name), Tone.Warning),
    };

    /// <summary><c>its own other threads 71%, stress-ng (812) 20%</c>.</summary>
    public static string Shares(ImmutableArray<RanInstead> instead, int target)
    {
        double total = instead.Sum(who => (double)who.Nanoseconds);
        return total <= 0 ? "" : string.Join(", ", instead.Select(who => $"{Brief(who, target)} {Figures.Percent(who.Nanoseconds / total * 100)}"));
    }

    private static string Brief(in RanInstead who, int target) => who.Process == Idle ? "idle" : Of(who, target).Text;
}
