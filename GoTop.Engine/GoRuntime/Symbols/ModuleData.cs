using GoTop.Engine.GoRuntime.Binaries;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>
/// The parts of runtime.moduledata that lead on from the function table. Addresses are those of a file loaded at the
/// base it prefers.
/// </summary>
internal sealed record ModuleData
{
    /// <summary>Bytes of it that are looked at.</summary>
    public const int Size = 0x170;

    private const int TextOffset = 176;

    /// <summary>Starts and ends of noptrdata, data, bss and noptrbss; an external linker orders them otherwise than Go's own.</summary>
    private const int DataRangesOffset = 192;
    private const int DataRangesLength = 64;

    public required ulong Address { get; init; }

    public required ulong Text { get; init; }

    /// <summary>Start of Go's own writable data; a global variable lies between here and <see cref="DataEnd"/>.</summary>
    public required ulong DataStart { get; init; }

    public required ulong DataEnd { get; init; }

    public required ulong Types { get; init; }

    public required ulong TypesEnd { get; init; }

    /// <summary>What FUNCDATA offsets count from.</summary>
    public required ulong FunctionData { get; init; }

    /// <summary>Whether the file's own bytes hold its pointers; else the loader fills them in.</summary>
    public required bool PointersInFile { get; init; }

    /// <param name="word">Reads the pointer at an offset in it.</param>
    public static ModuleData Decode(ulong address, int goMinor, bool pointersInFile, Func<int, ulong> word)
    {
        (int types, int typesEnd, int functionData) = goMinor switch
        {
            <= 19 => (280, 288, 304),
            <= 26 => (296, 304, 320),
            _ => (296, 312, 344),
        };
        ulong start = ulong.MaxValue;
        ulong end = 0;
        for (int at = DataRangesOffset; at < DataRangesOffset + DataRangesLength; at += 16)
        {
            start = Math.Min(start, word(at));
            end = Math.Max(end, word(at + 8));
        }

        return new ModuleData
        {
            Address = address,
            Text = word(TextOffset),
            DataStart = start,
            DataEnd = end,
            Types = word(types),
            TypesEnd = word(typesEnd),
            FunctionData = word(functionData),
            PointersInFile = pointersInFile,
        };
    }

    /// <summary>What in it contradicts itself or the file; null when nothing does.</summary>
    public string? Problem(BinaryImage image)
    {
        bool inText = image.Segments.Any(s => s.Executable && Text >= s.Address && Text - s.Address < s.MemorySize);
        if (!inText) return $"its text at 0x{Text:x} is not in an executable segment";
        if (DataStart >= DataEnd || DataEnd - DataStart > 1UL << 40) return $"its data is 0x{DataStart:x}–0x{DataEnd:x}";
        if (Types >= TypesEnd || image.OffsetOf(Types, TypesEnd - Types) < 0) return $"its types at 0x{Types:x}–0x{TypesEnd:x} are not in the file";
        return image.OffsetOf(FunctionData) < 0 ? $"its function data at 0x{FunctionData:x} is not in the file" : null;
    }
}
