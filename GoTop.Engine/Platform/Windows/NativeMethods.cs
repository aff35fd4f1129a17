using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

// The system's libraries come from the system's folder, never from one beside the executable. Means nothing elsewhere.
[assembly: DefaultDllImportSearchPaths(DllImportSearchPath.System32)]

namespace GoTop.Engine.Platform.Windows;

/// <summary>The system's own calls, as they are. What their buffers hold is decoded elsewhere, so that it can be tested anywhere.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe partial class NativeMethods
{
    public const int StatusInfoLengthMismatch = unchecked((int)0xC0000004);
    public const int StatusAccessDenied = unchecked((int)0xC0000022);

    public const int ErrorAccessDenied = 5;
    public const int ErrorInvalidParameter = 87;
    public const int ErrorInsufficientBuffer = 122;
    public const int ErrorMoreData = 234;

    public const uint FileTypeDisk = 1;

    public const uint ProcessVmRead = 0x0010;
    public const uint ProcessQueryLimitedInformation = 0x1000;
    public const uint ProcessSetInformation = 0x0200;
    public const uint ThreadSetInformation = 0x0020;
    public const uint ThreadQueryInformation = 0x0040;
    public const uint Synchronize = 0x0010_0000;

    public const uint TokenQuery = 0x0008;

    public const uint CtrlBreakEvent = 1;

    public const uint ManageEnumerateServices = 0x0004;
    public const uint ServiceWin32 = 0x30;
    public const uint ServiceActive = 1;

    public const uint AddressFamilyIPv4 = 2;
    public const uint AddressFamilyIPv6 = 23;
    public const int TcpTableOwnerPidListener = 3;

    [LibraryImport("ntdll.dll")]
    public static partial int NtQuerySystemInformation(int informationClass, byte* buffer, uint length, out uint needed);

    [LibraryImport("ntdll.dll")]
    public static partial int NtQuerySystemInformationEx(
        int informationClass, void* input, uint inputLength, byte* buffer, uint length, out uint needed);

    [LibraryImport("ntdll.dll")]
    public static partial int NtQueryInformationProcess(
        SafeProcessHandle process, int informationClass, byte* buffer, uint length, out uint needed);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial SafeProcessHandle OpenProcess(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, int processId);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ReadProcessMemory(SafeProcessHandle process, nuint address, byte* buffer, nuint length, out nuint read);

    /// <summary>0 once the process has ended, as nothing is waited for.</summary>
    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial uint WaitForSingleObject(SafeProcessHandle process, uint milliseconds);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial uint GetFileType(SafeFileHandle file);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetFileInformationByHandleEx(SafeFileHandle file, int informationClass, byte* information, uint length);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessTimes(
        SafeProcessHandle process, out ulong created, out ulong exited, out ulong kernel, out ulong user);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessAffinityMask(SafeProcessHandle process, out nuint processMask, out nuint systemMask);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessGroupAffinity(SafeProcessHandle process, ref ushort groupCount, ushort* groups);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetProcessAffinityMask(SafeProcessHandle process, nuint mask);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial SafeThreadHandle OpenThread(uint access, [MarshalAs(UnmanagedType.Bool)] bool inherit, int threadId);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetThreadGroupAffinity(SafeThreadHandle thread, GroupAffinity* affinity);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetThreadGroupAffinity(SafeThreadHandle thread, GroupAffinity* affinity, GroupAffinity* before);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetPriorityClass(SafeProcessHandle process, uint priorityClass);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetProcessInformation(SafeProcessHandle process, int informationClass, void* buffer, uint length);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetProcessInformation(SafeProcessHandle process, int informationClass, void* buffer, uint length);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseHandle(nint handle);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial uint GetPriorityClass(SafeProcessHandle process);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryFullProcessImageNameW(SafeProcessHandle process, uint flags, char* name, ref uint length);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetLogicalProcessorInformationEx(int relationship, byte* buffer, ref uint length);

    [LibraryImport("kernel32.dll")]
    public static partial ushort GetActiveProcessorGroupCount();

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GlobalMemoryStatusEx(MemoryStatus* status);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GetNumaAvailableMemoryNodeEx(ushort node, out ulong availableBytes);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool OpenProcessToken(SafeProcessHandle process, uint access, out SafeAccessTokenHandle token);

    [LibraryImport("advapi32.dll", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeServiceManagerHandle OpenSCManagerW(string? machine, string? database, uint access);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool CloseServiceHandle(nint handle);

    [LibraryImport("advapi32.dll", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeServiceManagerHandle OpenServiceW(SafeServiceManagerHandle manager, string name, uint access);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryServiceStatusEx(SafeHandle service, int infoLevel, byte* buffer, uint length, out uint needed);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool QueryServiceConfig2W(SafeHandle service, int infoLevel, byte* buffer, uint length, out uint needed);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ChangeServiceConfig2W(SafeHandle service, int infoLevel, void* info);

    [LibraryImport("advapi32.dll", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    public static partial SafeServiceManagerHandle CreateServiceW(
        SafeServiceManagerHandle manager, string name, string display, uint access, uint type, uint start, uint errors, string command, string? group, uint* tag,
        string? dependencies, string? account, string? password);

    [LibraryImport("advapi32.dll", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool ChangeServiceConfigW(
        SafeServiceManagerHandle service, uint type, uint start, uint errors, string? command, string? group, uint* tag, string? dependencies, string? account,
        string? password, string? display);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool DeleteService(SafeServiceManagerHandle service);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool FreeConsole();

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool AttachConsole(int processId);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool SetConsoleCtrlHandler(nint handler, [MarshalAs(UnmanagedType.Bool)] bool add);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    public static partial uint GetConsoleProcessList(uint* ids, uint count);

    [LibraryImport("kernel32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool GenerateConsoleCtrlEvent(uint controlEvent, uint processGroup);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool EnumServicesStatusExW(
        SafeServiceManagerHandle manager, int infoLevel, uint serviceType, uint serviceState,
        byte* buffer, uint length, out uint needed, out uint count, ref uint resume, char* group);

    [LibraryImport("iphlpapi.dll")]
    public static partial uint GetExtendedTcpTable(
        byte* buffer, ref uint length, [MarshalAs(UnmanagedType.Bool)] bool sorted, uint family, int tableClass, uint reserved);

    /// <summary>GROUP_AFFINITY.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct GroupAffinity
    {
        public nuint Mask;
        public ushort Group;
        private readonly ushort _reserved0;
        private readonly ushort _reserved1;
        private readonly ushort _reserved2;
    }

    /// <summary>SERVICE_FAILURE_ACTIONSW; null texts stay as they are.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct ServiceFailureActions
    {
        public uint ResetPeriodSeconds;
        public nint RebootMessage;
        public nint Command;
        public uint ActionCount;
        public nint Actions;
    }

    /// <summary>PROCESS_POWER_THROTTLING_STATE.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct PowerThrottling
    {
        public uint Version;
        public uint ControlMask;
        public uint StateMask;
    }

    public sealed class SafeThreadHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => CloseHandle(handle);
    }

    /// <summary>MEMORYSTATUSEX.</summary>
    [StructLayout(LayoutKind.Sequential)]
    public struct MemoryStatus
    {
        public uint Length;
        public uint LoadPercent;
        public ulong TotalPhysical;
        public ulong AvailablePhysical;
        public ulong TotalPageFile;
        public ulong AvailablePageFile;
        public ulong TotalVirtual;
        public ulong AvailableVirtual;
        public ulong AvailableExtendedVirtual;
    }

    public sealed class SafeServiceManagerHandle() : SafeHandleZeroOrMinusOneIsInvalid(ownsHandle: true)
    {
        protected override bool ReleaseHandle() => CloseServiceHandle(handle);
    }
}
