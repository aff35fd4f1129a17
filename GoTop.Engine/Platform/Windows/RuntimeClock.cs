using System.Runtime.Versioning;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// The clock of Go's nanotime on Windows: the interrupt time in the page that the system shares with every process
/// (KUSER_SHARED_DATA at 0x7FFE0000). Go reads the same three words. It moves with the timer tick, 0.5 to 15.6 ms.
/// </summary>
[SupportedOSPlatform("windows")]
internal static unsafe class RuntimeClock
{
    private const nuint InterruptTimeLow = 0x7FFE0008;
    private const nuint InterruptTimeHigh = 0x7FFE000C;
    private const nuint InterruptTimeHighAgain = 0x7FFE0010;

    public static long Nanoseconds()
    {
        while (true)
        {
            // The system writes the second high word, the low and the first high word in this order; we read them in the other.
            int high = Volatile.Read(ref *(int*)InterruptTimeHigh);
            uint low = Volatile.Read(ref *(uint*)InterruptTimeLow);
            if (high == Volatile.Read(ref *(int*)InterruptTimeHighAgain))
                return FileTimes.SpanToNanoseconds(((long)high << 32) | low);
        }
    }
}
