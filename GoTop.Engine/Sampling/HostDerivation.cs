using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

internal static class HostDerivation
{
    public static HostFigures Derive(Reading<HostCounters> previous, HostFigures? derived, Reading<HostCounters> current)
    {
        if (!current.TryGet(out HostCounters? now))
        {
            return new HostFigures
            {
                CpuPercent = current.Absent<double>(),
                Cores = current.Absent<ImmutableArray<CoreLoad>>(),
                MemoryTotalBytes = current.Absent<long>(),
                MemoryAvailableBytes = current.Absent<long>(),
                NumaNodes = current.Absent<ImmutableArray<NumaMemory>>(),
                Load = current.Absent<LoadAverage>(),
                Pressure = current.Absent<Pressure>(),
            };
        }

        HostCounters? then = previous.ValueOr(null);
        Reading<ImmutableArray<CoreLoad>> cores =
            derived is not null && then?.ReadAtNanoseconds == now.ReadAtNanoseconds ? derived.Cores
            : then is null ? Reading.NotYet<ImmutableArray<CoreLoad>>("a rate needs two readings")
            : CoreLoads(then, now) is { IsEmpty: false } loads ? Reading.Of(loads)
            : Reading.NotYet<ImmutableArray<CoreLoad>>("no core's time has moved since the last reading");
        return new HostFigures
        {
            CpuPercent = cores.Select(all => all.Average(load => load.BusyPercent)),
            Cores = cores,
            MemoryTotalBytes = current.Select(h => h.MemoryTotalBytes),
            MemoryAvailableBytes = current.Select(h => h.MemoryAvailableBytes),
            NumaNodes = current.Select(h => h.NumaNodes),
            Load = now.Load,
            Pressure = now.Pressure,
        };
    }

    private static ImmutableArray<CoreLoad> CoreLoads(HostCounters then, HostCounters now)
    {
        Dictionary<int, CoreTimes> before = then.Cores.ToDictionary(core => core.Id);
        Dictionary<int, LogicalCore> topology = now.Topology.Cores.ToDictionary(core => core.Id);
        ImmutableArray<CoreLoad>.Builder loads = ImmutableArray.CreateBuilder<CoreLoad>(now.Cores.Length);
        foreach (CoreTimes core in now.Cores)
        {
            if (!before.TryGetValue(core.Id, out CoreTimes earlier)) continue;
            // Single counters may step back a little (iowait does); a part is never negative.
            long user = Math.Max(0, core.UserNanoseconds - earlier.UserNanoseconds);
            long system = Math.Max(0, core.SystemNanoseconds - earlier.SystemNanoseconds);
            long idle = Math.Max(0, core.IdleNanoseconds - earlier.IdleNanoseconds);
            long ioWait = Math.Max(0, core.IoWaitNanoseconds - earlier.IoWaitNanoseconds);
            long interrupt = Math.Max(0, core.InterruptNanoseconds - earlier.InterruptNanoseconds);
            long steal = Math.Max(0, core.StealNanoseconds - earlier.StealNanoseconds);
            double total = user + system + idle + ioWait + interrupt + steal;
            if (total <= 0) continue;
            LogicalCore place = topology.GetValueOrDefault(core.Id) ?? new LogicalCore(core.Id, core.Id, 0, 0, 0);
            loads.Add(new CoreLoad(
                place, user / total * 100, system / total * 100, ioWait / total * 100, interrupt / total * 100, steal / total * 100));
        }

        return loads.ToImmutable();
    }
}
