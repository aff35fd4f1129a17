using System.Text;
using GoTop.Engine.GoRuntime.Traces.V1;
using GoTop.Engine.GoRuntime.Traces.V2;

namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>
/// Reads an execution trace (<c>runtime/trace</c>, <c>/debug/pprof/trace</c>) from a stream of unknown length, one generation
/// at a time. Format 2 is Go 1.22 and later, format 1 is older and is one generation as a whole.
/// </summary>
public abstract class TraceReader
{
    private const int HeaderLength = 16;

    private protected TraceReader(int version, Stream stream, TraceLimits limits)
    {
        Version = version;
        Stream = stream;
        Limits = limits;
        BytesRead = HeaderLength;
    }

    /// <summary>The Go 1.x that the header names: the first that writes this format. Go 1.24 writes 23, Go 1.27 writes 26.</summary>
    public int Version { get; }

    /// <summary>Texts of the events and frames, by number; grows as the trace is read.</summary>
    public TraceNames Names { get; } = new();

    /// <summary>Bytes taken from the stream and understood, the header among them.</summary>
    public long BytesRead { get; private protected set; }

    /// <summary>Set when the end came before the trace was complete.</summary>
    public TraceTruncation? Truncation { get; private protected set; }

    private protected Stream Stream { get; }

    private protected TraceLimits Limits { get; }

    /// <summary>Reads the header.</summary>
    /// <param name="stream">Read from where it stands; not disposed. Not compressed.</param>
    /// <exception cref="TraceFormatException">It is no execution trace, or of a version not known.</exception>
    public static TraceReader Open(Stream stream, TraceLimits? limits = null)
    {
        byte[] header = new byte[HeaderLength];
        int length = stream.ReadAtLeast(header, HeaderLength, throwOnEndOfStream: false);
        return Create(header.AsSpan(0, length), stream, limits ?? TraceLimits.Default);
    }

    /// <inheritdoc cref="Open"/>
    public static async ValueTask<TraceReader> OpenAsync(Stream stream, TraceLimits? limits = null, CancellationToken cancellation = default)
    {
        byte[] header = new byte[HeaderLength];
        int length = await stream.ReadAtLeastAsync(header, HeaderLength, throwOnEndOfStream: false, cancellation).ConfigureAwait(false);
        return Create(header.AsSpan(0, length), stream, limits ?? TraceLimits.Default);
    }

    /// <summary>Whether these first bytes of a file are an execution trace's.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start) => HeaderVersion(start) is not null;

    /// <summary>Reads until a generation is whole and gives it to the sink.</summary>
    /// <returns>False when the trace has ended: then the last Sync has been given, and <see cref="Truncation"/> says whether it was complete.</returns>
    /// <exception cref="TraceFormatException">The trace contradicts itself. The sink has what came before; nothing follows.</exception>
    public abstract bool ReadGeneration(ITraceSink sink);

    /// <inheritdoc cref="ReadGeneration"/>
    public abstract ValueTask<bool> ReadGenerationAsync(ITraceSink sink, CancellationToken cancellation = default);

#pragma warning disable CA1859 // Format 1 comes beside this one.
    private static TraceReader Create(ReadOnlySpan<byte> header, Stream stream, TraceLimits limits) => HeaderVersion(header) switch
    {
        null => throw new TraceFormatException("it does not begin as one does (\"go 1.NN trace\")", offset: 0),
        11 or 19 or 21 => new TraceV1Reader(HeaderVersion(header)!.Value, stream, limits),
        22 or 23 or 25 or 26 => new TraceV2Reader(HeaderVersion(header)!.Value, stream, limits),
        int version => throw new TraceFormatException($"its version, go 1.{version}, is not known", offset: 0),
    };

#pragma warning restore CA1859

    /// <summary><c>go 1.NN trace</c> and three zero bytes.</summary>
    private static int? HeaderVersion(ReadOnlySpan<byte> header) =>
        header.Length >= HeaderLength && header[..5].SequenceEqual("go 1."u8) && header[7..HeaderLength].SequenceEqual(" trace\0\0\0"u8)
        && char.IsAsciiDigit((char)header[5]) && char.IsAsciiDigit((char)header[6])
            ? int.Parse(Encoding.ASCII.GetString(header[5..7]), System.Globalization.CultureInfo.InvariantCulture)
            : null;
}
