using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Rates by thread, joined with the runtime's Ms and the kernel's events.</summary>
internal static class ThreadDerivation
{
    private const string NotGo = "it is not a thread of the Go runtime";
    private const string NothingSeen = "it did nothing since the reading before";

    public static Reading<ImmutableArray<ThreadFigures>> Derive(Reading<ThreadTable> previous, Reading<ImmutableArray<ThreadFigures>>? derived, SampleFacts facts)
    {
        if (!facts.Threads.TryGet(out ThreadTable? now)) return facts.Threads.Absent<ImmutableArray<ThreadFigures>>();
        ThreadTable? then = previous.ValueOr(null);
        Dictionary<int, GoThread>? go = ByOwnId(facts.GoThreads);
        Reading<KernelReport> events = OfThreads(facts.Kernel);
        Dictionary<int, ThreadActivity>? active = events.TryGet(out KernelReport? report) ? report.Threads.ToDictionary(thread => thread.Thread) : null;
        bool sameReading = then?.ReadAtNanoseconds == now.ReadAtNanoseconds;
        Dictionary<int, ThreadFigures>? same = sameReading && derived is { HasValue: true } kept ? kept.Value.ToDictionary(thread => thread.Id) : null;
        Dictionary<int, ThreadCounters>? before = sameReading ? null : then?.Threads.ToDictionary(thread => thread.Id);
        Rates? rates = Rates.Between(then?.ReadAtNanoseconds, now.ReadAtNanoseconds);
        ImmutableArray<ThreadFigures>.Builder figures = ImmutableArray.CreateBuilder<ThreadFigures>(now.Threads.Length);
        foreach (ThreadCounters thread in now.Threads)
        {
            ThreadCounters? earlier = before?.GetValueOrDefault(thread.Id);
            ThreadFigures figure = same?.GetValueOrDefault(thread.Id) ?? WithRates(Gauges(thread, now.Missing, isNew: before is not null && earlier is null), earlier, rates, now.Missing);
            figures.Add(figure with
            {
                Go = go is null ? facts.GoThreads.Absent<GoThread>()
                    : go.TryGetValue(thread.OwnId, out GoThread known) ? Reading.From(facts.GoThreads.State, known, facts.GoThreads.Reason)
                    : Reading.NotSupported<GoThread>(NotGo),
                Kernel = active is null ? events.Absent<ThreadActivity>()
                    : active.TryGetValue(thread.Id, out ThreadActivity? activity) ? Reading.From(facts.Kernel.State, activity, facts.Kernel.Reason)
                    : Reading.NotYet<ThreadActivity>(NothingSeen),
            });
        }

        return Reading.From(facts.Threads.State, figures.MoveToImmutable(), facts.Threads.Reason);
    }

    /// <summary>A report that tells of disks and the network alone says nothing of threads.</summary>
    private static Reading<KernelReport> OfThreads(Reading<KernelReport> kernel) =>
        kernel.TryGet(out KernelReport? report) && !report.Coverage.Tells(KernelFacts.Switches) && !report.Coverage.Tells(KernelFacts.Samples)
            ? Reading.NotYet<KernelReport>(report.Coverage.WhyNot(KernelFacts.Switches))
            : kernel;

    private static Dictionary<int, GoThread>? ByOwnId(Reading<GoThreadTable> table)
    {
        if (!table.TryGet(out GoThreadTable? threads)) return null;
        Dictionary<int, GoThread> byId = new(threads.Threads.Length);
        // Of two that name the same thread the newer one stands first.
        foreach (GoThread thread in threads.Threads) byId.TryAdd(thread.OwnThreadId, thread);
        return byId;
    }

    private static ThreadFigures Gauges(ThreadCounters thread, MissingThreadFacts missing, bool isNew) => new()
    {
        Counters = thread,
        Name = Told(thread.Name, missing.Name),
        IsNew = isNew,
        LastCore = Told(thread.LastCore, missing.LastCore),
        AllowedCores = Told(thread.AllowedCores, missing.AllowedCores),
        WaitReason = Told(thread.WaitReason, missing.WaitReason ?? "it does not wait"),
        Go = default,
        Kernel = default,
    };

    private static ThreadFigures WithRates(ThreadFigures figures, ThreadCounters? then, Rates? rates, MissingThreadFacts missing)
    {
        ThreadCounters now = figures.Counters;
        if (then is null || rates is not { } over)
        {
            Reading<double> notYet = Rates.NotYet();
            return figures with
            {
                CpuPercent = notYet,
                UserPercent = notYet,
                SystemPercent = notYet,
                RunQueueDelayPercent = missing.RunQueueDelay is { } noDelay ? Reading.NotSupported<double>(noDelay) : notYet,
                ContextSwitchesPerSecond = notYet,
                VoluntarySwitchesPerSecond = missing.SwitchKinds is { } noKinds ? Reading.NotSupported<double>(noKinds) : notYet,
                InvoluntarySwitchesPerSecond = missing.SwitchKinds is { } noKind ? Reading.NotSupported<double>(noKind) : notYet,
            };
        }

        return figures with
        {
            CpuPercent = over.PercentOfTime(Told(then.OnCpuNanoseconds, null), Told(now.OnCpuNanoseconds, null)),
            UserPercent = over.PercentOfTime(Told(then.UserNanoseconds, null), Told(now.UserNanoseconds, null)),
            SystemPercent = over.PercentOfTime(Told(then.SystemNanoseconds, null), Told(now.SystemNanoseconds, null)),
            RunQueueDelayPercent = over.PercentOfTime(Told(then.RunQueueDelayNanoseconds, missing.RunQueueDelay), Told(now.RunQueueDelayNanoseconds, missing.RunQueueDelay)),
            ContextSwitchesPerSecond = over.PerSecond(Reading.Of(then.ContextSwitches), Reading.Of(now.ContextSwitches)),
            VoluntarySwitchesPerSecond = over.PerSecond(Told(then.VoluntarySwitches, missing.SwitchKinds), Told(now.VoluntarySwitches, missing.SwitchKinds)),
            InvoluntarySwitchesPerSecond = over.PerSecond(Told(then.InvoluntarySwitches, missing.SwitchKinds), Told(now.InvoluntarySwitches, missing.SwitchKinds)),
        };
    }

    private static Reading<T> Told<T>(T? value, string? why)
        where T : struct => value is { } told ? Reading.Of(told) : Reading.NotSupported<T>(why ?? "it could not be read");

    private static Reading<T> Told<T>(T? value, string? why)
        where T : class => value is { } told ? Reading.Of(told) : Reading.NotSupported<T>(why ?? "it could not be read");
}
