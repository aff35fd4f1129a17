using System.Collections.Immutable;
using System.Text.Json.Serialization;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>A sample as a recording's tick holds it, apart from the goroutines.</summary>
internal sealed record SampleDocument
{
    public required DateTimeOffset Time { get; init; }

    public required long MonotonicNanoseconds { get; init; }

    /// <summary>Null when it is the one that the recording names as its target.</summary>
    public TargetIdentity? Target { get; init; }

    public required SampleFacts Facts { get; init; }

    public required ImmutableArray<SourceStatus> Sources { get; init; }

    public string? TargetEnded { get; init; }
}

/// <summary>
/// How facts become JSON. A fact of a new type needs a line for its reading's converter; the test that sends every
/// field of a sample there and back tells when one is missing. Property names are the format: renaming one is a new
/// format version.
/// </summary>
[JsonSourceGenerationOptions(
    IgnoreReadOnlyProperties = true,
    RespectNullableAnnotations = true,
    NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
    Converters =
    [
        typeof(CoreSetJsonConverter), typeof(TimeHistogramJsonConverter), typeof(GoroutinesApartConverter), typeof(ContentApartConverter), typeof(ReportApartConverter),
        typeof(ReadingJsonConverter<bool>), typeof(ReadingJsonConverter<int>), typeof(ReadingJsonConverter<long>),
        typeof(ReadingJsonConverter<double>), typeof(ReadingJsonConverter<string>), typeof(ReadingJsonConverter<DateTimeOffset>),
        typeof(ReadingJsonConverter<CoreSet>), typeof(ReadingJsonConverter<GoBuildInfo>), typeof(ReadingJsonConverter<HostCounters>),
        typeof(ReadingJsonConverter<ProcessCounters>), typeof(ReadingJsonConverter<ContainerCounters>), typeof(ReadingJsonConverter<LoadAverage>),
        typeof(ReadingJsonConverter<Pressure>), typeof(ReadingJsonConverter<MemoryClasses>), typeof(ReadingJsonConverter<TimeHistogram>),
        typeof(ReadingJsonConverter<ImmutableArray<int>>), typeof(ReadingJsonConverter<ImmutableArray<long>>),
        typeof(ReadingJsonConverter<ImmutableArray<ProcCounters>>), typeof(ReadingJsonConverter<ImmutableSortedDictionary<string, long>>),
        typeof(ReadingJsonConverter<ProfileCapture>), typeof(ReadingJsonConverter<TraceBurst>), typeof(ReadingJsonConverter<DearRequests>),
        typeof(ReadingJsonConverter<ServiceCounters>), typeof(ReadingJsonConverter<RequestCounters>), typeof(ReadingJsonConverter<RequestTimes>),
        typeof(ReadingJsonConverter<ExportedProcess>), typeof(ReadingJsonConverter<ThreadTable>), typeof(ReadingJsonConverter<GoThreadTable>),
        typeof(ReadingJsonConverter<KernelReport>), typeof(ReadingJsonConverter<DurationSummary>), typeof(ReadingJsonConverter<CpuSamples>),
        typeof(ReadingJsonConverter<LogCounters>), typeof(ReadingJsonConverter<ImmutableArray<SystemCounter>>), typeof(ReadingJsonConverter<ImmutableArray<RanInstead>>), typeof(ReadingJsonConverter<ImmutableArray<ProcessActivity>>),
    ])]
[JsonSerializable(typeof(SampleDocument))]
[JsonSerializable(typeof(TargetIdentity))]
[JsonSerializable(typeof(bool))]
[JsonSerializable(typeof(int))]
[JsonSerializable(typeof(long))]
[JsonSerializable(typeof(double))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(DateTimeOffset))]
[JsonSerializable(typeof(CoreSet))]
[JsonSerializable(typeof(GoBuildInfo))]
[JsonSerializable(typeof(HostCounters))]
[JsonSerializable(typeof(ProcessCounters))]
[JsonSerializable(typeof(ContainerCounters))]
[JsonSerializable(typeof(LoadAverage))]
[JsonSerializable(typeof(Pressure))]
[JsonSerializable(typeof(MemoryClasses))]
[JsonSerializable(typeof(TimeHistogram))]
[JsonSerializable(typeof(ImmutableArray<int>))]
[JsonSerializable(typeof(ImmutableArray<long>))]
[JsonSerializable(typeof(ImmutableArray<ProcCounters>))]
[JsonSerializable(typeof(ImmutableArray<SystemCounter>))]
[JsonSerializable(typeof(ImmutableSortedDictionary<string, long>))]
[JsonSerializable(typeof(ProfileCapture))]
[JsonSerializable(typeof(TraceBurst))]
[JsonSerializable(typeof(DearRequests))]
[JsonSerializable(typeof(ServiceCounters))]
[JsonSerializable(typeof(RequestCounters))]
[JsonSerializable(typeof(RequestTimes))]
[JsonSerializable(typeof(ExportedProcess))]
[JsonSerializable(typeof(ThreadTable))]
[JsonSerializable(typeof(GoThreadTable))]
[JsonSerializable(typeof(KernelReport))]
[JsonSerializable(typeof(LogCounters))]
[JsonSerializable(typeof(DurationSummary))]
[JsonSerializable(typeof(CpuSamples))]
[JsonSerializable(typeof(ImmutableArray<RanInstead>))]
[JsonSerializable(typeof(ImmutableArray<ProcessActivity>))]
internal sealed partial class RecordingJsonContext : JsonSerializerContext;
