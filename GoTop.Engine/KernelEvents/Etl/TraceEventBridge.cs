using System.Runtime.CompilerServices;
using GoTop.Engine.KernelEvents.Etw;
using Microsoft.Diagnostics.Tracing;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>
/// Feeds records to TraceEvent's own parsers, on any system. TraceEvent opens logs by the operating system alone, so this sets
/// the private state that opening would have set, and calls what the operating system would have called.
/// <para>
/// It stands on private members of version <see cref="Version"/>, which Directory.Packages.props pins; all of them are below,
/// none elsewhere. They are reached by UnsafeAccessor, which trimming and NativeAOT understand. All of them are touched at
/// once, so another version fails here, naming the member that it lacks, and not in the middle of a log.
/// </para>
/// </summary>
internal sealed unsafe class TraceEventBridge : IDisposable
{
    /// <summary>Of TraceEvent.</summary>
    public const string Version = "4.0.0";

    private const string EventRecordType = "Microsoft.Diagnostics.Tracing.TraceEventNativeMethods+EVENT_RECORD*, Microsoft.Diagnostics.Tracing.TraceEvent";

    /// <exception cref="NotSupportedException">This is another version of TraceEvent.</exception>
    public TraceEventBridge(EtlHeader header)
    {
        // Given a list of files it opens none before it is asked to process them.
        Source = new ETWTraceEventSource(Array.Empty<string>());
        try
        {
            SetState(Source, header);
            // Stopped, it takes no record; so this tells whether the method is there.
            StopProcessing(Source) = true;
            RawDispatch(Source, null);
            StopProcessing(Source) = false;
        }
        catch (Exception missing) when (missing is MissingMemberException or TypeLoadException)
        {
            Source.Dispose();
            throw new NotSupportedException($"events are decoded with private members of TraceEvent {Version}, and the one that is used lacks one of them: {missing.Message}", missing);
        }
    }

    /// <summary>Parsers are made for it and subscribed to before the first <see cref="Dispatch"/>.</summary>
    public ETWTraceEventSource Source { get; }

    /// <param name="record">With pointers that are valid during the call. Parsers write what they conclude into it.</param>
    public void Dispatch(ref EventRecord record)
    {
        fixed (EventRecord* address = &record) RawDispatch(Source, address);
    }

    public void Dispose() => Source.Dispose();

    private static void SetState(ETWTraceEventSource source, EtlHeader header)
    {
        PointerSize(source) = header.PointerBytes;
        NumberOfProcessors(source) = header.Processors;
        CpuSpeedMegahertz(source) = header.CpuMegahertz;
        OsVersion(source) = new Version(header.OsMajor, header.OsMinor, 0, 0);
        Frequency(source) = header.TicksPerSecond;
        SyncTimeStamp(source) = header.FirstTimeStamp;
        SyncTime(source) = (header.StartedAt ?? DateTimeOffset.UnixEpoch).UtcDateTime;
        SessionStart(source) = header.FirstTimeStamp;
        SessionEnd(source) = long.MaxValue;
        ProcessNames(source) = [];
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "pointerSize")]
    private static extern ref int PointerSize(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "numberOfProcessors")]
    private static extern ref int NumberOfProcessors(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "cpuSpeedMHz")]
    private static extern ref int CpuSpeedMegahertz(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "osVersion")]
    private static extern ref Version OsVersion(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_QPCFreq")]
    private static extern ref long Frequency(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_syncTimeQPC")]
    private static extern ref long SyncTimeStamp(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_syncTimeUTC")]
    private static extern ref DateTime SyncTime(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "sessionStartTimeQPC")]
    private static extern ref long SessionStart(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "sessionEndTimeQPC")]
    private static extern ref long SessionEnd(TraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "stopProcessing")]
    private static extern ref bool StopProcessing(TraceEventDispatcher source);

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "processNameForID")]
    private static extern ref Dictionary<int, string> ProcessNames(ETWTraceEventSource source);

    [UnsafeAccessor(UnsafeAccessorKind.Method, Name = "RawDispatch")]
    private static extern void RawDispatch(ETWTraceEventSource source, [UnsafeAccessorType(EventRecordType)] void* record);
}
