using GoTop.Engine.KernelEvents.Etw;
using Microsoft.Diagnostics.Tracing;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>Takes the events of a log as what its parsers make of them.</summary>
internal interface IEtlRecordSink
{
    /// <summary>Each event, after the parsers' own callbacks. Names are as the log or TraceEvent have them.</summary>
    /// <param name="kind">One and the same for all events of a kind.</param>
    void OnEvent(EtlEventKind kind, long timeStamp);

    /// <summary>An event that could not be taken apart.</summary>
    void OnUndecoded(in EtlEvent happened);
}

/// <summary>What an event is called; told apart by reference.</summary>
internal sealed record EtlEventKind(string Provider, string Event);

/// <summary>Hands a log's events to TraceEvent's parsers and says what each is called.</summary>
internal sealed unsafe class EtlRecordReader : IEtlEventSink, IDisposable
{
    /// <summary>A log may make up as many names as it has events.</summary>
    private const int MaxKinds = 20_000;

    private readonly IEtlRecordSink _sink;
    private readonly TraceEventBridge _bridge;
    private readonly EventRecordBuilder _records = new();
    private readonly Dictionary<TraceEvent, EtlEventKind> _byTemplate = new(ReferenceEqualityComparer.Instance);
    private readonly Dictionary<(Guid Provider, int Id), EtlEventKind> _byNumber = [];
    private readonly Dictionary<(string?, Guid, string), EtlEventKind> _byName = [];
    private EtlEventKind _kind = Other;
    private bool _isUnhandled;

    public EtlRecordReader(EtlHeader header, IEtlRecordSink sink)
    {
        _sink = sink;
        _bridge = new TraceEventBridge(header);
        Source.UnhandledEvents += _ => _isUnhandled = true;
        Source.AllEvents += Name;
    }

    /// <summary>The kinds beyond those that are told apart.</summary>
    public static EtlEventKind Other { get; } = new("(others)", "(others)");

    /// <summary>For parsers.</summary>
    public ETWTraceEventSource Source => _bridge.Source;

    public void OnEvent(in EtlEvent happened)
    {
        if (!_records.TryBuild(happened, out EventRecord record))
        {
            _sink.OnUndecoded(happened);
            return;
        }

        if (TraceLoggingNames.TryRead(record, out string? provider, out string name))
        {
            _sink.OnEvent(Find(_byName, (provider, record.ProviderId, name), provider ?? ProviderName(record.ProviderId), name), happened.TimeStamp);
            return;
        }

        _isUnhandled = false;
        try
        {
            _bridge.Dispatch(ref record);
        }
        catch (Exception refused) when (refused is not (OutOfMemoryException or OperationCanceledException))
        {
            // Its parsers check some payloads, and throw whatever comes of others that are too short.
            _sink.OnUndecoded(happened);
            return;
        }

        _sink.OnEvent(_kind, happened.TimeStamp);
    }

    public void Dispose()
    {
        _bridge.Dispose();
        _records.Dispose();
    }

    private static string ProviderName(Guid provider) => $"Provider({provider})";

    private static bool IsClassic(TraceEvent happened) => happened.ID == TraceEventID.Illegal;

    private void Name(TraceEvent happened) => _kind = _isUnhandled
        ? Find(_byNumber, (happened.ProviderGuid == Guid.Empty ? happened.TaskGuid : happened.ProviderGuid, IsClassic(happened) ? 0x10000 + (int)happened.Opcode : (int)happened.ID), happened)
        : Find(_byTemplate, happened, happened);

    private EtlEventKind Find<TKey>(Dictionary<TKey, EtlEventKind> kinds, TKey key, TraceEvent happened) where TKey : notnull =>
        kinds.TryGetValue(key, out EtlEventKind? known) ? known : Find(kinds, key, happened.ProviderName, happened.EventName);

    private EtlEventKind Find<TKey>(Dictionary<TKey, EtlEventKind> kinds, TKey key, string provider, string name) where TKey : notnull
    {
        if (kinds.TryGetValue(key, out EtlEventKind? known)) return known;
        if (_byTemplate.Count + _byNumber.Count + _byName.Count >= MaxKinds) return Other;
        EtlEventKind kind = new(provider, name);
        kinds.Add(key, kind);
        return kind;
    }
}
