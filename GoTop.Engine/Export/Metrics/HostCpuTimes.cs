using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Metrics;

/// <summary>
/// A machine's CPU times as counters that never go back. Linux's idle and iowait may step back a little (proc_stat(5)), a core's may begin
/// anew when it was offline, and a core that is offline is not listed at all: each core's is told as it was until it is passed.
/// </summary>
internal sealed class HostCpuTimes
{
    /// <summary>Further than by this it is not a step back but a new beginning; node_exporter draws the line there too.</summary>
    private const long NewBeginningNanoseconds = 3_000_000_000;

    private readonly SortedDictionary<int, (CoreTimes Most, CoreTimes Before)> _cores = [];

    /// <param name="read">Of the cores that are online.</param>
    /// <returns>Of all that have ever been, by number.</returns>
    public ImmutableArray<CoreTimes> Told(ImmutableArray<CoreTimes> read)
    {
        foreach (CoreTimes core in read)
        {
            (CoreTimes most, CoreTimes before) = _cores.TryGetValue(core.Id, out (CoreTimes Most, CoreTimes Before) kept) ? kept : (core, default);
            (long user, long userBefore) = Next(core.UserNanoseconds, most.UserNanoseconds, before.UserNanoseconds);
            (long system, long systemBefore) = Next(core.SystemNanoseconds, most.SystemNanoseconds, before.SystemNanoseconds);
            (long idle, long idleBefore) = Next(core.IdleNanoseconds, most.IdleNanoseconds, before.IdleNanoseconds);
            (long wait, long waitBefore) = Next(core.IoWaitNanoseconds, most.IoWaitNanoseconds, before.IoWaitNanoseconds);
            (long interrupt, long interruptBefore) = Next(core.InterruptNanoseconds, most.InterruptNanoseconds, before.InterruptNanoseconds);
            (long steal, long stealBefore) = Next(core.StealNanoseconds, most.StealNanoseconds, before.StealNanoseconds);
            _cores[core.Id] = (new CoreTimes(core.Id, user, system, idle, wait, interrupt, steal), new CoreTimes(core.Id, userBefore, systemBefore, idleBefore, waitBefore, interruptBefore, stealBefore));
        }

        return
        [
            .. _cores.Values.Select(core => new CoreTimes(
                core.Most.Id, core.Most.UserNanoseconds + core.Before.UserNanoseconds, core.Most.SystemNanoseconds + core.Before.SystemNanoseconds,
                core.Most.IdleNanoseconds + core.Before.IdleNanoseconds, core.Most.IoWaitNanoseconds + core.Before.IoWaitNanoseconds,
                core.Most.InterruptNanoseconds + core.Before.InterruptNanoseconds, core.Most.StealNanoseconds + core.Before.StealNanoseconds)),
        ];
    }

    /// <param name="before">What was told when it began anew, without what it began with.</param>
    private static (long Most, long Before) Next(long now, long most, long before) =>
        now < most - NewBeginningNanoseconds ? (now, before + most - now) : (Math.Max(now, most), before);
}
