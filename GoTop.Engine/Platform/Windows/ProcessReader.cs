using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Principal;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Reads what a handle to one process tells of it.</summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class ProcessReader(ProcessAccess access)
{
    private const int ProcessBasicInformation = 0;
    private const int ProcessCommandLineInformation = 60;
    private const int BasicInformationLength = 48;
    private const int MaximumPath = 32768;
    private const int MaximumCommandLineBytes = 16 + ushort.MaxValue;
    private const int MaximumGroups = 32;

    /// <summary>To read memory, and to see that the process has ended.</summary>
    private const uint MemoryRights =
        NativeMethods.ProcessVmRead | NativeMethods.ProcessQueryLimitedInformation | NativeMethods.Synchronize;

    public Reading<string> ImagePath(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, "reading the executable's path");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<string>();
        using (handle)
        {
            char[] path = new char[MaximumPath];
            uint length = (uint)path.Length;
            fixed (char* buffer = path)
            {
                return NativeMethods.QueryFullProcessImageNameW(handle, 0, buffer, ref length)
                    ? Reading.Of(new string(path, 0, (int)Math.Min(length, MaximumPath)))
                    : ProcessAccess.Refused<string>(Marshal.GetLastPInvokeError(), "reading the executable's path");
            }
        }
    }

    /// <summary>The account, as <c>DOMAIN\name</c>.</summary>
    public Reading<string> User(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, "reading the account");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<string>();
        using (handle)
        {
            if (!NativeMethods.OpenProcessToken(handle, NativeMethods.TokenQuery, out SafeAccessTokenHandle token))
                return ProcessAccess.Refused<string>(Marshal.GetLastPInvokeError(), "reading the account");
            using (token)
            {
                return Account(token);
            }
        }
    }

    private static Reading<string> Account(SafeAccessTokenHandle token)
    {
        try
        {
            using WindowsIdentity identity = new(token.DangerousGetHandle());
            return Reading.Of(identity.Name);
        }
        catch (SystemException e)
        {
            // Not mapped, not allowed, or its domain cannot be reached.
            return Reading.Failed<string>($"the account's name could not be looked up: {e.Message}");
        }
    }

    public Reading<ImmutableArray<string>> CommandLine(ProcessKey process)
    {
        const string What = "reading the command line";
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, What);
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<ImmutableArray<string>>();
        using (handle)
        {
            if (AskCommandLine(handle) is { } answer) return Reading.Of(CommandLineSplitter.Split(answer));
        }

        // Wine does not know that question; the process's own memory has the line too.
        opened = access.Open(process, MemoryRights, What);
        if (!opened.TryGet(out handle)) return opened.Absent<ImmutableArray<string>>();
        using LiveProcessMemory memory = new(handle);
        return FromEnvironmentBlock(process, handle, block => ProcessEnvironmentBlock.CommandLine(memory, block))
            .Select(line => CommandLineSplitter.Split(line));
    }

    public Reading<ImmutableArray<KeyValuePair<string, string>>> Environment(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, MemoryRights, "reading the environment");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<ImmutableArray<KeyValuePair<string, string>>>();
        using LiveProcessMemory memory = new(handle);
        // Names of the form "=C:" hold each drive's folder.
        return FromEnvironmentBlock(process, handle, block => ProcessEnvironmentBlock.Environment(memory, block)).Select(text =>
            text!.Split('\0', StringSplitOptions.RemoveEmptyEntries).Select(entry => (Entry: entry, At: entry.IndexOf('=', StringComparison.Ordinal))).Where(entry => entry.At > 0)
                .Select(entry => KeyValuePair.Create(entry.Entry[..entry.At], entry.Entry[(entry.At + 1)..])).ToImmutableArray());
    }

    public Reading<string> WorkingDirectory(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, MemoryRights, "reading the working directory");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<string>();
        using LiveProcessMemory memory = new(handle);
        return FromEnvironmentBlock(process, handle, block => ProcessEnvironmentBlock.CurrentDirectory(memory, block)).Select(path => path!);
    }

    private static string? AskCommandLine(SafeProcessHandle handle)
    {
        byte[] bytes = new byte[MaximumCommandLineBytes];
        fixed (byte* buffer = bytes)
        {
            int status = NativeMethods.NtQueryInformationProcess(
                handle, ProcessCommandLineInformation, buffer, (uint)bytes.Length, out uint needed);
            if (status < 0) return null;
            NativeBytes answer = new(bytes.AsSpan(0, (int)Math.Min(needed, (uint)bytes.Length)));
            return answer.Text(answer.U64(8), answer.U16(0), (ulong)buffer);
        }
    }

    /// <summary>Reads the runtime of the process itself: see <see cref="IPlatform.OpenMemory"/>.</summary>
    public Reading<ProcessMemory> OpenMemory(ProcessKey process)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, MemoryRights, "reading its memory");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return opened.Absent<ProcessMemory>();
        LiveProcessMemory memory = new(handle);
        Reading<ulong?> imageBase = FromEnvironmentBlock(process, handle, block => ProcessEnvironmentBlock.ImageBase(memory, block));
        if (imageBase.HasValue) return Reading.Of(new ProcessMemory(new WindowsMemoryReader(memory), imageBase.Value!.Value));
        memory.Dispose();
        return imageBase.Absent<ProcessMemory>();
    }

    /// <summary>Affinity and priority, which the process list does not have.</summary>
    public (Reading<CoreSet> AllowedCores, Reading<string> Priority) Scheduling(ProcessKey process, HostTopology topology)
    {
        Reading<SafeProcessHandle> opened = access.Open(process, NativeMethods.ProcessQueryLimitedInformation, "reading affinity and priority");
        if (!opened.TryGet(out SafeProcessHandle? handle)) return (opened.Absent<CoreSet>(), opened.Absent<string>());
        using (handle)
        {
            return (AllowedCores(handle, topology), Priority(handle));
        }
    }

    private static Reading<CoreSet> AllowedCores(SafeProcessHandle handle, HostTopology topology)
    {
        if (!NativeMethods.GetProcessAffinityMask(handle, out nuint mask, out nuint systemMask))
            return ProcessAccess.Refused<CoreSet>(Marshal.GetLastPInvokeError(), "reading the affinity");
        ushort count = MaximumGroups;
        ushort* groups = stackalloc ushort[MaximumGroups];
        // Not there under Wine, which has one group.
        if (!NativeMethods.GetProcessGroupAffinity(handle, ref count, groups)) count = 0;
        return Reading.Of(ProcessorGroups.AllowedCores(mask, systemMask, new ReadOnlySpan<ushort>(groups, Math.Min(count, (ushort)MaximumGroups)), topology));
    }

    private static Reading<string> Priority(SafeProcessHandle handle) => NativeMethods.GetPriorityClass(handle) switch
    {
        0 => ProcessAccess.Refused<string>(Marshal.GetLastPInvokeError(), "reading the priority"),
        0x0040 => Reading.Of("Idle"),
        0x4000 => Reading.Of("BelowNormal"),
        0x0020 => Reading.Of("Normal"),
        0x8000 => Reading.Of("AboveNormal"),
        0x0080 => Reading.Of("High"),
        0x0100 => Reading.Of("RealTime"),
        uint other => Reading.Of($"class 0x{other:x}"),
    };

    /// <summary>What the environment block tells, or why it tells nothing.</summary>
    private static Reading<T> FromEnvironmentBlock<T>(ProcessKey process, SafeProcessHandle handle, Func<ulong, T?> read)
    {
        Span<byte> answer = stackalloc byte[BasicInformationLength];
        fixed (byte* buffer = answer)
        {
            int status = NativeMethods.NtQueryInformationProcess(handle, ProcessBasicInformation, buffer, BasicInformationLength, out _);
            if (status < 0) return Reading.Failed<T>($"the system does not tell where the process's environment block lies (status 0x{status:x8})");
        }

        try
        {
            return read(BinaryPrimitives.ReadUInt64LittleEndian(answer[8..])) is { } found
                ? Reading.Of(found)
                : Reading.Failed<T>("the process's environment block could not be read");
        }
        catch (ProcessGoneException)
        {
            // An ended process can still be opened as long as anyone holds a handle to it.
            return ProcessAccess.Gone<T>(process.ProcessId);
        }
    }
}
