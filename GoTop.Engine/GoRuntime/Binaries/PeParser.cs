using System.Buffers.Binary;
using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.GoRuntime.Binaries;

/// <summary>PE headers, PE32 and PE32+ (Microsoft's PE format specification, sections 2–4).</summary>
internal static class PeParser
{
    private const int MaximumSections = 1024;
    private const ushort DynamicBase = 0x40;

    public static BinaryImage Parse(BinaryFile file)
    {
        long header = file.U32(0x3c);
        Span<byte> coff = stackalloc byte[24];
        if (!file.TryRead(header, coff) || !coff[..4].SequenceEqual("PE\0\0"u8)) throw new NotSupportedException("an MZ file that is no PE executable");
        int sectionCount = BinaryPrimitives.ReadUInt16LittleEndian(coff[6..]);
        int optionalSize = BinaryPrimitives.ReadUInt16LittleEndian(coff[20..]);
        if (sectionCount > MaximumSections) throw new InvalidDataException($"{sectionCount} sections at 0x{header + 6:x}");
        Span<byte> optional = stackalloc byte[72];
        file.Read(header + 24, optional, "the PE optional header");
        bool wide = BinaryPrimitives.ReadUInt16LittleEndian(optional) switch
        {
            0x10b => false,
            0x20b => true,
            ushort other => throw new InvalidDataException($"PE optional header magic 0x{other:x} at 0x{header + 24:x} is unknown"),
        };
        ulong imageBase = wide ? BinaryPrimitives.ReadUInt64LittleEndian(optional[24..]) : BinaryPrimitives.ReadUInt32LittleEndian(optional[28..]);
        ImmutableArray<BinaryRange> sections = Sections(file, header + 24 + optionalSize, sectionCount, imageBase);
        return new BinaryImage
        {
            File = file,
            Format = BinaryFormat.Pe,
            Machine = BinaryPrimitives.ReadUInt16LittleEndian(coff[4..]) switch
            {
                0x14c => BinaryMachine.X86,
                0x8664 => BinaryMachine.Amd64,
                0xaa64 => BinaryMachine.Arm64,
                _ => BinaryMachine.Other,
            },
            PointerSize = wide ? 8 : 4,
            PreferredBase = imageBase,
            IsPositionIndependent = (BinaryPrimitives.ReadUInt16LittleEndian(optional[70..]) & DynamicBase) != 0,
            Sections = sections,
            Segments = sections,
        };
    }

    private static ImmutableArray<BinaryRange> Sections(BinaryFile file, long table, int count, ulong imageBase)
    {
        ImmutableArray<BinaryRange>.Builder sections = ImmutableArray.CreateBuilder<BinaryRange>(count);
        Span<byte> entry = stackalloc byte[40];
        for (int i = 0; i < count; i++)
        {
            file.Read(table + i * 40L, entry, "a PE section header");
            ReadOnlySpan<byte> name = entry[..8];
            int end = name.IndexOf((byte)0);
            uint flags = BinaryPrimitives.ReadUInt32LittleEndian(entry[36..]);
            uint memory = BinaryPrimitives.ReadUInt32LittleEndian(entry[8..]);
            uint size = BinaryPrimitives.ReadUInt32LittleEndian(entry[16..]);
            sections.Add(new BinaryRange(
                Encoding.UTF8.GetString(end < 0 ? name : name[..end]), imageBase + BinaryPrimitives.ReadUInt32LittleEndian(entry[12..]), memory,
                BinaryPrimitives.ReadUInt32LittleEndian(entry[20..]), Math.Min(size, memory),
                (flags & 0x8000_0000) != 0, (flags & 0x2000_0000) != 0));
        }

        return sections.DrainToImmutable();
    }
}
