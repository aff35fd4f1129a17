using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.Kernel;

/// <summary>
/// Names the code of a stack: Go's by the executable's own function table, stripped or not; the kernel's by its symbols; all
/// other by its module.
/// </summary>
internal sealed class TargetStackNames(IPlatform platform, ProcessKey process, IKernelEventSession session) : IStackNames, IDisposable
{
    private const int MaxKept = 1 << 16;

    private static readonly SampledFrame Unknown = new(new CodeLocation("[unknown]", "", 0), FrameKind.Native);

    private readonly Dictionary<ulong, ImmutableArray<SampledFrame>> _kept = [];
    private readonly HashSet<ulong> _last = [];
    private FileStream? _executable;
    private GoFrames? _go;
    private ImmutableArray<CodeModule> _modules;
    private bool _opened;

    public void AddFrames(ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user, List<SampledFrame> frames)
    {
        Open();
        for (int i = 0; i < kernel.Length; i++) frames.AddRange(Kernel(i == 0 ? kernel[i] : kernel[i] - 1));
        // Only the first is where it stands; the others are where it will go on. The kernel goes by frame pointers, so that the
        // caller of a function which makes no frame is missing.
        for (int i = 0; i < user.Length; i++)
        {
            ulong address = i == 0 ? user[i] : user[i] - 1;
            ImmutableArray<SampledFrame> found = User(address);
            // Beyond what is no code a chain of frame pointers has lost its way.
            if (found.IsEmpty) break;
            frames.AddRange(found);
            if (_last.Contains(address)) break;
        }

        if (frames.Count == 0) frames.Add(Unknown);
    }

    public void Dispose() => _executable?.Dispose();

    private void Open()
    {
        if (_opened) return;
        _opened = true;
        _modules = platform.CodeModules(process).ValueOr([]);
        if (!platform.Executable(process).TryGet(out ExecutablePath path) || !platform.OpenMemory(process).TryGet(out ProcessMemory? memory)) return;
        memory.Reader.Dispose();
        try
        {
            _executable = new FileStream(path.OpenPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return;
        }

        if (!BinaryImage.Open(_executable).TryGet(out BinaryImage? image)) return;
        if (SymbolTable.Open(image).TryGet(out SymbolTable? symbols)) _go = new GoFrames(symbols, memory.ExecutableBase - image.PreferredBase);
    }

    private ImmutableArray<SampledFrame> Kernel(ulong address)
    {
        if (_kept.TryGetValue(address, out ImmutableArray<SampledFrame> known)) return known;
        return Keep(address, [new SampledFrame(new CodeLocation(session.KernelFunction(address) ?? "[kernel]", "", 0), FrameKind.Kernel)]);
    }

    private ImmutableArray<SampledFrame> User(ulong address)
    {
        if (_kept.TryGetValue(address, out ImmutableArray<SampledFrame> known)) return known;
        ImmutableArray<SampledFrame> go = Go(address);
        if (!go.IsEmpty) return Keep(address, go);
        string? module = ModuleOf(address);
        return Keep(address, module is null ? [] : [new SampledFrame(new CodeLocation(module, "", 0), FrameKind.Native)]);
    }

    private ImmutableArray<SampledFrame> Go(ulong address)
    {
        if (_go is null) return [];
        ImmutableArray<SampledFrame> found = _go.At(address, out bool isOutermost);
        if (isOutermost) _last.Add(address);
        return found;
    }

    private string? ModuleOf(ulong address)
    {
        foreach (CodeModule module in _modules)
        {
            if (address < module.Begin || address >= module.End) continue;
            return module.Path.Length == 0 ? "[made at run time]" : module.Path.StartsWith('[') ? module.Path : Path.GetFileName(module.Path);
        }

        return null;
    }

    private ImmutableArray<SampledFrame> Keep(ulong address, ImmutableArray<SampledFrame> frames)
    {
        if (_kept.Count >= MaxKept)
        {
            _kept.Clear();
            _last.Clear();
        }

        return _kept[address] = frames;
    }
}
