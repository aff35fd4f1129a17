using System.Runtime.InteropServices;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>perf_event_open(2) and what goes with it, as bare as they are.</summary>
internal static unsafe partial class PerfNative
{
    public const int ReadWrite = 3;
    public const int Shared = 1;
    public const ulong CloseOnExec = 8;

    public const ulong Enable = 0x2400;
    public const ulong Disable = 0x2401;
    public const ulong SetOutput = 0x2405;
    public const ulong SetFilter = 0x40082406;
    public const ulong Id = 0x80082407;

    /// <summary>The number of perf_event_open, which the C library has no function for.</summary>
    public static nint? EventOpenNumber => RuntimeInformation.ProcessArchitecture switch
    {
        Architecture.X64 => 298,
        Architecture.Arm64 => 241,
        _ => null,
    };

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, PerfAttributes* attributes, nint process, nint cpu, nint group, nint flags);

    [LibraryImport("libc", EntryPoint = "ioctl", SetLastError = true)]
    public static partial int Control(int descriptor, nuint request, nuint argument);

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    public static partial nint Map(nint address, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    public static partial int Unmap(nint address, nuint length);
}

/// <summary>struct perf_event_attr as of PERF_ATTR_SIZE_VER6, which every kernel from 5.5 on knows and older ones take as long as its end is 0.</summary>
[StructLayout(LayoutKind.Sequential, Pack = 8)]
internal struct PerfAttributes
{
    public const uint ByteSize = 120;

    public uint Type;
    public uint Size;
    public ulong Config;
    public ulong Period;
    public ulong SampleType;
    public ulong ReadFormat;
    public ulong Flags;
    public uint Wakeup;
    public uint BreakpointType;
    public ulong Config1;
    public ulong Config2;
    public ulong BranchSampleType;
    public ulong UserRegisters;
    public uint UserStack;
    public int ClockId;
    public ulong InterruptRegisters;
    public uint AuxWatermark;
    public ushort MaxStack;
    public ushort Reserved2;
    public uint AuxSampleSize;
    public uint Reserved3;
}

[Flags]
internal enum PerfFlags : ulong
{
    None = 0,
    Disabled = 1,
    Inherit = 1 << 1,
    ExcludeKernel = 1 << 5,
    ExcludeIdle = 1 << 7,
    Comm = 1 << 9,
    Frequency = 1 << 10,
    Task = 1 << 13,
    Watermark = 1 << 14,
    SampleIdAll = 1 << 18,
    UseClockId = 1 << 25,
    ContextSwitch = 1 << 26,
}

[Flags]
internal enum PerfSample : ulong
{
    None = 0,
    Ip = 1,
    Tid = 2,
    Time = 4,
    CallChain = 32,
    Cpu = 128,
    Raw = 1024,
    Identifier = 1 << 16,

    /// <summary>What each of our events has, and what stands at the end of its other records.</summary>
    Common = Identifier | Tid | Time | Cpu,
}

/// <summary>Types and configurations of events that need no hardware.</summary>
internal static class PerfEvents
{
    public const uint Software = 1;
    public const uint Tracepoint = 2;
    public const ulong CpuClock = 0;
    public const ulong MajorFaults = 6;
    public const ulong Dummy = 9;
}
