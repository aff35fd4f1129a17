using System.Buffers;
using System.Buffers.Binary;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Binaries;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>
/// Finds runtime.firstmoduledata: by its section (ELF, 1.26+), or else as the place whose first two pointers are the
/// function table and the function names. In a position-independent executable from an external linker these pointers
/// are only in the relocations.
/// </summary>
internal static class ModuleDataFinder
{
    private const int ChunkSize = 1 << 18;
    private const int RelocationSize = 24;
    private const ulong RelocationRelativeAmd64 = 8;
    private const ulong RelocationRelativeArm64 = 1027;

    public static ModuleData? Find(BinaryImage image, PcLineTable table, int goMinor)
    {
        if (image.Section(".go.module") is { } section && PointsTo(image, section.Address, table)) return FromFile(image, section.Address, goMinor);
        foreach (BinaryRange segment in image.Segments)
        {
            if (!segment.Writable) continue;
            ulong address = Scan(image, segment, table);
            if (address != 0) return FromFile(image, address, goMinor);
        }

        return image.Section(".rela.dyn") is { } relocations ? FromRelocations(image, relocations, table, goMinor) : null;
    }

    private static ModuleData? FromFile(BinaryImage image, ulong address, int goMinor)
    {
        byte[] bytes = new byte[ModuleData.Size];
        return image.TryRead(address, bytes)
            ? ModuleData.Decode(address, goMinor, pointersInFile: true, at => BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(at)))
            : null;
    }

    private static bool PointsTo(BinaryImage image, ulong address, PcLineTable table)
    {
        Span<byte> start = stackalloc byte[16];
        return image.TryRead(address, start) && BinaryPrimitives.ReadUInt64LittleEndian(start) == table.Address
            && BinaryPrimitives.ReadUInt64LittleEndian(start[8..]) == table.NamesAddress;
    }

    private static ulong Scan(BinaryImage image, BinaryRange segment, PcLineTable table)
    {
        byte[] chunk = ArrayPool<byte>.Shared.Rent(ChunkSize);
        try
        {
            long start = (segment.FileOffset + 7) & ~7L;
            long end = segment.FileOffset + segment.FileSize;
            for (long offset = start; offset < end;)
            {
                int count = image.File.ReadThrough(offset, chunk.AsSpan(0, (int)Math.Min(ChunkSize, end - offset)));
                ReadOnlySpan<ulong> words = MemoryMarshal.Cast<byte, ulong>(chunk.AsSpan(0, count));
                for (int from = 0; ;)
                {
                    int found = words[from..].IndexOf(table.Address);
                    if (found < 0) break;
                    int at = from + found;
                    if (at + 1 < words.Length && words[at + 1] == table.NamesAddress) return segment.Address + (ulong)(offset + at * 8L - segment.FileOffset);
                    from = at + 1;
                }

                if (count < ChunkSize) break;
                offset += count - 8;
            }

            return 0;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(chunk);
        }
    }

    /// <summary>ELF's r_offset, r_info, r_addend: a relative relocation's addend is the pointer before sliding.</summary>
    private static ModuleData? FromRelocations(BinaryImage image, BinaryRange section, PcLineTable table, int goMinor)
    {
        HashSet<ulong> tables = [];
        HashSet<ulong> names = [];
        EachRelocation(image, section, (offset, addend) =>
        {
            if (addend == table.Address && tables.Count < 1000) tables.Add(offset);
            if (addend == table.NamesAddress && names.Count < 1000) names.Add(offset);
        });
        ulong address = tables.FirstOrDefault(at => names.Contains(at + 8));
        if (address == 0) return null;
        ulong[] words = new ulong[ModuleData.Size / 8];
        EachRelocation(image, section, (offset, addend) =>
        {
            if (offset >= address && offset - address < ModuleData.Size) words[(offset - address) / 8] = addend;
        });
        return ModuleData.Decode(address, goMinor, pointersInFile: false, at => words[at / 8]);
    }

    private static void EachRelocation(BinaryImage image, BinaryRange section, Action<ulong, ulong> found)
    {
        byte[] chunk = new byte[RelocationSize * 4096];
        long end = section.FileOffset + section.FileSize;
        for (long offset = section.FileOffset; offset < end; offset += chunk.Length)
        {
            int count = image.File.ReadThrough(offset, chunk.AsSpan(0, (int)Math.Min(chunk.Length, end - offset)));
            for (int at = 0; at + RelocationSize <= count; at += RelocationSize)
            {
                ulong kind = BinaryPrimitives.ReadUInt32LittleEndian(chunk.AsSpan(at + 8));
                if (kind is not (RelocationRelativeAmd64 or RelocationRelativeArm64)) continue;
                found(BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(at)), BinaryPrimitives.ReadUInt64LittleEndian(chunk.AsSpan(at + 16)));
            }

            if (count < chunk.Length) break;
        }
    }
}
