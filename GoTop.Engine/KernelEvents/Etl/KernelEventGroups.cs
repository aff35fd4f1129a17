using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>
/// The kernel's own events name no provider but a hook: a group (EVENT_TRACE_GROUP_* of ntwmi.h) and a type within it.
/// </summary>
internal static class KernelEventGroups
{
    private const int ProcessGroup = 0x03;

    /// <summary>PERFINFO_LOG_TYPE_PROCESS_LOAD_IMAGE: stands in the group of processes, and belongs to those of images.</summary>
    private const int LoadImage = 0x0a;

    /// <returns>Null for a group that is not known.</returns>
    public static Guid? Provider(int group, int type) => group switch
    {
        0x00 => EtwProviders.EventTrace,
        0x01 => EtwProviders.DiskIo,
        0x02 => EtwProviders.PageFault,
        ProcessGroup => type == LoadImage ? EtwProviders.Image : EtwProviders.Process,
        0x04 => EtwProviders.FileIo,
        0x05 => EtwProviders.Thread,
        0x06 => EtwProviders.TcpIp,
        0x07 => EtwProviders.Job,
        0x08 => EtwProviders.UdpIp,
        0x09 => EtwProviders.Registry,
        0x0a => EtwProviders.DebugPrint,
        0x0b => EtwProviders.SystemConfig,
        0x0e => EtwProviders.Pool,
        0x0f => EtwProviders.PerfInfo,
        0x10 => EtwProviders.Heap,
        0x11 => EtwProviders.Object,
        0x14 => EtwProviders.Image,
        0x18 => EtwProviders.StackWalk,
        0x1a => EtwProviders.Alpc,
        0x1b => EtwProviders.SplitIo,
        0x1c => EtwProviders.ThreadPool,
        _ => null,
    };
}
