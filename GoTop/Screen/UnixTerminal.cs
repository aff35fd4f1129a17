using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace GoTop.Screen;

/// <summary>The few calls of the C library that a terminal program needs; all of them fail softly.</summary>
[UnsupportedOSPlatform("windows")]
internal static unsafe partial class UnixTerminal
{
    public const int StandardInput = 0;
    public const int StandardOutput = 1;
    public const short PollIn = 1;

    /// <summary>Error, hang-up, not open: nothing more will come.</summary>
    public const short PollGone = 0x08 | 0x10 | 0x20;

    /// <summary>Larger than any system's struct termios (60 bytes in glibc, 72 on macOS).</summary>
    private const int TermiosSize = 256;
    private const int Now = 0;
    private const int LinuxStopSignal = 20;
    private const int OtherStopSignal = 18;

    /// <summary>Line settings of the terminal, opaque; null when standard input is none.</summary>
    public static byte[]? ReadSettings()
    {
        byte[] settings = new byte[TermiosSize];
        fixed (byte* pointer = settings) return tcgetattr(StandardInput, pointer) == 0 ? settings : null;
    }

    public static void ApplySettings(byte[]? settings)
    {
        if (settings is null) return;
        fixed (byte* pointer = settings) _ = tcsetattr(StandardInput, Now, pointer);
    }

    /// <summary>Writes all of it, or as much as the terminal takes.</summary>
    public static void Write(int descriptor, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* pointer = bytes)
        {
            int done = 0;
            while (done < bytes.Length)
            {
                nint written = write(descriptor, pointer + done, bytes.Length - done);
                if (written <= 0) return;
                done += (int)written;
            }
        }
    }

    /// <summary>Stops this job, as the terminal does on Ctrl-Z; returns when it is continued.</summary>
    public static void StopJob() => _ = kill(0, OperatingSystem.IsLinux() ? LinuxStopSignal : OtherStopSignal);

    /// <summary>A pipe to end a wait with; null when the system is out of descriptors.</summary>
    public static (int Read, int Write)? Pipe()
    {
        int* ends = stackalloc int[2];
        return pipe(ends) == 0 ? (ends[0], ends[1]) : null;
    }

    public static void Close(int descriptor) => _ = close(descriptor);

    /// <summary>Waits for input on either; what happened, as poll's bits. Zero after the time-out or a signal.</summary>
    public static (short First, short Second) Wait(int first, int second, int milliseconds)
    {
        PollEntry* entries = stackalloc PollEntry[2];
        entries[0] = new PollEntry { Descriptor = first, Wanted = PollIn };
        entries[1] = new PollEntry { Descriptor = second, Wanted = PollIn };
        return poll(entries, 2, milliseconds) > 0 ? (entries[0].Happened, entries[1].Happened) : default;
    }

    /// <summary>Columns and rows; null when standard output is no terminal.</summary>
    public static (int Width, int Height)? Size()
    {
        ushort* size = stackalloc ushort[4];
        nuint request = OperatingSystem.IsLinux() ? 0x5413u : 0x40087468u;
        return ioctl(StandardOutput, request, size) == 0 && size[0] > 0 && size[1] > 0 ? (size[1], size[0]) : null;
    }

    [LibraryImport("libc")]
    private static partial int tcgetattr(int descriptor, byte* settings);

    [LibraryImport("libc")]
    private static partial int tcsetattr(int descriptor, int when, byte* settings);

    [LibraryImport("libc")]
    private static partial nint write(int descriptor, byte* bytes, nint count);

    [LibraryImport("libc")]
    private static partial int kill(int process, int signal);

    [LibraryImport("libc")]
    private static partial int pipe(int* ends);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);

    [LibraryImport("libc")]
    private static partial int poll(PollEntry* entries, nuint count, int milliseconds);

    [LibraryImport("libc")]
    private static partial int ioctl(int descriptor, nuint request, ushort* size);

    [StructLayout(LayoutKind.Sequential)]
    private struct PollEntry
    {
        public int Descriptor;
        public short Wanted;
        public short Happened;
    }
}
