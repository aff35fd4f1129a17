using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Binaries;

public enum BinaryFormat : byte
{
    Elf,
    Pe,
}

public enum BinaryMachine : byte
{
    Other,
    X86,
    Amd64,
    Arm64,
}

/// <summary>A section or a loaded segment.</summary>
/// <param name="Address">Where it is loaded when the file gets the base it prefers.</param>
/// <param name="FileSize">Bytes of it that the file holds; never more than <paramref name="MemorySize"/>.</param>
public sealed record BinaryRange(
    string Name, ulong Address, ulong MemorySize, long FileOffset, long FileSize, bool Writable, bool Executable)
{
    public bool Holds(ulong address, ulong length) =>
        address >= Address && address - Address <= (ulong)FileSize && length <= (ulong)FileSize - (address - Address);
}

/// <summary>An ELF or PE file: what is where, in the file and in memory. All numbers in it are the file's claims.</summary>
public sealed record BinaryImage
{
    public required BinaryFile File { get; init; }

    public required BinaryFormat Format { get; init; }

    public required BinaryMachine Machine { get; init; }

    public required int PointerSize { get; init; }

    /// <summary>Where its first byte wants to be: ELF's lowest segment, PE's image base.</summary>
    public required ulong PreferredBase { get; init; }

    /// <summary>Whether the loader may put it elsewhere.</summary>
    public required bool IsPositionIndependent { get; init; }

    public required ImmutableArray<BinaryRange> Sections { get; init; }

    /// <summary>What is loaded: ELF's PT_LOAD segments, PE's sections.</summary>
    public required ImmutableArray<BinaryRange> Segments { get; init; }

    /// <summary>
    /// Not an executable of a kind known here: not supported. One whose headers point past its end: failed, with the place.
    /// </summary>
    public static Reading<BinaryImage> Open(Stream executable)
    {
        try
        {
            BinaryFile file = new(executable);
            Span<byte> magic = stackalloc byte[4];
            if (!file.TryRead(0, magic)) return Reading.NotSupported<BinaryImage>("not an executable: shorter than 4 bytes");
            if (magic.SequenceEqual("\u007fELF"u8)) return Reading.Of(ElfParser.Parse(file));
            if (magic[..2].SequenceEqual("MZ"u8)) return Reading.Of(PeParser.Parse(file));
            return Reading.NotSupported<BinaryImage>("neither an ELF nor a PE executable");
        }
        catch (NotSupportedException unsupported)
        {
            return Reading.NotSupported<BinaryImage>(unsupported.Message);
        }
        catch (Exception torn) when (torn is InvalidDataException or IOException)
        {
            return Reading.Failed<BinaryImage>($"cannot read the executable: {torn.Message}");
        }
    }

    public BinaryRange? Section(string name)
    {
        foreach (BinaryRange section in Sections)
        {
            if (section.Name == name) return section;
        }

        return null;
    }

    /// <summary>Where an address lies in the file; −1 when the file does not hold <paramref name="length"/> bytes there.</summary>
    public long OffsetOf(ulong address, ulong length = 1)
    {
        foreach (BinaryRange segment in Segments)
        {
            if (segment.Holds(address, length)) return segment.FileOffset + (long)(address - segment.Address);
        }

        return -1;
    }

    /// <summary>The address at which an offset in the file is loaded; 0 when it is not.</summary>
    public ulong AddressOf(long offset)
    {
        foreach (BinaryRange segment in Segments)
        {
            if (offset >= segment.FileOffset && offset - segment.FileOffset < segment.FileSize) return segment.Address + (ulong)(offset - segment.FileOffset);
        }

        return 0;
    }

    public bool TryRead(ulong address, Span<byte> destination) =>
        OffsetOf(address, (ulong)destination.Length) is >= 0 and var offset && File.TryRead(offset, destination);
}
