using System.Collections.Immutable;
using GoTop.Mutate.Inputs;

namespace GoTop.Mutate;

/// <summary>One thread's part of a run: each reader in turn, each turn with a seed of its own.</summary>
internal sealed class MutationJob : IDisposable
{
    private readonly ImmutableArray<ReaderTarget> _targets;
    private readonly ImmutableArray<Mutator> _mutators;
    private readonly MutateOptions _options;
    private readonly FailureFolder _failures;
    private readonly InputInHand _inHand;
    private long _begun;
    private long _startedAt;

    public MutationJob(int job, ImmutableArray<ReaderTarget> targets, MutateOptions options, FailureFolder failures)
    {
        Job = job;
        _targets = targets;
        _mutators = [.. targets.Select(target => new Mutator(target.Corpus, target.Tokens))];
        _options = options;
        _failures = failures;
        _inHand = new InputInHand(options.OutputFolder, job);
        Tallies = [.. targets.Select(_ => new TargetTally())];
    }

    public int Job { get; }

    /// <summary>By place of the reader. To be read once the thread has ended.</summary>
    public ImmutableArray<TargetTally> Tallies { get; }

    /// <summary>What the process was reading in this thread when it ended without saying so.</summary>
    public (int Target, ulong Seed, long Number)? LeftInHand => _inHand.Value;

    public void Forget() => _inHand.Value = null;

    public void Run()
    {
        TimeSpan turn = TimeSpan.FromMinutes(_options.Minutes) / (_options.Rounds * _targets.Length);
        for (int round = 0; round < _options.Rounds; round++)
        {
            ulong seed = _options.Seed + (ulong)(round * _options.Jobs + Job);
            for (int target = 0; target < _targets.Length; target++) Take(target, seed, turn);
        }
    }

    /// <summary>
    /// The input that has been in hand for longer than allowed; null if none. Asked from another thread, so that a reader that
    /// never comes back is found.
    /// </summary>
    public (int Target, ulong Seed, long Number)? Overdue()
    {
        long begun = Volatile.Read(ref _begun);
        if (begun == 0 || _options.Time.GetElapsedTime(Volatile.Read(ref _startedAt)) < _options.InputLimit) return null;
        return Volatile.Read(ref _begun) == begun ? _inHand.Value : null;
    }

    public void Dispose() => _inHand.Dispose();

    private void Take(int target, ulong seed, TimeSpan duration)
    {
        long turnBegan = _options.Time.GetTimestamp();
        for (long number = 0; _options.Time.GetElapsedTime(turnBegan) < duration; number++)
        {
            ArraySegment<byte> input = _mutators[target].Input(seed, number);
            _inHand.Value = (target, seed, number);
            long began = _options.Time.GetTimestamp();
            Volatile.Write(ref _startedAt, began);
            Volatile.Write(ref _begun, number + 1);
            ReadOutcome outcome = _targets[target].Try(input);
            Volatile.Write(ref _begun, 0);
            TimeSpan took = _options.Time.GetElapsedTime(began);
            _inHand.Value = null;

            Tallies[target].Add(outcome, took, seed, number);
            if (outcome.Failure is { } failure) _failures.Save(_targets[target].Name, seed, number, input, failure.ToString());
        }
    }
}
