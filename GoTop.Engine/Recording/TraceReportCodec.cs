using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Analysis.Traces;

namespace GoTop.Engine.Recording;

/// <summary>The report of a trace as JSON, in the table of captures.</summary>
internal static class TraceReportCodec
{
    /// <summary>A report names some hundreds of places; texts of a program repeat.</summary>
    private const int Quality = 4;

    public static byte[] Encode(TraceReport report, long tick) =>
        CompressedBlock.Pack(JsonSerializer.SerializeToUtf8Bytes(report, TraceReportJsonContext.Default.TraceReport), tick, Quality);

    /// <exception cref="InvalidDataException">The bytes are damaged; the message says in what way.</exception>
    public static TraceReport Decode(ReadOnlySpan<byte> block, long tick)
    {
        try
        {
            TraceReport report = JsonSerializer.Deserialize(CompressedBlock.Unpack(block, tick), TraceReportJsonContext.Default.TraceReport) ?? throw new InvalidDataException("it is empty");
            return IsSound(report.Timeline) ? report : throw new InvalidDataException("its timeline does not fit together");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"it is not readable: {e.Message}", e);
        }
    }

    /// <summary>Whoever draws it goes by the number of buckets.</summary>
    private static bool IsSound(TraceTimeline timeline) =>
        timeline.Buckets is >= 0 and <= TimelineBuilder.MaxBuckets && timeline.MarkPhasePercent.Length == timeline.Buckets
        && timeline.StopTheWorldPercent.Length == timeline.Buckets && timeline.Procs.All(proc => proc.Shares.Length == timeline.Buckets);
}

[JsonSourceGenerationOptions(
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true,
    Converters = [typeof(TimeHistogramJsonConverter)])]
[JsonSerializable(typeof(TraceReport))]
internal sealed partial class TraceReportJsonContext : JsonSerializerContext;

/// <summary>
/// Nothing: a trace's report lies in the table of captures, once. Reading gives an empty one for <see cref="SampleCodec"/> to
/// replace.
/// </summary>
internal sealed class ReportApartConverter : JsonConverter<TraceReport>
{
    private static readonly TraceReport Placeholder = new()
    {
        GoVersion = "",
        DurationNanoseconds = 0,
        StartNanoseconds = 0,
        Bytes = 0,
        Generations = 0,
        Events = 0,
        Goroutines = 0,
        SchedulingLatency = default,
        SchedulingLatencyHistogram = new Model.TimeHistogram([], []),
        WorstSchedulingWaits = [],
        Running = default,
        Syscalls = default,
        SyscallSites = [],
        Blocked = [],
        BlockedSites = [],
        Wakers = [],
        StopTheWorld = [],
        LongestStops = [],
        Ranges = [],
        Regions = [],
        Tasks = [],
        Procs = [],
        Timeline = new TraceTimeline(0, 0, [], 0, [], []),
        Heap = new HeapRange(null, null, null, null, null),
        CpuSamples = 0,
        CpuFunctions = [],
        Verdict = "",
    };

    public override TraceReport Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? Placeholder : throw new JsonException("A trace's report lies elsewhere.");

    public override void Write(Utf8JsonWriter writer, TraceReport value, JsonSerializerOptions options) => writer.WriteNumberValue(0);
}
