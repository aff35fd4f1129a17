namespace GoTop.Engine.KernelEvents.Etw;

/// <summary>Turns time stamps of a clock with so many ticks a second into nanoseconds on the same clock.</summary>
internal readonly struct TraceTimes(long ticksPerSecond)
{
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>Windows 10's performance counter ticks every 100 ns.</summary>
    private readonly long _whole = NanosecondsPerSecond % ticksPerSecond == 0 ? NanosecondsPerSecond / ticksPerSecond : 0;

    /// <summary>Time stamps of damaged logs give the nearest time there is.</summary>
    public long Nanoseconds(long ticks)
    {
        if (_whole > 0 && ticks <= long.MaxValue / _whole && ticks >= long.MinValue / _whole) return ticks * _whole;
        Int128 nanoseconds = (Int128)ticks * NanosecondsPerSecond / ticksPerSecond;
        return (long)Int128.Clamp(nanoseconds, long.MinValue, long.MaxValue);
    }
}
