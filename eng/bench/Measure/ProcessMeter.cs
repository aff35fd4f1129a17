using System.Globalization;
using GoTop.Bench.Pty;

namespace GoTop.Bench.Measure;

/// <summary>What a process has used until now, as the kernel counts it.</summary>
/// <param name="Timestamp">When, by the meter's <see cref="TimeProvider"/>.</param>
/// <param name="CpuNanoseconds">User and system time of all its threads and of the children it has waited for.</param>
/// <param name="WriteCalls"><c>syscw</c> of /proc/PID/io: writes to anything, the terminal included.</param>
internal readonly record struct ProcessUse(long Timestamp, double CpuNanoseconds, long ResidentBytes, long WriteCalls);

internal static class ProcessMeter
{
    private const double NanosecondsPerTick = 1e7; // USER_HZ is 100 on every Linux that .NET runs on
    private const int SchedulerClock = 2; // CPUCLOCK_SCHED

    public static ProcessUse Read(int processId, TimeProvider time)
    {
        string folder = $"/proc/{processId}";
        long now = time.GetTimestamp();
        // A process's CPU clock (clock_getcpuclockid(3)) holds the same time as utime + stime of its stat file, but in
        // nanoseconds rather than in ticks of 10 ms.
        if (LibC.GetClock((~processId << 3) | SchedulerClock, out LibC.TimeSpecification own) != 0) throw new InvalidOperationException($"process {processId} has ended");
        string stat = File.ReadAllText($"{folder}/stat");
        string[] fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' '); // from field 3, the state, on
        double ofChildren = (Number(fields[13]) + Number(fields[14])) * NanosecondsPerTick;
        string writes = File.ReadLines($"{folder}/io").First(line => line.StartsWith("syscw: ", StringComparison.Ordinal));
        return new ProcessUse(
            now, (own.Seconds * 1e9) + own.Nanoseconds + ofChildren, Number(fields[21]) * Environment.SystemPageSize, Number(writes["syscw: ".Length..]));
    }

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
