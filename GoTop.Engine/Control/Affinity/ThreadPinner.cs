using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Control.Affinity;

/// <summary>
/// Lets a process run on given cores only: each of its threads, and those that are made meanwhile, pass after pass until a
/// reading shows none that may run elsewhere.
/// </summary>
internal sealed class ThreadPinner(IProcessScheduling scheduling, ProcessKey process)
{
    private const int MostPasses = 50;

    /// <param name="coresOf">The cores each thread is to have.</param>
    /// <param name="whole">What the process as a whole is to have, where the system knows such a thing.</param>
    /// <returns>The threads as read at last.</returns>
    /// <exception cref="ControlException">It could not be done, or does not last.</exception>
    public ImmutableArray<ThreadScheduling> Pin(CoreSet whole, Func<ThreadScheduling, CoreSet> coresOf, CancellationToken cancellation)
    {
        bool forAll = ValueOf(scheduling.TrySetProcessCores(process, whole));
        for (int pass = 0; pass < MostPasses; pass++)
        {
            cancellation.ThrowIfCancellationRequested();
            ImmutableArray<ThreadScheduling> threads = ValueOf(scheduling.ReadThreads(process));
            ThreadScheduling[] elsewhere = [.. threads.Where(thread => !thread.Cores.Equals(coresOf(thread)))];
            if (elsewhere.Length == 0) return threads;
            // What was set and reads differently will not change by setting it once more, unless threads come and go.
            if (pass > 1 && elsewhere.All(thread => _seen.Contains((thread.ThreadId, thread.Cores)))) throw NotKept(elsewhere[0], coresOf(elsewhere[0]), forAll);
            foreach (ThreadScheduling thread in elsewhere)
            {
                _seen.Add((thread.ThreadId, thread.Cores));
                ValueOf(scheduling.SetThreadCores(process, thread.ThreadId, coresOf(thread)));
            }
        }

        throw new ControlException($"after {MostPasses} passes there are still threads elsewhere: it makes them faster than they are pinned");
    }

    private readonly HashSet<(int Thread, CoreSet Cores)> _seen = [];

    public static T ValueOf<T>(Reading<T> reading) => reading.TryGet(out T? value)
        ? value
        : throw new ControlException(reading.Reason ?? "the system does not tell") { IsDenied = reading.State == ReadingState.Denied };

    private static ControlException NotKept(ThreadScheduling thread, CoreSet wanted, bool forAll) => new(
        $"thread {thread.ThreadId} was told to run on {wanted} and reads {thread.Cores}: "
        + (forAll ? "something else sets it (a wrapper, a job object)" : "its control group's cpuset, a job object or its processor group allows no more"));
}
