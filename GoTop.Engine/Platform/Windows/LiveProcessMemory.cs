using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.GoRuntime;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Reads a running process by ReadProcessMemory, which neither stops nor changes it. Owns the handle.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class LiveProcessMemory(SafeProcessHandle process) : IVirtualMemory
{
    private const int ErrorPartialCopy = 299;

    public int Read(ulong address, Span<byte> destination)
    {
        if (destination.IsEmpty) return 0;
        fixed (byte* buffer = destination)
        {
            if (NativeMethods.ReadProcessMemory(process, (nuint)address, buffer, (nuint)destination.Length, out nuint read))
                return (int)read;
            // The handle keeps an ended process's id from being used again, so this cannot be another one's end.
            int error = Marshal.GetLastPInvokeError();
            if (NativeMethods.WaitForSingleObject(process, 0) == 0) throw new ProcessGoneException();
            return error == ErrorPartialCopy ? (int)Math.Min(read, (nuint)destination.Length) : 0;
        }
    }

    public void Dispose() => process.Dispose();
}
