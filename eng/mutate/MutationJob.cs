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
    private long _reading;

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

    /// <summary>What is being read; at first what the process was reading in this thread when it ended the last time without having come back.</summary>
    public (int Target, ulong Seed, long Number)? InHand => _inHand.Value;

    /// <summary>Another number for each input that was begun or ended.</summary>
    public long Reading => Volatile.Read(ref _reading);

    public void Forget() => _inHand.Value = null;

    public void Run()
    {
        // Compiled before anything is timed.
        foreach (ReaderTarget target in _targets)
            foreach (byte[] sound in target.Corpus) target.Try(sound);

        TimeSpan turn = TimeSpan.FromMinutes(_options.Minutes) / (_options.Rounds * _targets.Length);
        for (int round = 0; round < _options.Rounds; round++)
        {
            ulong seed = _options.Seed + (ulong)(round * _options.Jobs + Job);
            for (int target = 0; target < _targets.Length; target++) Take(target, seed, turn);
        }
    }

    public void Dispose() => _inHand.Dispose();

    private void Take(int target, ulong seed, TimeSpan duration)
    {
        long turnBegan = _options.Time.GetTimestamp();
        for (long number = 0; _options.Time.GetElapsedTime(turnBegan) < duration; number++)
        {
            ArraySegment<byte> input = _mutators[target].Input(seed, number);
            _inHand.Value = (target, seed, number);
            Volatile.Write(ref _reading, _reading + 1);
            long began = _options.Time.GetTimestamp();
            ReadOutcome outcome = _targets[target].Try(input);
            TimeSpan took = _options.Time.GetElapsedTime(began);
            Volatile.Write(ref _reading, _reading + 1);
            _inHand.Value = null;

            Tallies[target].Add(outcome, took, seed, number);
            if (outcome.Failure is { } failure) _failures.Save(_targets[target].Name, seed, number, input, failure.ToString());
        }
    }
}
