using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.BuildInfo;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>
/// Functions, files and lines of a Go executable, stripped or not: what runtime.Callers knows. Addresses are those of a
/// file loaded at the base it prefers; subtract the slide of a live process first. What was looked up once is kept.
/// Not for use by two threads at once.
/// </summary>
public sealed class SymbolTable
{
    private const int InlineTreeIndex = 2;
    private const int InlineTree = 3;
    private const int WrapInfo = 7;
    private const int MaximumInlineDepth = 64;
    private const int MaximumCachedNames = 1 << 18;
    private const byte TopFrame = 1;
    private const byte WritesStackPointer = 2;

    private readonly Dictionary<int, string> _names = [];
    private readonly Dictionary<long, string> _files = [];
    private readonly byte _wrapperId;

    private SymbolTable(BinaryImage image, PcLineTable table, ModuleData module, int goMinor)
    {
        Image = image;
        Table = table;
        Module = module;
        // runtime.funcID / internal/abi.FuncIDWrapper: the list before it grew twice.
        _wrapperId = goMinor switch { <= 21 => 21, <= 24 => 22, _ => 23 };
    }

    public int FunctionCount => Table.FunctionCount;

    internal BinaryImage Image { get; }

    internal PcLineTable Table { get; }

    internal ModuleData Module { get; }

    /// <summary>Not a Go program, or one older than 1.18: not supported. Contradicting itself: failed.</summary>
    public static Reading<SymbolTable> Open(BinaryImage image)
    {
        Reading<GoBuildInfo> build = GoBuildInfoReader.Read(image);
        return build.TryGet(out GoBuildInfo? info) ? Open(image, info.GoVersion) : build.Absent<SymbolTable>();
    }

    /// <param name="goVersion">As the build info has it; a version newer than any known is read like the newest known.</param>
    public static Reading<SymbolTable> Open(BinaryImage image, string goVersion)
    {
        if (image.PointerSize != 8) return Reading.NotSupported<SymbolTable>("a 32-bit Go program");
        try
        {
            int minor = GoVersionNumber.Minor(goVersion) ?? int.MaxValue;
            if (minor < 18) return Reading.NotSupported<SymbolTable>($"{goVersion} lays out its function table otherwise than 1.18 and later");
            PcLineTable? table = PcLineTableFinder.Find(image);
            if (table is null) return Reading.NotSupported<SymbolTable>("the executable has no Go function table (gopclntab)");
            ModuleData? module = ModuleDataFinder.Find(image, table, minor);
            if (module is null) return Reading.NotSupported<SymbolTable>("the executable's module data was not found");
            return module.Problem(image) is { } problem
                ? Reading.Failed<SymbolTable>($"the executable's module data at 0x{module.Address:x} contradicts itself: {problem}")
                : Reading.Of(new SymbolTable(image, table, module, minor));
        }
        catch (Exception torn) when (torn is InvalidDataException or IOException)
        {
            return Reading.Failed<SymbolTable>($"cannot read the executable's function table: {torn.Message}");
        }
    }

    /// <summary>The function at an address; false when there is none or its entry is damaged.</summary>
    public bool TryFind(ulong address, out FunctionSymbol function)
    {
        function = default;
        if (address < Module.Text) return false;
        try
        {
            int index = Table.IndexOf(address - Module.Text);
            if (index < 0) return false;
            PcFunction found = Table.Function(index);
            byte flags = Table.Flags(found);
            function = new FunctionSymbol(
                Module.Text + found.Entry, Module.Text + found.End, Table.FunctionId(found) == _wrapperId,
                (flags & TopFrame) != 0, (flags & WritesStackPointer) != 0, found);
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }

    /// <summary>As Go prints it in stacks: type arguments as <c>[...]</c>.</summary>
    public string NameOf(in FunctionSymbol function) => Name(Table.NameOffset(function.Record));

    /// <summary>Bytes between the stack pointer at an address and the return address; −1 when unknown.</summary>
    public int StackPointerDelta(in FunctionSymbol function, ulong address)
    {
        try
        {
            return Table.StackPointerDelta(function.Record, (uint)(address - Module.Text));
        }
        catch (InvalidDataException)
        {
            return -1;
        }
    }

    /// <summary>The source line of an address, named by the function that holds its code, inlined or not.</summary>
    public CodeLocation LocationOf(in FunctionSymbol function, ulong address)
    {
        try
        {
            return new CodeLocation(NameOf(function), FileOf(function.Record, address), LineOf(function.Record, address));
        }
        catch (InvalidDataException)
        {
            return new CodeLocation($"0x{address:x}", "", 0);
        }
    }

    /// <summary>
    /// The function a goroutine was started with, seen through the wrapper that the compiler makes for a <c>go</c>
    /// statement with arguments (FUNCDATA_WrapInfo, as the execution trace does).
    /// </summary>
    public FunctionSymbol Unwrap(in FunctionSymbol start)
    {
        try
        {
            Span<byte> wrapped = stackalloc byte[4];
            return Table.FuncData(start.Record, WrapInfo) is { } offset && Image.TryRead(Module.FunctionData + offset, wrapped)
                && TryFind(Module.Text + BitConverter.ToUInt32(wrapped), out FunctionSymbol function)
                    ? function
                    : start;
        }
        catch (InvalidDataException)
        {
            return start;
        }
    }

    /// <summary>
    /// The frames at an address, innermost first, inlined ones expanded: pass a return address less one, so that the
    /// call is looked up and not what follows it. Empty when no function is there.
    /// </summary>
    public ImmutableArray<SymbolFrame> FramesAt(ulong address)
    {
        if (!TryFind(address, out FunctionSymbol function)) return [];
        ImmutableArray<SymbolFrame>.Builder frames = ImmutableArray.CreateBuilder<SymbolFrame>(2);
        try
        {
            PcFunction record = function.Record;
            if (Table.FuncData(record, InlineTree) is { } tree)
            {
                for (int depth = 0; depth < MaximumInlineDepth; depth++)
                {
                    int index = Table.PcData(record, InlineTreeIndex, (uint)(address - Module.Text));
                    if (index < 0 || !TryReadInlined(Module.FunctionData + tree, index, out int nameOffset, out uint parent, out byte id)) break;
                    frames.Add(new SymbolFrame(new CodeLocation(Name(nameOffset), FileOf(record, address), LineOf(record, address)), id == _wrapperId));
                    address = function.Entry + parent;
                }
            }

            frames.Add(new SymbolFrame(LocationOf(function, address), function.IsWrapper));
        }
        catch (InvalidDataException)
        {
            // A damaged table: what was found so far is true, but the rest is not known.
            frames.Add(new SymbolFrame(new CodeLocation($"0x{address:x}", "", 0), false));
        }

        return frames.DrainToImmutable();
    }

    /// <summary>Where functions lie, by full name; those that the linker dropped are missing. One pass, ended early.</summary>
    internal Dictionary<string, FunctionSymbol> FindByName(params ReadOnlySpan<string> names)
    {
        Dictionary<string, FunctionSymbol> found = [];
        byte[][] wanted = new byte[names.Length][];
        for (int i = 0; i < names.Length; i++) wanted[i] = Encoding.UTF8.GetBytes(names[i]);
        for (int i = 0; i < Table.FunctionCount && found.Count < names.Length; i++)
        {
            PcFunction function = Table.Function(i);
            int nameOffset = Table.NameOffset(function);
            for (int j = 0; j < wanted.Length; j++)
            {
                if (!Table.NameIs(nameOffset, wanted[j])) continue;
                if (TryFind(Module.Text + function.Entry, out FunctionSymbol symbol)) found[names[j]] = symbol;
                break;
            }
        }

        return found;
    }

    /// <summary>runtime.inlinedCall: since 1.20 of 16 bytes, before of 20.</summary>
    private bool TryReadInlined(ulong tree, int index, out int nameOffset, out uint parentPc, out byte id)
    {
        bool brief = Table.HasShortInlineEntries;
        Span<byte> entry = stackalloc byte[20];
        entry = entry[..(brief ? 16 : 20)];
        bool read = Image.TryRead(tree + (ulong)index * (ulong)entry.Length, entry);
        id = entry[brief ? 0 : 2];
        nameOffset = BitConverter.ToInt32(entry[(brief ? 4 : 12)..]);
        parentPc = BitConverter.ToUInt32(entry[(brief ? 8 : 16)..]);
        return read;
    }

    private int LineOf(in PcFunction function, ulong address) => Math.Max(0, Table.Line(function, (uint)(address - Module.Text)));

    private string FileOf(in PcFunction function, ulong address)
    {
        long offset = Table.FileNameOffset(function, (uint)(address - Module.Text));
        if (offset < 0) return "";
        if (_files.TryGetValue(offset, out string? file)) return file;
        if (_files.Count >= MaximumCachedNames) _files.Clear();
        return _files[offset] = Table.FileName(offset);
    }

    private string Name(int offset)
    {
        if (_names.TryGetValue(offset, out string? name)) return name;
        if (_names.Count >= MaximumCachedNames) _names.Clear();
        return _names[offset] = WithoutTypeArguments(Table.Name(offset));
    }

    private static string WithoutTypeArguments(string name)
    {
        int open = name.IndexOf('[', StringComparison.Ordinal);
        int close = name.LastIndexOf(']');
        return open < 0 || close <= open ? name : string.Concat(name.AsSpan(0, open), "[...]", name.AsSpan(close + 1));
    }
}
