using System.Buffers.Text;
using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Reads the machine's counters: /proc/stat, meminfo, loadavg, pressure and the NUMA nodes' meminfo.</summary>
internal sealed class HostReader(ProcFiles files, long clockTicksPerSecond)
{
    private readonly TopologyReader _topology = new(files);

    public Reading<HostCounters> Read()
    {
        using PooledFile stat = files.ReadWhole("/proc/stat");
        if (!stat.IsRead) return Reading.Failed<HostCounters>($"/proc/stat: error {-stat.Error}");
        ImmutableArray<CoreTimes> cores = CoreTimes(stat.Bytes);
        if (cores.IsEmpty) return Reading.Failed<HostCounters>("/proc/stat tells of no core");
        using PooledFile memory = files.ReadWhole("/proc/meminfo");
        if (!KernelText.TryNumber(memory.Bytes, "MemTotal"u8, out long total) || !KernelText.TryNumber(memory.Bytes, "MemAvailable"u8, out long available))
            return Reading.Failed<HostCounters>("/proc/meminfo has no MemTotal or MemAvailable");
        HostTopology topology = _topology.Read(cores);
        return Reading.Of(new HostCounters
        {
            Topology = topology,
            Cores = cores,
            MemoryTotalBytes = total * 1024,
            MemoryAvailableBytes = available * 1024,
            SwapTotalBytes = Kilobytes(memory.Bytes, "SwapTotal"u8),
            SwapFreeBytes = Kilobytes(memory.Bytes, "SwapFree"u8),
            NumaNodes = NumaMemories(topology),
            Load = ReadLoad(),
            Pressure = ReadPressure(),
        });
    }

    /// <summary>When the machine was started, in seconds since 1970; null when /proc/stat does not say.</summary>
    public static long? BootTimeSeconds(ProcFiles files)
    {
        using PooledFile stat = files.ReadWhole("/proc/stat");
        return KernelText.TryNumber(stat.Bytes, "btime"u8, out long seconds) ? seconds : null;
    }

    private ImmutableArray<CoreTimes> CoreTimes(ReadOnlySpan<byte> stat)
    {
        ImmutableArray<CoreTimes>.Builder cores = ImmutableArray.CreateBuilder<CoreTimes>(Environment.ProcessorCount);
        Span<long> ticks = stackalloc long[8];
        while (KernelText.TryTakeLine(ref stat, out ReadOnlySpan<byte> line) && line.StartsWith("cpu"u8))
        {
            // The first line, "cpu " without a number, is the sum.
            if (!Utf8Parser.TryParse(line[3..], out int id, out int used)) continue;
            line = line[(3 + used)..];
            ticks.Clear();
            for (int i = 0; i < ticks.Length && KernelText.TryTakeNumber(ref line, out long value); i++) ticks[i] = value;
            // user, nice, system, idle, iowait, irq, softirq, steal; time lent to guests is counted in user and nice already.
            cores.Add(new CoreTimes(
                id, Nanoseconds(ticks[0] + ticks[1]), Nanoseconds(ticks[2]), Nanoseconds(ticks[3]),
                Nanoseconds(ticks[4]), Nanoseconds(ticks[5] + ticks[6]), Nanoseconds(ticks[7])));
        }

        return cores.DrainToImmutable();
    }

    private long Nanoseconds(long ticks) => ticks * (1_000_000_000 / clockTicksPerSecond);

    private static Reading<long> Kilobytes(ReadOnlySpan<byte> memory, ReadOnlySpan<byte> key) =>
        KernelText.TryNumber(memory, key, out long value)
            ? Reading.Of(value * 1024)
            : Reading.NotSupported<long>("/proc/meminfo does not tell of swap");

    private ImmutableArray<NumaMemory> NumaMemories(HostTopology topology)
    {
        ImmutableArray<NumaMemory>.Builder nodes = ImmutableArray.CreateBuilder<NumaMemory>();
        foreach (int node in topology.Cores.Select(c => c.NumaNode).Distinct().Order())
        {
            using PooledFile memory = files.ReadWhole($"/sys/devices/system/node/node{node}/meminfo");
            if (TryNodeNumber(memory.Bytes, " MemTotal:"u8, out long total) && TryNodeNumber(memory.Bytes, " MemFree:"u8, out long free))
                nodes.Add(new NumaMemory(node, Reading.Of(total * 1024), free * 1024));
        }

        return nodes.DrainToImmutable();
    }

    /// <summary>These lines begin with the node: <c>Node 0 MemTotal:  5990612 kB</c>.</summary>
    private static bool TryNodeNumber(ReadOnlySpan<byte> memory, ReadOnlySpan<byte> key, out long value)
    {
        value = 0;
        int at = memory.IndexOf(key);
        return at >= 0 && KernelText.TryFirstNumber(memory[(at + key.Length)..], out value);
    }

    private Reading<LoadAverage> ReadLoad()
    {
        Span<byte> buffer = stackalloc byte[128];
        int length = files.Read("/proc/loadavg", buffer);
        if (length < 0) return Reading.Failed<LoadAverage>($"/proc/loadavg: error {-length}");
        ReadOnlySpan<byte> line = buffer[..length];
        return TryTakeDouble(ref line, out double one) && TryTakeDouble(ref line, out double five) && TryTakeDouble(ref line, out double fifteen)
            ? Reading.Of(new LoadAverage(one, five, fifteen))
            : Reading.Failed<LoadAverage>("/proc/loadavg is not understood");
    }

    private static bool TryTakeDouble(ref ReadOnlySpan<byte> line, out double value) =>
        Utf8Parser.TryParse(KernelText.TakeWord(ref line), out value, out int used) && used > 0;

    private Reading<Pressure> ReadPressure()
    {
        double memory = 0, io = 0;
        int error = ReadPressure("/proc/pressure/cpu", out double cpu);
        if (error == 0) error = ReadPressure("/proc/pressure/memory", out memory);
        if (error == 0) error = ReadPressure("/proc/pressure/io", out io);
        return -error switch
        {
            0 => Reading.Of(new Pressure(cpu, memory, io)),
            Errno.NoEntry => Reading.NotSupported<Pressure>("this kernel gives no pressure stall information (CONFIG_PSI)"),
            Errno.NotSupported => Reading.NotSupported<Pressure>("pressure stall information is switched off; psi=1 on the kernel's command line turns it on"),
            Errno.NotPermitted or Errno.AccessDenied => Reading.Denied<Pressure>("/proc/pressure may not be read here"),
            _ => Reading.Failed<Pressure>($"/proc/pressure: error {-error}"),
        };
    }

    /// <summary>The 10-second average of <c>some avg10=1.52 avg60=…</c>. 0 or a negated errno.</summary>
    private int ReadPressure(string path, out double percent)
    {
        percent = 0;
        Span<byte> buffer = stackalloc byte[256];
        int length = files.Read(path, buffer);
        if (length < 0) return length;
        ReadOnlySpan<byte> text = buffer[..length];
        return text.StartsWith("some avg10="u8) && Utf8Parser.TryParse(text["some avg10=".Length..], out percent, out _)
            ? 0
            : -Errno.InvalidArgument;
    }
}
