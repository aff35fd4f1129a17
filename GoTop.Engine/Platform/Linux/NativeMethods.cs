using System.Runtime.InteropServices;

namespace GoTop.Engine.Platform.Linux;

/// <summary>The C library's calls, as bare as they are. Paths are NUL-terminated.</summary>
internal static unsafe partial class NativeMethods
{
    public const int OpenReadOnlyCloseOnExec = 0x80000;
    public const int CurrentFolder = -100;
    public const int ClockTicksPerSecond = 2;
    public const int ClockMonotonic = 1;

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true)]
    public static partial int Open(byte* path, int flags);

    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    public static partial nint Read(int descriptor, byte* buffer, nuint count);

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint EffectiveUser();

    [LibraryImport("libc", EntryPoint = "close")]
    public static partial int Close(int descriptor);

    [LibraryImport("libc", EntryPoint = "readlink", SetLastError = true)]
    public static partial nint ReadLink(byte* path, byte* buffer, nuint size);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true)]
    public static partial int StatX(int folder, byte* path, int flags, uint mask, byte* result);

    [LibraryImport("libc", EntryPoint = "opendir", SetLastError = true)]
    public static partial nint OpenDirectory(byte* path);

    /// <summary>Null at the end and on errors, which reading a process's folder gives when it ends meanwhile.</summary>
    [LibraryImport("libc", EntryPoint = "readdir")]
    public static partial byte* ReadDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "closedir")]
    public static partial int CloseDirectory(nint directory);

    [LibraryImport("libc", EntryPoint = "sysconf")]
    public static partial nint SystemConfiguration(int name);

    [LibraryImport("libc", EntryPoint = "process_vm_readv", SetLastError = true)]
    public static partial nint ProcessVmRead(
        int processId, IoVector* local, nuint localCount, IoVector* remote, nuint remoteCount, nuint flags);

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    public static partial int ClockGetTime(int clock, TimeSpecification* now);

    [LibraryImport("libc", EntryPoint = "sched_setaffinity", SetLastError = true)]
    public static partial int SetAffinity(int threadId, nuint length, byte* mask);

    /// <summary>By thread in spite of its name, as nice values are the kernel's threads' own.</summary>
    [LibraryImport("libc", EntryPoint = "setpriority", SetLastError = true)]
    public static partial int SetPriority(int which, uint threadId, int nice);

    /// <summary>For ioprio_get and ioprio_set, which the C library does not have.</summary>
    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    public static partial nint SystemCall(nint number, nint first, nint second, nint third);

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    [StructLayout(LayoutKind.Sequential)]
    public struct TimeSpecification
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [StructLayout(LayoutKind.Sequential)]
    public struct IoVector
    {
        public nuint Base;
        public nuint Length;
    }
}

/// <summary>The error numbers that mean something to us.</summary>
internal static class Errno
{
    public const int NotPermitted = 1;
    public const int NoEntry = 2;
    public const int NoProcess = 3;
    public const int Interrupted = 4;
    public const int InputOutput = 5;
    public const int AccessDenied = 13;
    public const int BadAddress = 14;
    public const int NoDevice = 19;
    public const int NotADirectory = 20;
    public const int InvalidArgument = 22;
    public const int TooManyFiles = 24;
    public const int NotImplemented = 38;
    public const int NotSupported = 95;

    /// <summary>True for what a process's files give when it has ended or never was.</summary>
    public static bool IsGone(int negativeErrno) => -negativeErrno is NoEntry or NoProcess;

    public static bool IsDenied(int negativeErrno) => -negativeErrno is NotPermitted or AccessDenied;
}
