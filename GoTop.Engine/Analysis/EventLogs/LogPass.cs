using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;
using Microsoft.Diagnostics.Tracing;
using Microsoft.Diagnostics.Tracing.Parsers;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>One reading of a log from its beginning to its end, in the kernel's own words.</summary>
internal sealed class LogPass : IDisposable
{
    private readonly EtlRecordReader _records;
    private readonly KernelEventMapping _mapping;

    /// <param name="owners">What is known of the threads beforehand.</param>
    public LogPass(EtlHeader header, IEtlRecordSink records, IKernelEventSink sink, ThreadOwners owners)
    {
        _records = new EtlRecordReader(header, records);
        _mapping = new KernelEventMapping(_records.Source, header.TicksPerSecond, sink, owners);
    }

    /// <summary>For others that look at the same events. Whoever subscribes first is called first.</summary>
    public KernelTraceEventParser Kernel => _mapping.Kernel;

    public TraceEventSource Source => _records.Source;

    /// <param name="log">Just opened.</param>
    public void Read(EtlReader log, CancellationToken cancellation)
    {
        log.Read(_records, cancellation);
        _mapping.Flush();
    }

    public void Dispose() => _records.Dispose();
}
