using System.Text;
using GoTop.Engine.GoRuntime.Binaries;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>
/// Go's function table (gopclntab) of 1.18 and later, read in place from the executable. Layout: runtime/symtab.go
/// (pcHeader, _func) and cmd/link/internal/ld/pcln.go. Every offset in it is a claim of the file: whatever leads
/// outside it throws <see cref="InvalidDataException"/>.
/// </summary>
internal sealed class PcLineTable
{
    public const int HeaderSize = 72;

    /// <summary>Tables that hold this many functions do not exist; the largest known services have a million.</summary>
    private const int MaximumFunctions = 16_000_000;
    private const int MaximumNameLength = 4096;
    private const int MaximumPcValueSteps = 1 << 18;
    private const uint Magic118 = 0xfffffff0;
    private const uint Magic120 = 0xfffffff1;

    private readonly BinaryFile _file;
    private readonly long _offset;
    private readonly long _names;
    private readonly long _compilationUnits;
    private readonly long _files;
    private readonly long _pcTables;
    private readonly long _functions;
    private readonly uint _quantum;
    private readonly int _functionHeaderSize;

    private PcLineTable(BinaryFile file, long offset, ulong address)
    {
        _file = file;
        _offset = offset;
        Address = address;
        _functionHeaderSize = file.U32(offset) == Magic118 ? 40 : 44;
        _quantum = file.U8(offset + 6);
        FunctionCount = (int)file.U64(offset + 8);
        HeaderTextStart = file.U64(offset + 24);
        _names = offset + (long)file.U64(offset + 32);
        NamesAddress = address + file.U64(offset + 32);
        _compilationUnits = offset + (long)file.U64(offset + 40);
        _files = offset + (long)file.U64(offset + 48);
        _pcTables = offset + (long)file.U64(offset + 56);
        _functions = offset + (long)file.U64(offset + 64);
    }

    /// <summary>Where it is loaded.</summary>
    public ulong Address { get; }

    public ulong NamesAddress { get; }

    public int FunctionCount { get; }

    /// <summary>0 since Go 1.26, and in position-independent files that the linker left to the loader.</summary>
    public ulong HeaderTextStart { get; }

    /// <summary>The inline tree's entries of 1.20 and later: 16 bytes rather than 20.</summary>
    public bool HasShortInlineEntries => _functionHeaderSize == 44;

    /// <summary>Null when there is no table at this offset.</summary>
    public static PcLineTable? TryOpen(BinaryFile file, long offset, ulong address)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (!file.TryRead(offset, header)) return null;
        uint magic = BitConverter.ToUInt32(header);
        if (magic is not (Magic118 or Magic120)) return null;
        if (header[4] != 0 || header[5] != 0 || header[6] is not (1 or 2 or 4) || header[7] != 8) return null;
        ulong functions = BitConverter.ToUInt64(header[8..]);
        if (functions is 0 or > MaximumFunctions) return null;
        ulong room = (ulong)(file.Length - offset);
        ulong previous = HeaderSize - 1;
        for (int at = 32; at < HeaderSize; at += 8)
        {
            ulong part = BitConverter.ToUInt64(header[at..]);
            if (part <= previous || part >= room) return null;
            previous = part;
        }

        return previous + functions * 8 + 4 <= room ? new PcLineTable(file, offset, address) : null;
    }

    /// <summary>The function that holds an offset from the start of the text; −1 when none does.</summary>
    public int IndexOf(ulong textOffset)
    {
        if (textOffset < EntryOf(0) || textOffset >= EntryOf(FunctionCount)) return -1;
        int low = 0;
        int high = FunctionCount;
        while (high - low > 1)
        {
            int middle = low + (high - low) / 2;
            if (EntryOf(middle) <= textOffset) low = middle;
            else high = middle;
        }

        return low;
    }

    /// <summary>A function's first byte as an offset from the start of the text; that of index "count" is the end of the last.</summary>
    public uint EntryOf(int function) => _file.U32(_functions + function * 8L);

    public PcFunction Function(int index)
    {
        uint record = _file.U32(_functions + index * 8L + 4);
        return new PcFunction(index, EntryOf(index), EntryOf(index + 1), _functions + record);
    }

    public int NameOffset(in PcFunction function) => (int)_file.U32(function.Record + 4);

    public string Name(int nameOffset) => nameOffset < 0 ? "" : Text(_names + nameOffset);

    /// <summary>Whether the name is this one, without making a string of it.</summary>
    public bool NameIs(int nameOffset, ReadOnlySpan<byte> name)
    {
        ReadOnlySpan<byte> block = _file.BlockFrom(_names + nameOffset);
        if (block.Length > name.Length) return block[name.Length] == 0 && block.StartsWith(name);
        Span<byte> bytes = stackalloc byte[name.Length + 1];
        return _file.TryRead(_names + nameOffset, bytes) && bytes[^1] == 0 && bytes.StartsWith(name);
    }

    public byte FunctionId(in PcFunction function) => _file.U8(function.Record + _functionHeaderSize - 4);

    public byte Flags(in PcFunction function) => _file.U8(function.Record + _functionHeaderSize - 3);

    /// <summary>Bytes between the stack pointer and the return address at a pc; −1 when unknown.</summary>
    public int StackPointerDelta(in PcFunction function, uint textOffset) => PcValue(function, _file.U32(function.Record + 16), textOffset);

    public int Line(in PcFunction function, uint textOffset) => PcValue(function, _file.U32(function.Record + 24), textOffset);

    /// <summary>The file's place in the table of file names; −1 when it has none.</summary>
    public long FileNameOffset(in PcFunction function, uint textOffset)
    {
        int number = PcValue(function, _file.U32(function.Record + 20), textOffset);
        if (number < 0) return -1;
        long unit = _file.U32(function.Record + 32);
        uint name = _file.U32(_compilationUnits + (unit + number) * 4);
        return name == uint.MaxValue ? -1 : name;
    }

    public string FileName(long offset) => Text(_files + offset);

    /// <summary>Value of a PCDATA table at a pc; −1 when the function has no such table or it has no value there.</summary>
    public int PcData(in PcFunction function, int table, uint textOffset) =>
        table < (int)Math.Min(_file.U32(function.Record + 28), 64)
            ? PcValue(function, _file.U32(function.Record + _functionHeaderSize + table * 4L), textOffset)
            : -1;

    /// <summary>Offset of a FUNCDATA from the start of the module's function data; null when the function has none.</summary>
    public uint? FuncData(in PcFunction function, int table)
    {
        uint pcTables = Math.Min(_file.U32(function.Record + 28), 64);
        if (table >= _file.U8(function.Record + _functionHeaderSize - 1)) return null;
        uint offset = _file.U32(function.Record + _functionHeaderSize + (pcTables + table) * 4L);
        return offset == uint.MaxValue ? null : offset;
    }

    /// <summary>Steps through pairs of (value change, pc change) as variable-length integers: runtime.step.</summary>
    private int PcValue(in PcFunction function, uint table, uint textOffset)
    {
        if (table == 0) return -1;
        ByteCursor cursor = new(_file, _pcTables + table);
        int value = -1;
        uint pc = function.Entry;
        for (int step = 0; step < MaximumPcValueSteps; step++)
        {
            uint change = cursor.Varint();
            if (change == 0 && step > 0) return -1;
            value += (change & 1) != 0 ? (int)~(change >> 1) : (int)(change >> 1);
            pc += cursor.Varint() * _quantum;
            if (textOffset < pc) return value;
        }

        return -1;
    }

    private string Text(long offset)
    {
        Span<byte> bytes = stackalloc byte[256];
        ReadOnlySpan<byte> block = _file.BlockFrom(offset);
        int end = block.IndexOf((byte)0);
        if (end is >= 0 and <= MaximumNameLength) return Encoding.UTF8.GetString(block[..end]);
        StringBuilder text = new();
        for (long at = offset; text.Length < MaximumNameLength; at += bytes.Length)
        {
            if (at >= _file.Length) break;
            int count = (int)Math.Min(bytes.Length, _file.Length - at);
            if (!_file.TryRead(at, bytes[..count])) break;
            end = bytes[..count].IndexOf((byte)0);
            text.Append(Encoding.UTF8.GetString(end < 0 ? bytes[..count] : bytes[..end]));
            if (end >= 0) break;
        }

        return text.ToString();
    }

    private ref struct ByteCursor(BinaryFile file, long offset)
    {
        private ReadOnlySpan<byte> _bytes = default;
        private long _next = offset;

        public uint Varint()
        {
            uint value = 0;
            for (int shift = 0; shift < 35; shift += 7)
            {
                byte next = Next();
                value |= (uint)(next & 0x7f) << shift;
                if (next < 0x80) return value;
            }

            throw new InvalidDataException($"an endless number at 0x{_next:x}");
        }

        private byte Next()
        {
            if (_bytes.IsEmpty)
            {
                _bytes = file.BlockFrom(_next);
                if (_bytes.IsEmpty) throw new InvalidDataException($"0x{_next:x} lies beyond the end of the file");
                _next += _bytes.Length;
            }

            byte value = _bytes[0];
            _bytes = _bytes[1..];
            return value;
        }
    }
}

/// <summary>A function of the table.</summary>
/// <param name="Entry">Offset of its first byte from the start of the text.</param>
/// <param name="End">Offset of the next function's first byte.</param>
/// <param name="Record">Where its _func lies in the file.</param>
internal readonly record struct PcFunction(int Index, uint Entry, uint End, long Record);
