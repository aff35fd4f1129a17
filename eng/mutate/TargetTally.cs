using GoTop.Mutate.Inputs;

namespace GoTop.Mutate;

/// <summary>What one thread has seen of one reader.</summary>
internal sealed class TargetTally
{
    public long Inputs { get; private set; }

    public long Accepted { get; private set; }

    public long Failures { get; private set; }

    public TimeSpan Slowest { get; private set; }

    public string SlowestInput { get; private set; } = "";

    public long MostAllocatedBytes { get; private set; }

    public string LargestInput { get; private set; } = "";

    public void Add(ReadOutcome outcome, TimeSpan duration, ulong seed, long number)
    {
        Inputs++;
        if (outcome.IsAccepted) Accepted++;
        if (outcome.Failure is not null) Failures++;
        if (duration > Slowest) (Slowest, SlowestInput) = (duration, $"{seed}:{number}");
        if (outcome.AllocatedBytes > MostAllocatedBytes) (MostAllocatedBytes, LargestInput) = (outcome.AllocatedBytes, $"{seed}:{number}");
    }

    public void Add(TargetTally other)
    {
        Inputs += other.Inputs;
        Accepted += other.Accepted;
        Failures += other.Failures;
        if (other.Slowest > Slowest) (Slowest, SlowestInput) = (other.Slowest, other.SlowestInput);
        if (other.MostAllocatedBytes > MostAllocatedBytes) (MostAllocatedBytes, LargestInput) = (other.MostAllocatedBytes, other.LargestInput);
    }
}
