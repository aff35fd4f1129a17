using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.BuildInfo;

/// <summary>
/// Reads what <c>go version -m</c> prints, from an ELF or PE executable. Format: Go's debug/buildinfo package; a header
/// of 32 bytes that starts with a magic, followed since Go 1.18 by two strings with their lengths, and holding before
/// (1.13–1.17) two pointers to string headers.
/// </summary>
public static class GoBuildInfoReader
{
    private const int HeaderSize = 32;
    private const int Alignment = 16;
    private const int ScanLimit = 1 << 20;
    private const int MaximumVersionLength = 1 << 10;
    private const int MaximumModuleTextLength = 1 << 20;
    private const byte InlineStrings = 2;
    private const byte BigEndian = 1;

    /// <summary>What follows the magic's first byte, 0xff.</summary>
    private static ReadOnlySpan<byte> Magic => " Go buildinf:"u8;

    /// <summary>
    /// Reads only the pages that hold it. A file that is no Go program is "not supported"; a torn or half-written one "failed".
    /// </summary>
    public static Reading<GoBuildInfo> Read(Stream executable)
    {
        Reading<BinaryImage> opened = BinaryImage.Open(executable);
        if (opened.TryGet(out BinaryImage? image)) return Read(image);
        return opened.State == ReadingState.NotSupported ? Reading.NotSupported<GoBuildInfo>($"not a Go program: {opened.Reason}") : opened.Absent<GoBuildInfo>();
    }

    public static Reading<GoBuildInfo> Read(BinaryImage image)
    {
        try
        {
            long header = FindHeader(image);
            return header < 0 ? Reading.NotSupported<GoBuildInfo>("not a Go program") : ReadAt(image, header);
        }
        catch (Exception torn) when (torn is InvalidDataException or IOException)
        {
            return Reading.Failed<GoBuildInfo>($"cannot read the build info: {torn.Message}");
        }
    }

    private static long FindHeader(BinaryImage image)
    {
        if (image.Format == BinaryFormat.Elf && !image.Sections.IsEmpty)
        {
            // Go has always given it a section of its own, so a file with sections but without this one is not Go's.
            return image.Section(".go.buildinfo") is { } section ? Scan(image.File, section, section.FileSize) : -1;
        }

        foreach (BinaryRange segment in image.Segments)
        {
            if (segment.Writable && !segment.Executable && segment.FileSize > 0) return Scan(image.File, segment, ScanLimit);
        }

        return -1;
    }

    private static long Scan(BinaryFile file, BinaryRange range, long limit)
    {
        long end = range.FileOffset + Math.Min(range.FileSize, Math.Min(limit, ScanLimit));
        byte[] chunk = ArrayPool<byte>.Shared.Rent(BinaryFile.BlockSize);
        try
        {
            // The header is aligned in memory; a file keeps the alignment of its segments.
            for (long offset = range.FileOffset; offset < end;)
            {
                int count = file.ReadThrough(offset, chunk.AsSpan(0, (int)Math.Min(BinaryFile.BlockSize, end - offset)));
                if (count < HeaderSize) break;
                ReadOnlySpan<byte> bytes = chunk.AsSpan(0, count);
                for (int from = 0; from < bytes.Length;)
                {
                    int found = IndexOfMagic(bytes[from..]);
                    if (found < 0) break;
                    if ((from + found) % Alignment == 0) return offset + from + found;
                    from += found + 1;
                }

                // An unfinished header at the end of a chunk is met again at the start of the next.
                offset += count < BinaryFile.BlockSize ? count : count - HeaderSize;
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }

        if (range.FileOffset + Math.Min(range.FileSize, HeaderSize) > file.Length)
        {
            throw new InvalidDataException($"its data at 0x{range.FileOffset:x} lies beyond the end of the file (0x{file.Length:x})");
        }

        return -1;
    }

    private static int IndexOfMagic(ReadOnlySpan<byte> bytes)
    {
        int from = 0;
        while (true)
        {
            int found = bytes[from..].IndexOf(Magic);
            if (found < 0) return -1;
            if (from + found > 0 && bytes[from + found - 1] == 0xff) return from + found - 1;
            from += found + 1;
        }
    }

    private static Reading<GoBuildInfo> ReadAt(BinaryImage image, long header)
    {
        Span<byte> bytes = stackalloc byte[HeaderSize];
        image.File.Read(header, bytes, "the build info header");
        byte flags = bytes[15];
        byte[] version;
        byte[] moduleText;
        if ((flags & InlineStrings) != 0)
        {
            long at = header + HeaderSize;
            version = InlineString(image.File, ref at, MaximumVersionLength, "the Go version");
            moduleText = InlineString(image.File, ref at, MaximumModuleTextLength, "the module text");
        }
        else
        {
            if ((flags & BigEndian) != 0 || bytes[14] is not (4 or 8)) return Reading.Failed<GoBuildInfo>($"the build info header at 0x{header:x} is damaged");
            int pointerSize = bytes[14];
            version = PointedString(image, Pointer(bytes[16..], pointerSize), pointerSize, MaximumVersionLength, "the Go version");
            moduleText = PointedString(image, Pointer(bytes[(16 + pointerSize)..], pointerSize), pointerSize, MaximumModuleTextLength, "the module text");
        }

        return version.Length == 0
            ? Reading.Failed<GoBuildInfo>($"the build info at 0x{header:x} holds no Go version")
            : Reading.Of(ModuleText.Parse(Encoding.UTF8.GetString(version), moduleText));
    }

    private static byte[] InlineString(BinaryFile file, ref long at, int limit, string what)
    {
        ulong length = 0;
        for (int shift = 0; ; shift += 7)
        {
            byte next = file.U8(at++);
            length |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80) break;
            if (shift >= 28) throw new InvalidDataException($"{what} at 0x{at:x} has no length");
        }

        byte[] text = Text(file, at, length, limit, what);
        at += (long)length;
        return text;
    }

    private static byte[] PointedString(BinaryImage image, ulong address, int pointerSize, int limit, string what)
    {
        if (address == 0) return [];
        Span<byte> header = stackalloc byte[16];
        header = header[..(2 * pointerSize)];
        if (!image.TryRead(address, header)) throw new InvalidDataException($"{what} at address 0x{address:x} is not in the file");
        ulong data = Pointer(header, pointerSize);
        ulong length = Pointer(header[pointerSize..], pointerSize);
        if (length == 0) return [];
        long offset = image.OffsetOf(data, length);
        return offset >= 0 ? Text(image.File, offset, length, limit, what) : throw new InvalidDataException($"{what} at address 0x{data:x} is not in the file");
    }

    private static byte[] Text(BinaryFile file, long offset, ulong length, int limit, string what)
    {
        if (length > (ulong)limit) throw new InvalidDataException($"{what} at 0x{offset:x} claims to be {length} bytes long");
        byte[] bytes = new byte[(int)length];
        file.Read(offset, bytes, what);
        return bytes;
    }

    private static ulong Pointer(ReadOnlySpan<byte> bytes, int size) =>
        size == 8 ? BinaryPrimitives.ReadUInt64LittleEndian(bytes) : BinaryPrimitives.ReadUInt32LittleEndian(bytes);
}
