using System.Collections.Immutable;

namespace GoTop.Engine.KernelEvents;

/// <summary>What a stream of kernel events can tell. What is not among these has not happened: it was not looked for.</summary>
[Flags]
public enum KernelFacts
{
    None = 0,

    /// <summary>When the target's threads get and lose a core.</summary>
    Switches = 1,

    /// <summary>The same of every other thread: cores by process, and who ran while the target waited.</summary>
    AllSwitches = 2,

    /// <summary>When the target's threads are made ready to run.</summary>
    Ready = 4,

    /// <summary>Where the target is found at work.</summary>
    Samples = 8,

    Interrupts = 16,
    Disk = 32,
    Network = 64,
    HardFaults = 128,

    /// <summary>The same of every other process.</summary>
    AllSamples = 256,
}

public enum KernelSystem : byte
{
    Linux,
    Windows,
}

/// <summary>What a session collects, and why it does not collect the rest.</summary>
/// <param name="System">Whose words <see cref="KernelEvent.WaitReason"/> has.</param>
/// <param name="Told">What it collects.</param>
/// <param name="Missing">The reasons for the rest.</param>
public sealed record KernelCoverage(KernelSystem System, KernelFacts Told, ImmutableArray<MissingFact> Missing)
{
    public bool Tells(KernelFacts fact) => (Told & fact) == fact;

    /// <summary>Why a fact is not told, in words for the screen.</summary>
    public string WhyNot(KernelFacts fact)
    {
        foreach (MissingFact missing in Missing)
        {
            if ((missing.Facts & fact) != 0) return missing.Why;
        }

        return "the kernel was not asked for it";
    }
}

/// <param name="Why">For the screen, with what would help: <c>needs root</c>.</param>
public readonly record struct MissingFact(KernelFacts Facts, string Why);
