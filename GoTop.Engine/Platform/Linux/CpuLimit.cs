using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>The CPU quota that holds for a group, and how often it was hit.</summary>
internal readonly record struct CpuLimit(
    Reading<double> QuotaCores, Reading<long> Periods, Reading<long> ThrottledPeriods, Reading<long> ThrottledNanoseconds)
{
    private const int SmallFile = 4096;

    public static CpuLimit Absent<T>(Reading<T> why) =>
        new(why.Absent<double>(), why.Absent<long>(), why.Absent<long>(), why.Absent<long>());

    /// <summary>The kernel counts throttling at the group that has the quota, which may be one above the process's.</summary>
    public static CpuLimit Read(ProcFiles files, ControlGroups.Group group)
    {
        double? smallest = null;
        string limited = "";
        foreach (string folder in group.FoldersUpwards())
        {
            double? cores = group.IsV2 ? QuotaV2(files, folder) : QuotaV1(files, folder);
            if (cores is null || cores >= smallest) continue;
            smallest = cores;
            limited = folder;
        }

        if (smallest is null) return Absent(Reading.NotSupported<double>("no CPU quota is set on its control group or above"));
        Span<byte> buffer = stackalloc byte[SmallFile];
        int length = files.Read($"{limited}/cpu.stat", buffer);
        if (length < 0)
        {
            Reading<long> why = Reading.Failed<long>($"{limited}/cpu.stat: error {-length}");
            return new CpuLimit(Reading.Of(smallest.Value), why, why, why);
        }

        ReadOnlySpan<byte> stat = buffer[..length];
        return new CpuLimit(
            Reading.Of(smallest.Value), Number(stat, "nr_periods"u8), Number(stat, "nr_throttled"u8),
            group.IsV2 ? Number(stat, "throttled_usec"u8).Select(microseconds => microseconds * 1000) : Number(stat, "throttled_time"u8));
    }

    /// <summary>cpu.max: <c>max 100000</c> or <c>QUOTA PERIOD</c> in microseconds. The topmost group has no such file.</summary>
    private static double? QuotaV2(ProcFiles files, string folder)
    {
        Span<byte> buffer = stackalloc byte[SmallFile];
        int length = files.Read($"{folder}/cpu.max", buffer);
        if (length <= 0) return null;
        ReadOnlySpan<byte> line = buffer[..length].TrimEnd((byte)'\n');
        return KernelText.TryTakeNumber(ref line, out long quota) && KernelText.TryTakeNumber(ref line, out long period)
            ? Cores(quota, period)
            : null;
    }

    private static double? QuotaV1(ProcFiles files, string folder) =>
        FirstNumber(files, $"{folder}/cpu.cfs_quota_us") is { } quota && FirstNumber(files, $"{folder}/cpu.cfs_period_us") is { } period
            ? Cores(quota, period)
            : null;

    /// <summary>v1 says −1 for no quota.</summary>
    private static double? Cores(long quota, long period) => quota > 0 && period > 0 ? (double)quota / period : null;

    private static long? FirstNumber(ProcFiles files, string path)
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = files.Read(path, buffer);
        return length > 0 && KernelText.TryFirstNumber(buffer[..length], out long value) ? value : null;
    }

    private static Reading<long> Number(ReadOnlySpan<byte> stat, ReadOnlySpan<byte> key) =>
        KernelText.TryNumber(stat, key, out long value)
            ? Reading.Of(value)
            : Reading.NotSupported<long>("the group's cpu.stat does not count throttling");
}
