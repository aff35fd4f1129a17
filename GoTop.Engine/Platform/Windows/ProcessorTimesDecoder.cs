using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// Reads what NtQuerySystemInformation(SystemProcessorPerformanceInformation) returns: one entry of 0x30 bytes for each
/// processor of a group: idle, kernel, user, DPC and interrupt time, in steps of 100 ns.
/// </summary>
internal static class ProcessorTimesDecoder
{
    public const int EntryLength = 0x30;

    /// <param name="group">The processor group asked for; core ids are group × 64 + place.</param>
    public static ImmutableArray<CoreTimes> Decode(ReadOnlySpan<byte> buffer, int group)
    {
        NativeBytes bytes = new(buffer);
        int count = Math.Min(buffer.Length / EntryLength, ProcessorGroups.MaximumSize);
        ImmutableArray<CoreTimes>.Builder cores = ImmutableArray.CreateBuilder<CoreTimes>(count);
        for (int i = 0; i < count; i++)
        {
            int entry = i * EntryLength;
            long idle = FileTimes.SpanToNanoseconds(bytes.I64(entry));
            long kernel = FileTimes.SpanToNanoseconds(bytes.I64(entry + 0x08));
            long interrupt = FileTimes.SpanToNanoseconds(bytes.I64(entry + 0x18)) + FileTimes.SpanToNanoseconds(bytes.I64(entry + 0x20));
            cores.Add(new CoreTimes(
                Id: (group * ProcessorGroups.MaximumSize) + i,
                UserNanoseconds: FileTimes.SpanToNanoseconds(bytes.I64(entry + 0x10)),
                // Kernel time holds that of the idle thread, of deferred procedure calls and of interrupts.
                SystemNanoseconds: Math.Max(0, kernel - idle - interrupt),
                IdleNanoseconds: idle,
                IoWaitNanoseconds: 0,
                InterruptNanoseconds: interrupt,
                StealNanoseconds: 0));
        }

        return cores.DrainToImmutable();
    }
}
