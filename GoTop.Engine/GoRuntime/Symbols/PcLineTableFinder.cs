using System.Buffers;
using GoTop.Engine.GoRuntime.Binaries;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>
/// Finds gopclntab: by its section in ELF, and by its header in PE, which has no section for it, and in ELF files whose
/// external linker merged it into another section.
/// </summary>
internal static class PcLineTableFinder
{
    private const int ChunkSize = 1 << 18;
    private const int Alignment = 4;

    private static readonly string[] SectionNames = [".gopclntab", ".data.rel.ro.gopclntab"];

    public static PcLineTable? Find(BinaryImage image)
    {
        foreach (string name in SectionNames)
        {
            if (image.Section(name) is { } section && PcLineTable.TryOpen(image.File, section.FileOffset, section.Address) is { } table) return table;
        }

        // Read-only data first: that is where it is, and it is smaller than the code.
        return Scan(image, segment => !segment.Executable) ?? Scan(image, segment => segment.Executable);
    }

    private static PcLineTable? Scan(BinaryImage image, Func<BinaryRange, bool> wanted)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            foreach (BinaryRange segment in image.Segments)
            {
                if (wanted(segment) && Scan(image, segment, chunk.AsSpan(0, ChunkSize)) is { } table) return table;
            }

            return null;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    private static PcLineTable? Scan(BinaryImage image, BinaryRange segment, Span<byte> chunk)
    {
        // Magic after its first byte, two zeros, instruction quantum (1: amd64), pointer size.
        ReadOnlySpan<byte> pattern = [0xff, 0xff, 0xff, 0, 0, image.Machine == BinaryMachine.Arm64 ? (byte)4 : (byte)1, 8];
        long end = segment.FileOffset + segment.FileSize;
        for (long offset = segment.FileOffset; offset < end;)
        {
            int count = image.File.ReadThrough(offset, chunk[..(int)Math.Min(chunk.Length, end - offset)]);
            ReadOnlySpan<byte> bytes = chunk[..count];
            for (int from = 0; ;)
            {
                int found = bytes[from..].IndexOf(pattern);
                if (found < 0) break;
                int at = from + found - 1;
                if (at >= 0 && (offset + at - segment.FileOffset) % Alignment == 0
                    && PcLineTable.TryOpen(image.File, offset + at, segment.Address + (ulong)(offset + at - segment.FileOffset)) is { } table)
                {
                    return table;
                }

                from += found + 1;
            }

            if (count < chunk.Length) break;
            offset += count - PcLineTable.HeaderSize;
        }

        return null;
    }
}
