using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Compression;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Reads profiles in the format of google/pprof (proto/profile.proto), compressed with gzip or not: those of Go's runtime/pprof and of
/// any other tool. What is no valid profile there is an error here. The bytes are read once, front to back, and are not kept.
/// </summary>
public static class ProfileReader
{
    /// <param name="input">Stays open.</param>
    /// <exception cref="ProfileException">It is no valid profile, or beyond the limits; the message names the field and the byte.</exception>
    public static Profile Read(Stream input, ProfileLimits? limits = null, CancellationToken cancellation = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        limits ??= ProfileLimits.Default;
        PeekedStream peeked = new(input);
        bool isGzip = StrictGzipStream.IsGzip(peeked.Peek(2));
        CappedStream whole = new(peeked, limits.MaxCompressedBytes);
        if (!isGzip) return ProfileDecoder.Decode(new ProtobufWindow(whole, limits, cancellation), limits);
        using StrictGzipStream inflated = new(whole);
        return ProfileDecoder.Decode(new ProtobufWindow(inflated, limits, cancellation), limits);
    }

    /// <inheritdoc cref="Read(Stream, ProfileLimits, CancellationToken)"/>
    public static Profile Read(ReadOnlyMemory<byte> bytes, ProfileLimits? limits = null, CancellationToken cancellation = default)
    {
        if (!MemoryMarshal.TryGetArray(bytes, out ArraySegment<byte> segment)) segment = bytes.ToArray();
        using MemoryStream stream = new(segment.Array!, segment.Offset, segment.Count, writable: false);
        return Read(stream, limits, cancellation);
    }

    private sealed class CappedStream(Stream inner, long maxBytes) : ForwardStream
    {
        private long _read;

        public override int Read(Span<byte> buffer)
        {
            int read = inner.Read(buffer);
            _read += read;
            return _read <= maxBytes ? read : throw new ProfileException($"the file is larger than {maxBytes} bytes, the most that are read");
        }
    }
}
