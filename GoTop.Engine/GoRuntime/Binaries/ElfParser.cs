using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.GoRuntime.Binaries;

/// <summary>
/// ELF headers, 32 and 64 bit, little endian (System V ABI, chapters 4 and 5). A section table that cannot be read is
/// as if there were none: the loader needs none, and packers strip it.
/// </summary>
internal static class ElfParser
{
    private const int MaximumSegments = 1024;
    private const int MaximumSections = 4096;
    private const int MaximumNameTable = 1 << 20;
    private const uint Load = 1;
    private const uint NoBits = 8;

    public static BinaryImage Parse(BinaryFile file)
    {
        Span<byte> header = stackalloc byte[64];
        file.Read(0, header[..52], "the ELF header");
        bool wide = header[4] switch
        {
            1 => false,
            2 => true,
            byte other => throw new InvalidDataException($"ELF class {other} at 0x4 is unknown"),
        };
        if (header[5] != 1) throw new NotSupportedException("a big-endian executable; GoTop reads little-endian ones");
        if (wide) file.Read(0, header, "the ELF header");
        Fields at = new(wide);
        ImmutableArray<BinaryRange> segments = Segments(file, at, header);
        return new BinaryImage
        {
            File = file,
            Format = BinaryFormat.Elf,
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(header[18..]) switch
            {
                3 => BinaryMachine.X86,
                62 => BinaryMachine.Amd64,
                183 => BinaryMachine.Arm64,
                _ => BinaryMachine.Other,
            },
            PointerSize = wide ? 8 : 4,
            // The kernel maps whole pages, so the lowest mapping starts at a page.
            PreferredBase = segments.IsEmpty ? 0 : segments.Min(s => s.Address) & ~0xfffUL,
            IsPositionIndependent = BinaryPrimitives.ReadUInt16LittleEndian(header[16..]) == 3,
            Segments = segments,
            Sections = Sections(file, at, header),
        };
    }

    private static ImmutableArray<BinaryRange> Segments(BinaryFile file, Fields at, ReadOnlySpan<byte> header)
    {
        long table = (long)at.Word(header, at.Wide ? 32 : 28);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[(at.Wide ? 54 : 42)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[(at.Wide ? 56 : 44)..]);
        if (count > MaximumSegments) throw new InvalidDataException($"{count} program headers at 0x{table:x}");
        if (count > 0 && size < (at.Wide ? 56 : 32)) throw new InvalidDataException($"program headers of {size} bytes at 0x{table:x}");
        ImmutableArray<BinaryRange>.Builder segments = ImmutableArray.CreateBuilder<BinaryRange>(4);
        Span<byte> entry = stackalloc byte[56];
        entry = entry[..(at.Wide ? 56 : 32)];
        for (int i = 0; i < count; i++)
        {
            file.Read(table + (long)i * size, entry, "a program header");
            if (BinaryPrimitives.ReadUInt32LittleEndian(entry) != Load) continue;
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(entry[(at.Wide ? 4 : 24)..]);
            segments.Add(Range(
                "", at.Word(entry, at.Wide ? 16 : 8), at.Word(entry, at.Wide ? 40 : 20), at.Word(entry, at.Wide ? 8 : 4),
                at.Word(entry, at.Wide ? 32 : 16), (flags & 2) != 0, (flags & 1) != 0));
        }

        return segments.DrainToImmutable();
    }

    private static ImmutableArray<BinaryRange> Sections(BinaryFile file, Fields at, ReadOnlySpan<byte> header)
    {
        long table = (long)at.Word(header, at.Wide ? 40 : 32);
        int size = BinaryPrimitives.ReadUInt16LittleEndian(header[(at.Wide ? 58 : 46)..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(header[(at.Wide ? 60 : 48)..]);
        int names = BinaryPrimitives.ReadUInt16LittleEndian(header[(at.Wide ? 62 : 50)..]);
        int entrySize = at.Wide ? 64 : 40;
        if (count is 0 or > MaximumSections || names >= count || size < entrySize) return [];
        Span<byte> entry = stackalloc byte[64];
        entry = entry[..entrySize];
        if (!file.TryRead(table + (long)names * size, entry)) return [];
        int nameTableSize = (int)Math.Min(at.Word(entry, at.Wide ? 32 : 20), MaximumNameTable);
        byte[] nameTable = new byte[nameTableSize];
        if (!file.TryRead((long)at.Word(entry, at.Wide ? 24 : 16), nameTable)) return [];
        ImmutableArray<BinaryRange>.Builder sections = ImmutableArray.CreateBuilder<BinaryRange>(count);
        for (int i = 0; i < count; i++)
        {
            if (!file.TryRead(table + (long)i * size, entry)) return [];
            ulong flags = at.Word(entry, 8);
            ulong length = at.Word(entry, at.Wide ? 32 : 20);
            bool empty = BinaryPrimitives.ReadUInt32LittleEndian(entry[4..]) == NoBits;
            sections.Add(Range(
                Name(nameTable, BinaryPrimitives.ReadUInt32LittleEndian(entry)), at.Word(entry, at.Wide ? 16 : 12), length,
                at.Word(entry, at.Wide ? 24 : 16), empty ? 0 : length, (flags & 1) != 0, (flags & 4) != 0));
        }

        return sections.DrainToImmutable();
    }

    private static BinaryRange Range(string name, ulong address, ulong memory, ulong offset, ulong size, bool writable, bool executable) =>
        offset > long.MaxValue || size > long.MaxValue
            ? throw new InvalidDataException($"a range at file offset 0x{offset:x} of 0x{size:x} bytes")
            : new BinaryRange(name, address, memory, (long)offset, (long)Math.Min(size, memory), writable, executable);

    private static string Name(ReadOnlySpan<byte> table, uint at)
    {
        if (at >= table.Length) return "";
        ReadOnlySpan<byte> name = table[(int)at..];
        int end = name.IndexOf((byte)0);
        return end is < 0 or > 256 ? "" : Encoding.UTF8.GetString(name[..end]);
    }

    /// <summary>A field of the file's word size.</summary>
    private readonly struct Fields(bool wide)
    {
        public bool Wide => wide;

        public ulong Word(ReadOnlySpan<byte> bytes, int at) =>
            wide ? BinaryPrimitives.ReadUInt64LittleEndian(bytes[at..]) : BinaryPrimitives.ReadUInt32LittleEndian(bytes[at..]);
    }
}
