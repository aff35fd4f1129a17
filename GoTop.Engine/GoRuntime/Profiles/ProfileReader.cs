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
        byte[] start = new byte[2];
        int length = input.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        PrefixedStream whole = new(start.AsMemory(0, length), input, limits.MaxCompressedBytes);
        if (!StrictGzipStream.IsGzip(start.AsSpan(0, length))) return ProfileDecoder.Decode(new ProtobufWindow(whole, limits, cancellation), limits);
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

    /// <summary>Puts back what was looked at, limits what is read, and leaves the inner stream open.</summary>
    private sealed class PrefixedStream(ReadOnlyMemory<byte> prefix, Stream inner, long maxBytes) : Stream
    {
        private ReadOnlyMemory<byte> _prefix = prefix;
        private long _read;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer)
        {
            int read;
            if (_prefix.IsEmpty)
            {
                read = inner.Read(buffer);
            }
            else
            {
                read = Math.Min(buffer.Length, _prefix.Length);
                _prefix.Span[..read].CopyTo(buffer);
                _prefix = _prefix[read..];
            }

            _read += read;
            return _read <= maxBytes ? read : throw new ProfileException($"the file is larger than {maxBytes} bytes, the most that are read");
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
