using System.Collections.Immutable;
using System.Runtime.InteropServices;
using System.Text.Json;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>Turns samples into the bytes of a recording and back, exactly but for the linker's flags.</summary>
public static class SampleCodec
{
    // Brotli's 4 makes facts a tenth smaller than 2 does. Goroutines come as columns that leave it little to gain.
    private const int FactsQuality = 4;
    private const int GoroutinesQuality = 2;

    // Profiles come gzipped.
    private const int CapturesQuality = 0;

    private const string LinkerFlags = "-ldflags";

    /// <summary>All of a sample but its goroutines and what its captures hold.</summary>
    /// <param name="tick">Where it will stand in the recording; decoding it for another tick fails.</param>
    /// <param name="recorded">The target that the recording names: it is not repeated in each tick.</param>
    public static byte[] EncodeFacts(Sample sample, long tick, TargetIdentity recorded)
    {
        SampleDocument document = new()
        {
            Time = sample.Time,
            MonotonicNanoseconds = sample.MonotonicNanoseconds,
            Target = ReferenceEquals(sample.Target, recorded) ? null : WithoutSecrets(sample.Target),
            Facts = sample.Facts,
            Sources = sample.Sources,
            TargetEnded = sample.TargetEnded,
        };
        return CompressedBlock.Pack(JsonSerializer.SerializeToUtf8Bytes(document, RecordingJsonContext.Default.SampleDocument), tick, FactsQuality);
    }

    /// <param name="goroutines">Gives the goroutines when the sample has any.</param>
    /// <param name="capture">Gives the whole of a capture whose bytes are missing.</param>
    /// <param name="trace">Gives the whole of a trace whose report is missing.</param>
    /// <exception cref="InvalidDataException">The bytes are damaged; the message says in what way.</exception>
    public static Sample DecodeFacts(
        ReadOnlySpan<byte> block, long tick, TargetIdentity recorded, Func<GoroutineTable> goroutines, Func<ProfileCapture, ProfileCapture> capture,
        Func<TraceBurst, TraceBurst> trace)
    {
        SampleDocument document = Parse(CompressedBlock.Unpack(block, tick));
        SampleFacts facts = document.Facts with
        {
            ProfileCaptures = document.Facts.ProfileCaptures.Change((_, found) => found.Select(capture)),
            Trace = document.Facts.Trace.Select(trace),
        };
        Reading<GoroutineTable> state = facts.Goroutines;
        return new Sample
        {
            Time = document.Time,
            MonotonicNanoseconds = document.MonotonicNanoseconds,
            Target = document.Target ?? recorded,
            Facts = state.HasValue ? facts with { Goroutines = Reading.From(state.State, goroutines(), state.Reason) } : facts,
            Sources = document.Sources,
            TargetEnded = document.TargetEnded,
        };
    }

    public static byte[] EncodeGoroutines(GoroutineTable table, long tick) => CompressedBlock.Pack(GoroutineColumns.Write(table), tick, GoroutinesQuality);

    /// <exception cref="InvalidDataException">The bytes are damaged; the message says in what way.</exception>
    public static GoroutineTable DecodeGoroutines(ReadOnlySpan<byte> block, long tick) => GoroutineColumns.Read(CompressedBlock.Unpack(block, tick));

    public static byte[] EncodeCapture(ProfileCapture capture, long tick) => CompressedBlock.Pack(capture.Content.AsSpan(), tick, CapturesQuality);

    /// <exception cref="InvalidDataException">The bytes are damaged; the message says in what way.</exception>
    public static ImmutableArray<byte> DecodeCapture(ReadOnlySpan<byte> block, long tick) =>
        ImmutableCollectionsMarshal.AsImmutableArray(CompressedBlock.Unpack(block, tick));

    internal static string EncodeTarget(TargetIdentity target) => JsonSerializer.Serialize(WithoutSecrets(target), RecordingJsonContext.Default.TargetIdentity);

    /// <exception cref="InvalidDataException">The text is not a target's identity.</exception>
    internal static TargetIdentity DecodeTarget(string json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RecordingJsonContext.Default.TargetIdentity) ?? throw new InvalidDataException("it names no target");
        }
        catch (JsonException e)
        {
            throw new InvalidDataException($"its target is not readable: {e.Message}", e);
        }
    }

    /// <summary>Builds set variables by <c>-ldflags "-X main.token=…"</c>, and a recording is made to be passed on.</summary>
    private static TargetIdentity WithoutSecrets(TargetIdentity target) =>
        target.Build.TryGet(out GoBuildInfo? build) && build.Settings.ContainsKey(LinkerFlags)
            ? target with { Build = Reading.From(target.Build.State, build with { Settings = build.Settings.Remove(LinkerFlags) }, target.Build.Reason) }
            : target;

    private static SampleDocument Parse(byte[] json)
    {
        try
        {
            return JsonSerializer.Deserialize(json, RecordingJsonContext.Default.SampleDocument) ?? throw new InvalidDataException("it is empty");
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or InvalidOperationException)
        {
            throw new InvalidDataException($"its facts are not readable: {e.Message}", e);
        }
    }
}
