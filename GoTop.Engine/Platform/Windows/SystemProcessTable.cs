using System.Collections.Immutable;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// The system's list of all processes with their counters. One call gives the whole list, however little is asked for
/// (~1 ms per 100 processes), so callers within a tenth of a second share one. Under Wine it is also the only call that
/// tells another process's times; GetProcessTimes gives the caller's own there.
/// </summary>
[SupportedOSPlatform("windows")]
internal sealed unsafe class SystemProcessTable(TimeProvider time)
{
    private const int SystemProcessInformation = 5;
    private const int FirstCapacity = 256 * 1024;
    private const int MaximumCapacity = 256 * 1024 * 1024;

    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();

    // Pinned, since the names in it are pointers into it; reused, since it is too large to make anew each second.
    private byte[] _buffer = [];
    private int _length;
    private long? _readAt;

    public ImmutableArray<ProcessEntry> List()
    {
        lock (_lock)
        {
            ImmutableArray<ProcessEntry>.Builder entries = ImmutableArray.CreateBuilder<ProcessEntry>();
            SystemProcessDecoder processes = Read();
            while (processes.MoveNext())
            {
                // The idle "process" is what is left of the cores' time; nothing can be asked of it.
                if (processes.ProcessId == 0) continue;
                entries.Add(new ProcessEntry(
                    new ProcessKey(processes.ProcessId, processes.CreateTime), processes.ImageName, processes.ParentProcessId));
            }

            return entries.DrainToImmutable();
        }
    }

    /// <summary>Null when no such process runs.</summary>
    public SystemProcess? Find(int processId)
    {
        lock (_lock)
        {
            // A process that has only just started is not in a list that was read before; an empty answer must be a new one.
            return Find(Read(), processId) ?? Find(ReadNow(), processId);
        }
    }

    /// <summary>The same with its threads.</summary>
    public (SystemProcess Process, ImmutableArray<SystemThread> Threads)? FindWithThreads(int processId)
    {
        lock (_lock)
        {
            SystemProcessDecoder processes = Read();
            while (processes.MoveNext())
            {
                if (processes.ProcessId == processId) return (processes.Current, processes.CurrentThreads());
            }

            return null;
        }
    }

    /// <summary>The raw bytes and the address they lay at, for recording what this system says.</summary>
    public (byte[] Buffer, ulong BaseAddress) Copy()
    {
        lock (_lock)
        {
            _ = Read();
            return (_buffer.AsSpan(0, _length).ToArray(), BaseAddress);
        }
    }

    private ulong BaseAddress => (ulong)Marshal.UnsafeAddrOfPinnedArrayElement(_buffer, 0);

    private static SystemProcess? Find(SystemProcessDecoder processes, int processId)
    {
        while (processes.MoveNext())
        {
            if (processes.ProcessId == processId) return processes.Current;
        }

        return null;
    }

    private SystemProcessDecoder Read() =>
        _readAt is { } readAt && time.GetElapsedTime(readAt) < Freshness ? Decode() : ReadNow();

    private SystemProcessDecoder ReadNow()
    {
        Refresh();
        return Decode();
    }

    private SystemProcessDecoder Decode() => new(_buffer.AsSpan(0, _length), BaseAddress);

    /// <exception cref="Win32Exception">The system gave no list.</exception>
    private void Refresh()
    {
        int wanted = Math.Max(_buffer.Length, FirstCapacity);
        while (true)
        {
            if (_buffer.Length < wanted) _buffer = GC.AllocateUninitializedArray<byte>(wanted, pinned: true);
            int status;
            uint needed;
            fixed (byte* buffer = _buffer)
            {
                status = NativeMethods.NtQuerySystemInformation(SystemProcessInformation, buffer, (uint)_buffer.Length, out needed);
            }

            if (status >= 0)
            {
                _length = (int)Math.Min(needed, (uint)_buffer.Length);
                _readAt = time.GetTimestamp();
                return;
            }

            _readAt = null;
            if (status != NativeMethods.StatusInfoLengthMismatch || wanted >= MaximumCapacity)
                throw new Win32Exception($"NtQuerySystemInformation gave no process list (status 0x{status:x8})");

            // The list may have grown by the next call, hence the room to spare.
            wanted = (int)Math.Min(Math.Max(needed + (64L * 1024), _buffer.Length * 2L), MaximumCapacity);
        }
    }
}
