using System.Text;

namespace GoTop.Engine.Platform.Linux;

/// <summary>What we need of one line of <c>/proc/PID/stat</c> (proc_pid_stat(5)).</summary>
internal ref struct ProcStat
{
    private const long KernelThreadFlag = 0x00200000;

    /// <summary>The command name as it stands in the line; up to 15 bytes of any kind.</summary>
    public ReadOnlySpan<byte> Name;

    public byte State;
    public int ParentProcessId;
    public bool IsKernelThread;
    public long MinorFaults;
    public long MajorFaults;
    public long UserTicks;
    public long SystemTicks;
    public int Nice;
    public int Threads;
    public ulong StartTicks;
    /// <summary>The logical processor it ran on last; null when the line ends before it.</summary>
    public int? LastCore;

    public int RealTimePriority;
    public int Policy;

    /// <summary>
    /// True when it has ended and only waits for its parent to ask. A process whose first thread alone has ended shows
    /// the same state, but has other threads.
    /// </summary>
    public readonly bool HasEnded => State is (byte)'X' or (byte)'x' || (State == 'Z' && Threads <= 1);

    public readonly string NameText => Encoding.UTF8.GetString(Name);

    /// <summary>The name may hold blanks and parentheses, so it ends at the last one.</summary>
    public static bool TryParse(ReadOnlySpan<byte> line, out ProcStat stat)
    {
        stat = default;
        int open = line.IndexOf((byte)'(');
        int close = line.LastIndexOf((byte)')');
        if (open < 0 || close < open) return false;
        stat.Name = line[(open + 1)..close];
        ReadOnlySpan<byte> rest = line[(close + 1)..].TrimEnd((byte)'\n');
        ReadOnlySpan<byte> state = KernelText.TakeWord(ref rest);
        if (state.Length != 1) return false;
        stat.State = state[0];
        // Fields are numbered as in the manual page; 3 was the state.
        for (int field = 4; field <= 41; field++)
        {
            ReadOnlySpan<byte> before = rest;
            if (!KernelText.TryTakeNumber(ref rest, out long value))
            {
                // rsslim is unsigned and often the largest number there is; older kernels end early.
                rest = before;
                if (KernelText.TakeWord(ref rest).IsEmpty) return field > 22;
                continue;
            }

            switch (field)
            {
                case 4: stat.ParentProcessId = (int)value; break;
                case 9: stat.IsKernelThread = (value & KernelThreadFlag) != 0; break;
                case 10: stat.MinorFaults = value; break;
                case 12: stat.MajorFaults = value; break;
                case 14: stat.UserTicks = value; break;
                case 15: stat.SystemTicks = value; break;
                case 19: stat.Nice = (int)value; break;
                case 20: stat.Threads = (int)value; break;
                case 22: stat.StartTicks = (ulong)value; break;
                case 39: stat.LastCore = (int)value; break;
                case 40: stat.RealTimePriority = (int)value; break;
                case 41: stat.Policy = (int)value; break;
            }
        }

        return true;
    }

    /// <summary>The scheduling class and priority in chrt's and nice's words.</summary>
    public readonly string Priority() => Policy switch
    {
        0 => $"nice {Nice}",
        1 => $"SCHED_FIFO {RealTimePriority}",
        2 => $"SCHED_RR {RealTimePriority}",
        3 => $"SCHED_BATCH nice {Nice}",
        5 => "SCHED_IDLE",
        6 => "SCHED_DEADLINE",
        _ => $"policy {Policy}, nice {Nice}",
    };
}
