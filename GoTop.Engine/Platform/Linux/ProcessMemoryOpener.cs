using System.Buffers.Text;
using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Linux;

/// <summary>Finds out whether a process's memory may be read, and where its executable is mapped.</summary>
internal sealed class ProcessMemoryOpener(ProcFiles files)
{
    private const int LargestMaps = 32 << 20;

    public Reading<ProcessMemory> Open(ProcessKey process)
    {
        if (!files.IsLive) return Reading.NotSupported<ProcessMemory>("a recorded /proc holds no memory");
        int pid = process.ProcessId;
        Reading<ulong> lowest = ExecutableBase(files, pid);
        if (!lowest.TryGet(out ulong executableBase))
            return lowest.State == ReadingState.Denied ? Reading.Denied<ProcessMemory>(WhyDenied(pid)) : lowest.Absent<ProcessMemory>();
        int error = TryReadByte(pid, executableBase);
        return error switch
        {
            0 => Reading.Of(new ProcessMemory(new ProcessVmReader(pid), executableBase)),
            Errno.NoProcess => Reading.Failed<ProcessMemory>(ProcessCounterReader.Ended(pid)),
            Errno.NotPermitted or Errno.AccessDenied => Reading.Denied<ProcessMemory>(WhyDenied(pid)),
            Errno.NotImplemented => Reading.NotSupported<ProcessMemory>("this kernel has no process_vm_readv (CONFIG_CROSS_MEMORY_ATTACH)"),
            _ => Reading.Failed<ProcessMemory>(string.Create(CultureInfo.InvariantCulture, $"reading the memory of process {pid}: error {error}")),
        };
    }

    /// <summary>The lowest mapping of the file that <c>/proc/PID/exe</c> names.</summary>
    public static Reading<ulong> ExecutableBase(ProcFiles files, int pid)
    {
        Span<byte> link = stackalloc byte[4096];
        int length = files.ReadLink(pid, "exe"u8, link);
        if (length < 0) return ProcessCounterReader.Unreadable<ulong>(pid, "exe", length);
        ReadOnlySpan<byte> executable = link[..length];
        using PooledFile maps = files.ReadWhole(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/maps"), LargestMaps);
        if (!maps.IsRead) return ProcessCounterReader.Unreadable<ulong>(pid, "maps", maps.Error);
        ReadOnlySpan<byte> rest = maps.Bytes;
        while (KernelText.TryTakeLine(ref rest, out ReadOnlySpan<byte> line))
        {
            // 00400000-00520000 r-xp 00000000 08:02 173521   /path; ascending, so the first is the lowest.
            if (line.EndsWith(executable) && line.Length > executable.Length && line[^(executable.Length + 1)] == ' '
                && Utf8Parser.TryParse(line, out ulong address, out _, 'x'))
                return Reading.Of(address);
        }

        return Reading.Failed<ulong>($"the executable is not among the mappings of process {pid}");
    }

    private static unsafe int TryReadByte(int pid, ulong address)
    {
        byte first;
        NativeMethods.IoVector local = new() { Base = (nuint)(&first), Length = 1 };
        NativeMethods.IoVector remote = new() { Base = (nuint)address, Length = 1 };
        return NativeMethods.ProcessVmRead(pid, &local, 1, &remote, 1, 0) == 1 ? 0 : Marshal.GetLastPInvokeError();
    }

    /// <summary>What stands in the way, and what would help.</summary>
    internal string WhyDenied(int pid)
    {
        long? own = UserOf("/proc/self/status");
        long? its = UserOf(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/status"));
        string help = "run gotop as root, or give it CAP_SYS_PTRACE (setcap cap_sys_ptrace+ep, docker --cap-add SYS_PTRACE)";
        if (own is not null && its is not null && own != its && own != 0)
        {
            string owner = PasswdFile.NameOf(files, its.Value);
            return $"process {pid} belongs to {owner}: run gotop as {owner}; or else {help}";
        }

        return own == 0 ? $"root here lacks CAP_SYS_PTRACE (a container?): {help}" : PtraceScope() switch
        {
            1 => $"kernel.yama.ptrace_scope is 1 (only parents may read a process's memory): {help}, or set it to 0 with sysctl",
            2 => $"kernel.yama.ptrace_scope is 2 (only administrators may read a process's memory): {help}",
            3 => "kernel.yama.ptrace_scope is 3: until a reboot nobody may read another process's memory",
            _ => $"process {pid} is protected (it has capabilities, or changed its user): {help}",
        };
    }

    private long? UserOf(string statusPath)
    {
        using PooledFile status = files.ReadWhole(statusPath);
        ReadOnlySpan<byte> ids = KernelText.Value(status.Bytes, "Uid"u8);
        return KernelText.TryTakeNumber(ref ids, out _) && KernelText.TryTakeNumber(ref ids, out long effective) ? effective : null;
    }

    private long? PtraceScope()
    {
        using PooledFile scope = files.ReadWhole("/proc/sys/kernel/yama/ptrace_scope");
        return KernelText.TryFirstNumber(scope.Bytes, out long value) ? value : null;
    }
}
