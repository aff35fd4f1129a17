using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>The clock of a log's time stamps: TRACE_LOGFILE_HEADER.ReservedFlags.</summary>
public enum EtlClock
{
    PerformanceCounter = 1,
    SystemTime = 2,
    CpuCycles = 3,
}

/// <summary>What the log says of itself in its first event: TRACE_LOGFILE_HEADER, as evntrace.h has it.</summary>
/// <param name="Build">Of Windows, e.g. 19045.</param>
/// <param name="PointerBytes">4 or 8, of the system that wrote it.</param>
/// <param name="StartedAt">Null where the figure is no time.</param>
/// <param name="EndedAt">Null where it is not told: the session went on, or ended with the machine.</param>
/// <param name="FirstTimeStamp">Of the header's own event, on the log's clock.</param>
public sealed record EtlHeader(
    int OsMajor, int OsMinor, int Build, int Processors, int PointerBytes, int CpuMegahertz, EtlClock Clock, long TicksPerSecond, long FirstTimeStamp,
    DateTimeOffset? BootedAt, DateTimeOffset? StartedAt, DateTimeOffset? EndedAt, long EventsLost, long BuffersLost, long BuffersWritten, string SessionName)
{
    private const int SystemHeaderBytes = 32;
    private const int FixedBytes = 56;
    private const int TimeZoneBytes = 176;
    private const int MaxNameChars = 200;

    /// <summary>Windows' file times count these from 1601.</summary>
    private const long TicksPerSecondOfSystemTime = 10_000_000;

    /// <param name="buffer">The content of the log's first buffer.</param>
    /// <exception cref="EtlException"/>
    internal static EtlHeader Parse(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < SystemHeaderBytes + FixedBytes + 8 + TimeZoneBytes + 32) throw new EtlException("its header is cut off");
        ReadOnlySpan<byte> body = buffer[SystemHeaderBytes..];
        int pointerBytes = BinaryPrimitives.ReadInt32LittleEndian(body[44..]);
        if (pointerBytes is not (4 or 8)) throw new EtlException($"its header is damaged: pointers of {pointerBytes} bytes");
        int processors = BinaryPrimitives.ReadInt32LittleEndian(body[12..]);
        if (processors is < 1 or > 8192) throw new EtlException($"its header is damaged: {processors} processors");
        int times = FixedBytes + 2 * pointerBytes + TimeZoneBytes;
        if (body.Length < times + 32) throw new EtlException("its header is cut off");
        EtlClock clock = (EtlClock)BinaryPrimitives.ReadInt32LittleEndian(body[(times + 24)..]);
        long frequency = clock == EtlClock.SystemTime ? TicksPerSecondOfSystemTime : BinaryPrimitives.ReadInt64LittleEndian(body[(times + 8)..]);
        if (frequency is < 1000 or > 100_000_000_000) throw new EtlException($"its header is damaged: a clock of {frequency} ticks a second");
        return new EtlHeader(
            body[4], body[5], BinaryPrimitives.ReadInt32LittleEndian(body[8..]), processors, pointerBytes, BinaryPrimitives.ReadInt32LittleEndian(body[52..]), clock, frequency,
            BinaryPrimitives.ReadInt64LittleEndian(buffer[16..]), Time(body[times..]), Time(body[(times + 16)..]), Time(body[16..]),
            BinaryPrimitives.ReadUInt32LittleEndian(body[48..]), BinaryPrimitives.ReadUInt32LittleEndian(body[(times + 28)..]), BinaryPrimitives.ReadUInt32LittleEndian(body[36..]),
            Name(body[(times + 32)..]));
    }

    private static DateTimeOffset? Time(ReadOnlySpan<byte> fileTime)
    {
        long ticks = BinaryPrimitives.ReadInt64LittleEndian(fileTime);
        // Before ETW was, or beyond what a date can be.
        DateTimeOffset earliest = new(1990, 1, 1, 0, 0, 0, TimeSpan.Zero);
        return ticks >= earliest.ToFileTime() && ticks <= DateTimeOffset.MaxValue.ToFileTime() ? DateTimeOffset.FromFileTime(ticks).ToUniversalTime() : null;
    }

    private static string Name(ReadOnlySpan<byte> text)
    {
        ReadOnlySpan<char> chars = MemoryMarshal.Cast<byte, char>(text);
        int end = chars.IndexOf('\0');
        return PlainText.Clean(end < 0 ? chars : chars[..end], MaxNameChars);
    }
}
