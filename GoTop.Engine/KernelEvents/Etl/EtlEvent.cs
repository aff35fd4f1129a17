namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>The forms in which an event stands in a buffer: the header types of WMI_TRACE_PACKET.</summary>
public enum EtlEventForm : byte
{
    System32 = 1,
    System64 = 2,
    Compact32 = 3,
    Compact64 = 4,
    Full32 = 10,
    Instance32 = 11,
    Message = 15,
    Performance32 = 16,
    Performance64 = 17,
    Event32 = 18,
    Event64 = 19,
    Full64 = 20,
    Instance64 = 21,
}

/// <summary>An event as it stands in a log.</summary>
/// <param name="bytes">Its header and payload; valid during the call.</param>
/// <param name="timeStamp">On the log's clock.</param>
public readonly ref struct EtlEvent(EtlEventForm form, ReadOnlySpan<byte> bytes, long timeStamp, int processor)
{
    public EtlEventForm Form { get; } = form;

    public ReadOnlySpan<byte> Bytes { get; } = bytes;

    public long TimeStamp { get; } = timeStamp;

    public int Processor { get; } = processor;
}

/// <summary>Takes a log's events in the order of their times.</summary>
public interface IEtlEventSink
{
    void OnEvent(in EtlEvent happened);
}
