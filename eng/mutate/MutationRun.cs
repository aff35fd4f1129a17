using System.Collections.Immutable;
using System.Globalization;
using GoTop.Mutate.Inputs;

namespace GoTop.Mutate;

/// <summary>A run over readers, on as many threads as asked for, watched for readers that do not come back.</summary>
internal sealed class MutationRun(ImmutableArray<ReaderTarget> targets, MutateOptions options)
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromMilliseconds(250);

    private readonly FailureFolder _failures = new(options.OutputFolder);

    /// <returns>Whether no input failed.</returns>
    public bool Run()
    {
        ImmutableArray<MutationJob> jobs = [.. Enumerable.Range(0, options.Jobs).Select(job => new MutationJob(job, targets, options, _failures))];
        bool isClean = TellWhatWasLeft(jobs);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{targets.Length} readers, {options.Jobs} threads, {options.Minutes} minutes; seeds {options.Seed} to {options.Seed + (ulong)(options.Rounds * options.Jobs) - 1}, {options.Rounds} for each thread"));
        ImmutableArray<Thread> threads = [.. jobs.Select(job => new Thread(job.Run) { IsBackground = true, Name = $"job {job.Job}" })];
        foreach (Thread thread in threads) thread.Start();
        ImmutableArray<HangWatch> watches = [.. jobs.Select(job => new HangWatch(job, options))];
        foreach (Thread thread in threads)
        {
            while (!thread.Join(LookEvery))
            {
                if (watches.Select(watch => watch.Look()).FirstOrDefault(hung => hung is not null) is not { } hung) continue;
                Save(hung, $"it was still being read after {options.InputLimit.TotalSeconds} s of CPU time\n");
                foreach (MutationJob job in jobs) job.Forget();
                return false;
            }
        }

        foreach (MutationJob job in jobs) job.Dispose();
        return Report(jobs) && isClean;
    }

    private bool TellWhatWasLeft(ImmutableArray<MutationJob> jobs)
    {
        bool isClean = true;
        foreach (MutationJob job in jobs)
        {
            if (job.InHand is { } left && left.Target < targets.Length)
            {
                Save(left, "the process that read this the last time ended with it (or was killed)\n");
                isClean = false;
            }

            job.Forget();
        }

        return isClean;
    }

    private void Save((int Target, ulong Seed, long Number) input, string what)
    {
        ReaderTarget target = targets[input.Target];
        _failures.Save(target.Name, input.Seed, input.Number, new Mutator(target.Corpus, target.Tokens).Input(input.Seed, input.Number), what);
    }

    private bool Report(ImmutableArray<MutationJob> jobs)
    {
        TargetTally all = new();
        Console.WriteLine("| reader | sound inputs | mutated inputs | accepted | refused | failed | slowest | of input | most memory | of input |\n|---|--:|--:|--:|--:|--:|--:|---|--:|---|");
        for (int i = 0; i < targets.Length; i++)
        {
            TargetTally tally = new();
            foreach (MutationJob job in jobs) tally.Add(job.Tallies[i]);
            all.Add(tally);
            Console.WriteLine(Row(targets[i].Name, targets[i].Corpus.Length, tally));
        }

        Console.WriteLine(Row("all", targets.Sum(target => target.Corpus.Length), all));
        return all.Failures == 0;
    }

    private static string Row(string name, int corpus, TargetTally tally) => string.Create(
        CultureInfo.InvariantCulture,
        $"| {name} | {corpus} | {tally.Inputs:N0} | {tally.Accepted:N0} | {tally.Inputs - tally.Accepted - tally.Failures:N0} | {tally.Failures:N0} | {tally.Slowest.TotalMilliseconds:F1} ms | {tally.SlowestInput} | {tally.MostAllocatedBytes / 1e6:F1} MB | {tally.LargestInput} |");
}
