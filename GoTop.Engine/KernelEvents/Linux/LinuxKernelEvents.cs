using System.Text;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.KernelEvents.Linux;

/// <summary>Chooses how the kernel's events are collected: of the whole machine with root's rights, else of the target's own threads.</summary>
internal static class LinuxKernelEvents
{
    private const string FirstPidNamespace = "pid:[4026531836]";

    public static Reading<IKernelEventSession> Open(ProcFiles files, int processId, KernelSymbols kernel)
    {
        if (!files.IsLive) return Reading.NotSupported<IKernelEventSession>("a recorded system has no events");
        if (PerfNative.EventOpenNumber is null) return Reading.NotSupported<IKernelEventSession>("GoTop collects kernel events on x64 and arm64 only");
        CoreSet cpus = OnlineCpus(files);
        string whyOwn;
        // Tracepoints have the machine's numbers of threads, whatever numbers we see.
        if (!IsInFirstNamespace(files)) whyOwn = "tracepoints have other thread numbers than this container";
        else if (TraceFolder.Open(files, out whyOwn) is { } folder)
        {
            if (SystemSession.TryOpen(files, processId, cpus.Cores, folder, kernel, out int error) is { } session) return Reading.Of<IKernelEventSession>(session);
            whyOwn = Why(files, error);
        }

        return OwnSession.TryOpen(files, processId, cpus.Cores, whyOwn, kernel, out int ownError) is { } own
            ? Reading.Of<IKernelEventSession>(own)
            : Errno.IsDenied(-ownError) ? Reading.Denied<IKernelEventSession>(Why(files, ownError)) : Reading.Failed<IKernelEventSession>(Why(files, ownError));
    }

    /// <summary>Why the kernel did not open an event.</summary>
    internal static string Why(ProcFiles files, int error) => error switch
    {
        Errno.NotPermitted or Errno.AccessDenied => $"collecting kernel events needs root (kernel.perf_event_paranoid is {Paranoid(files)})",
        Errno.NotImplemented => "this kernel has no perf_event_open (CONFIG_PERF_EVENTS)",
        Errno.TooManyFiles => "collecting kernel events needs more open files than GoTop may have (ulimit -n)",
        Errno.NoProcess => "the process has ended",
        _ => $"perf_event_open: error {error}",
    };

    private static CoreSet OnlineCpus(ProcFiles files)
    {
        Span<byte> buffer = stackalloc byte[4096];
        int length = files.Read("/sys/devices/system/cpu/online", buffer);
        try
        {
            if (length > 0) return CoreSet.Parse(Encoding.ASCII.GetString(buffer[..length]));
        }
        catch (FormatException)
        {
            // Then as many as we see.
        }

        return CoreSet.Of(Enumerable.Range(0, Environment.ProcessorCount));
    }

    private static bool IsInFirstNamespace(ProcFiles files)
    {
        Span<byte> link = stackalloc byte[64];
        int length = files.ReadLink("/proc/self/ns/pid", link);
        return length < 0 || Encoding.ASCII.GetString(link[..length]) == FirstPidNamespace;
    }

    private static string Paranoid(ProcFiles files)
    {
        Span<byte> buffer = stackalloc byte[32];
        int length = files.Read("/proc/sys/kernel/perf_event_paranoid", buffer);
        return length > 0 ? Encoding.ASCII.GetString(buffer[..length]).Trim() : "unknown";
    }
}
