namespace GoTop.Engine.Model;

/// <summary>The clock that rates are taken over: it never jumps, and tests drive it.</summary>
public static class MonotonicClock
{
    public static long MonotonicNanoseconds(this TimeProvider time) =>
        (long)(time.GetTimestamp() * (Int128)1_000_000_000 / time.TimestampFrequency);
}
