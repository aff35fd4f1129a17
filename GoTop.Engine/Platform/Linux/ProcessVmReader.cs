using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Stand-in until the batched reader of branch <c>runtime</c> lands: one call a range.</summary>
public sealed unsafe class ProcessVmReader(int processId) : IMemoryReader
{
    public bool TryRead(ulong address, Span<byte> destination)
    {
        fixed (byte* into = destination)
        {
            NativeMethods.IoVector local = new() { Base = (nuint)into, Length = (nuint)destination.Length };
            NativeMethods.IoVector remote = new() { Base = (nuint)address, Length = (nuint)destination.Length };
            nint read = NativeMethods.ProcessVmRead(processId, &local, 1, &remote, 1, 0);
            if (read < 0 && Marshal.GetLastPInvokeError() == Errno.NoProcess) throw new ProcessGoneException();
            return read == destination.Length;
        }
    }

    public void ReadMany(ReadOnlySpan<MemoryRange> ranges, Span<byte> destination, Span<bool> ok)
    {
        for (int i = 0; i < ranges.Length; i++)
        {
            ok[i] = TryRead(ranges[i].Address, destination[..ranges[i].Length]);
            destination = destination[ranges[i].Length..];
        }
    }

    public void Dispose()
    {
    }
}
