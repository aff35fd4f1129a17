using System.IO.Compression;

namespace GoTop.Engine.GoRuntime.Compression;

/// <summary>
/// Reads gzip (RFC 1952), several members one after another included, as Go's compress/gzip does: input that is cut short, and
/// input that goes on with something else, is an error. <see cref="GZipStream"/> takes both for the end of the data. So a member
/// of our own is hung on behind the input: only when it comes out again has all before it been whole.
/// </summary>
public sealed class StrictGzipStream : ForwardStream
{
    private static readonly byte[] Seal = "the end of whole gzip input :-)."u8.ToArray();
    private static readonly byte[] SealMember = Compress(Seal);

    private readonly SealedInput _input;
    private readonly GZipStream _inflated;
    // The last bytes that came out may be the seal, so they are held back.
    private readonly byte[] _held = new byte[Seal.Length];
    private int _heldCount;
    private bool _ended;

    /// <param name="compressed">From the first byte of the gzip header on; closed with this.</param>
    public StrictGzipStream(Stream compressed)
    {
        _input = new SealedInput(compressed);
        _inflated = new GZipStream(_input, CompressionMode.Decompress);
    }

    /// <summary>Whether bytes begin as gzip does.</summary>
    public static bool IsGzip(ReadOnlySpan<byte> start) => start is [0x1f, 0x8b, ..];

    /// <exception cref="InvalidDataException">The data is damaged, cut short, or followed by something else.</exception>
    public override int Read(Span<byte> buffer)
    {
        if (buffer.IsEmpty || _ended) return 0;
        if (buffer.Length <= Seal.Length) return ReadLittle(buffer);
        while (true)
        {
            _held.AsSpan(0, _heldCount).CopyTo(buffer);
            int read = Inflate(buffer[_heldCount..]);
            if (read == 0)
            {
                End();
                return 0;
            }

            int all = _heldCount + read;
            _heldCount = Math.Min(all, Seal.Length);
            int given = all - _heldCount;
            buffer[given..all].CopyTo(_held);
            if (given > 0) return given;
        }
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing) _inflated.Dispose();
        base.Dispose(disposing);
    }

    private static byte[] Compress(byte[] bytes)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.NoCompression)) gzip.Write(bytes);
        return member.ToArray();
    }

    /// <summary>For buffers smaller than what is held back.</summary>
    private int ReadLittle(Span<byte> buffer)
    {
        if (_heldCount < _held.Length)
        {
            int read = Inflate(_held.AsSpan(_heldCount));
            _heldCount += read;
            if (read == 0) End();
            return _ended ? 0 : ReadLittle(buffer);
        }

        Span<byte> next = stackalloc byte[Seal.Length];
        int count = Inflate(next[..buffer.Length]);
        if (count == 0)
        {
            End();
            return 0;
        }

        _held.AsSpan(0, count).CopyTo(buffer);
        _held.AsSpan(count).CopyTo(_held);
        next[..count].CopyTo(_held.AsSpan(_held.Length - count));
        return count;
    }

    private int Inflate(Span<byte> buffer)
    {
        try
        {
            return _inflated.Read(buffer);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException(_input.IsAtSeal ? "the gzip data is cut short or damaged near its end" : $"the gzip data is damaged before its byte {_input.Given}", e);
        }
    }

    private void End()
    {
        _ended = true;
        if (_heldCount != Seal.Length || !_held.AsSpan().SequenceEqual(Seal)) throw new InvalidDataException("the gzip data is cut short, or something else follows it");
    }

    /// <summary>The compressed bytes, then the seal.</summary>
    private sealed class SealedInput(Stream inner) : ForwardStream
    {
        private int _sealGiven;

        public long Given { get; private set; }

        public bool IsAtSeal { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            if (!IsAtSeal)
            {
                int read = inner.Read(buffer);
                Given += read;
                if (read > 0 || buffer.IsEmpty) return read;
                IsAtSeal = true;
            }

            int count = Math.Min(buffer.Length, SealMember.Length - _sealGiven);
            SealMember.AsSpan(_sealGiven, count).CopyTo(buffer);
            _sealGiven += count;
            return count;
        }

        protected override void Dispose(bool disposing)
        {
            if (disposing) inner.Dispose();
            base.Dispose(disposing);
        }
    }
}
