using System.Buffers.Binary;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// What nanotime gives in a Windows program: the interrupt time of the page that the kernel maps into every process
/// (KUSER_SHARED_DATA, 0x7FFE0008: low, high, high again, in units of 100 ns). Read from the target, so that it also
/// holds for a recorded one.
/// </summary>
internal sealed class WindowsTargetClock(TargetMemory memory, Func<long> otherwise)
{
    private const ulong InterruptTime = 0x7ffe0008;
    private const int Attempts = 3;

    public long Read()
    {
        Span<byte> time = stackalloc byte[12];
        for (int i = 0; i < Attempts && memory.Reader.TryRead(InterruptTime, time); i++)
        {
            int high = BinaryPrimitives.ReadInt32LittleEndian(time[4..]);
            if (high == BinaryPrimitives.ReadInt32LittleEndian(time[8..])) return (((long)high << 32) | BinaryPrimitives.ReadUInt32LittleEndian(time)) * 100;
        }

        return otherwise();
    }
}
