using System.Text;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>A process's name as /proc/PID/comm has it.</summary>
internal static class ProcessNameReader
{
    /// <summary>Null when it has ended.</summary>
    public static string? Read(ProcFiles files, int processId)
    {
        Span<byte> buffer = stackalloc byte[64];
        int length = files.Read(processId, "comm"u8, buffer);
        return length > 0 ? Encoding.UTF8.GetString(buffer[..length].TrimEnd((byte)'\n')) : null;
    }
}
