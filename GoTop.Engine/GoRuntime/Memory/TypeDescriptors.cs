using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.GoRuntime.Symbols;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Field offsets of the runtime's own structs, from the type descriptors that every Go program carries because its
/// runtime allocates such values: neither symbols nor DWARF are needed. Layout: internal/abi.Type and StructType.
/// </summary>
internal sealed class TypeDescriptors
{
    private const int StructDescriptorSize = 80;

    /// <summary>What all types have in common, to the name's offset and the pointer type's.</summary>
    private const int DescriptorHeadSize = 48;
    private const int FieldSize = 24;
    private const int KindStruct = 25;
    private const byte FlagExtraStar = 2;
    private const byte FlagNamed = 4;
    private const int MaximumStructSize = 1 << 16;
    private const int MaximumFields = 512;
    private const int MaximumDepth = 2;
    private const int MaximumNameLength = 128;
    private const int ChunkSize = 1 << 18;

    private readonly AddressReader _read;
    private readonly ModuleData _module;
    private readonly ulong _pointerSlide;

    /// <param name="read">Reads at addresses of the file's preferred base.</param>
    /// <param name="pointerSlide">What the pointers read are above such addresses.</param>
    public TypeDescriptors(ModuleData module, AddressReader read, ulong pointerSlide)
    {
        _module = module;
        _read = read;
        _pointerSlide = pointerSlide;
    }

    public delegate bool AddressReader(ulong address, Span<byte> destination);

    /// <summary>
    /// The struct types of these names that have the fields asked for: another package called runtime may have a type of the same name.
    /// </summary>
    public Dictionary<string, StructFields> FindStructs(IReadOnlyDictionary<string, string[]> requiredFieldsByName)
    {
        Dictionary<string, StructFields> found = [];
        byte[] chunk = new byte[ChunkSize];
        ulong end = _module.TypesEnd;
        for (ulong start = _module.Types; start + StructDescriptorSize <= end;)
        {
            int length = (int)Math.Min(ChunkSize, end - start);
            if (!_read(start, chunk.AsSpan(0, length))) break;
            int at = 0;
            for (; at + StructDescriptorSize <= length; at += 8)
            {
                if ((chunk[at + 23] & 31) != KindStruct || (chunk[at + 20] & FlagNamed) == 0) continue;
                ReadOnlySpan<byte> descriptor = chunk.AsSpan(at, StructDescriptorSize);
                ulong fields = BinaryPrimitives.ReadUInt64LittleEndian(descriptor[64..]);
                ulong size = BinaryPrimitives.ReadUInt64LittleEndian(descriptor);
                if (fields is 0 or > MaximumFields || size > MaximumStructSize) continue;
                string? name = NameOf(descriptor);
                if (name is null || found.ContainsKey(name) || !requiredFieldsByName.TryGetValue(name, out string[]? required)) continue;
                StructFields described = new((int)size);
                AddFields(described, descriptor, "", 0, 0);
                if (required.All(described.Has)) found[name] = described;
                if (found.Count == requiredFieldsByName.Count) return found;
            }

            start += (ulong)at;
        }

        return found;
    }

    /// <summary>The name of the type described there; null when it cannot be read or is too long to be one.</summary>
    /// <param name="address">Of the file's preferred base.</param>
    public string? NameAt(ulong address)
    {
        Span<byte> descriptor = stackalloc byte[DescriptorHeadSize];
        return _read(address, descriptor) ? NameOf(descriptor) : null;
    }

    private string? NameOf(ReadOnlySpan<byte> descriptor)
    {
        int offset = BinaryPrimitives.ReadInt32LittleEndian(descriptor[40..]);
        if (offset <= 0) return null;
        string? name = ReadName(_module.Types + (ulong)offset);
        return name is not null && (descriptor[20] & FlagExtraStar) != 0 ? name[1..] : name;
    }

    private void AddFields(StructFields into, ReadOnlySpan<byte> descriptor, string prefix, int offset, int depth)
    {
        ulong fields = Pointer(descriptor[56..]);
        int count = (int)Math.Min(BinaryPrimitives.ReadUInt64LittleEndian(descriptor[64..]), MaximumFields);
        byte[] table = new byte[count * FieldSize];
        if (!_read(fields, table)) return;
        Span<byte> fieldType = stackalloc byte[StructDescriptorSize];
        for (int i = 0; i < count; i++)
        {
            ReadOnlySpan<byte> field = table.AsSpan(i * FieldSize, FieldSize);
            ulong at = BinaryPrimitives.ReadUInt64LittleEndian(field[16..]);
            if (at >= (ulong)into.Size || offset + (int)at >= into.Size || ReadName(Pointer(field)) is not { } name) continue;
            into.Add(prefix + name, offset + (int)at);
            if (depth < MaximumDepth && _read(Pointer(field[8..]), fieldType) && (fieldType[23] & 31) == KindStruct)
            {
                AddFields(into, fieldType, prefix + name + ".", offset + (int)at, depth + 1);
            }
        }
    }

    /// <summary>A flag byte, the length as a variable-length integer, the text.</summary>
    private string? ReadName(ulong address)
    {
        Span<byte> bytes = stackalloc byte[MaximumNameLength];
        if (!_read(address, bytes[..2])) return null;
        int length = bytes[1];
        return length is > 0 and < MaximumNameLength && _read(address + 2, bytes[..length]) ? Encoding.UTF8.GetString(bytes[..length]) : null;
    }

    private ulong Pointer(ReadOnlySpan<byte> bytes) => BinaryPrimitives.ReadUInt64LittleEndian(bytes) - _pointerSlide;
}

/// <summary>A struct's size, and its fields' offsets by name; those of nested structs as <c>outer.inner</c>.</summary>
internal sealed class StructFields(int size)
{
    private readonly Dictionary<string, int> _offsets = [];

    public int Size => size;

    public int this[string field] => _offsets[field];

    public bool Has(string field) => _offsets.ContainsKey(field);

    /// <summary>The first of these that it has; −1 when it has none.</summary>
    public int Find(params ReadOnlySpan<string> fields)
    {
        foreach (string field in fields)
        {
            if (_offsets.TryGetValue(field, out int offset)) return offset;
        }

        return -1;
    }

    public void Add(string field, int offset) => _offsets.TryAdd(field, offset);
}
