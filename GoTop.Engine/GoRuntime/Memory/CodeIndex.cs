using System.Collections.Immutable;
using System.Runtime.InteropServices;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// What the addresses met in goroutines mean, looked up once and kept across reads: a service has a few thousand of
/// them however many goroutines it has. Addresses are the process's own.
/// </summary>
internal sealed class CodeIndex(SymbolTable symbols, ulong slide)
{
    /// <summary>A program's code has fewer distinct places than this on its stacks; a damaged one may pretend more.</summary>
    private const int MaximumEntries = 1 << 19;

    private readonly Dictionary<ulong, StartFunction> _starts = [];
    private readonly Dictionary<ulong, int> _creators = [];
    private readonly Dictionary<ulong, UnwindStep> _steps = [];
    private readonly Dictionary<ulong, ImmutableArray<IndexedFrame>> _frames = [];
    private readonly Dictionary<CodeLocation, int> _numbers = [];
    private readonly List<CodeLocation> _locations = [];
    private ImmutableArray<CodeLocation> _published = [];

    /// <summary>Forgets everything once it has grown beyond reason. Only between reads: numbers change by it.</summary>
    public bool TrimBetweenReads()
    {
        if (_locations.Count + _steps.Count + _frames.Count + _starts.Count + _creators.Count < MaximumEntries) return false;
        _starts.Clear();
        _creators.Clear();
        _steps.Clear();
        _frames.Clear();
        _numbers.Clear();
        _locations.Clear();
        _published = [];
        return true;
    }

    public CodeLocation Location(int number) => _locations[number];

    /// <summary>All locations numbered so far.</summary>
    public ImmutableArray<CodeLocation> Locations()
    {
        if (_published.Length != _locations.Count) _published = [.. _locations];
        return _published;
    }

    /// <summary>The function at a goroutine's start pc.</summary>
    public StartFunction Start(ulong pc)
    {
        if (_starts.TryGetValue(pc, out StartFunction start)) return start;
        if (!symbols.TryFind(pc - slide, out FunctionSymbol function)) return _starts[pc] = new StartFunction(-1, StartKind.Unknown);
        FunctionSymbol shown = symbols.Unwrap(function);
        CodeLocation location = symbols.LocationOf(shown, shown.Entry);
        return _starts[pc] = new StartFunction(Number(WithoutMethodValue(location)), SystemGoroutines.KindOf(symbols.NameOf(function)));
    }

    /// <summary>The <c>go</c> statement that made a goroutine, from the return address in it; −1 when unknown.</summary>
    public int Creator(ulong returnAddress)
    {
        if (_creators.TryGetValue(returnAddress, out int number)) return number;
        ulong pc = returnAddress - slide;
        number = symbols.TryFind(pc, out FunctionSymbol function)
            ? Number(symbols.LocationOf(function, pc > function.Entry ? pc - 1 : pc))
            : -1;
        return _creators[returnAddress] = number;
    }

    public UnwindStep Step(ulong pc)
    {
        if (_steps.TryGetValue(pc, out UnwindStep step)) return step;
        ulong linked = pc - slide;
        if (!symbols.TryFind(linked, out FunctionSymbol function)) return _steps[pc] = new UnwindStep(-1, UnwindKind.Unknown, false);
        string name = symbols.NameOf(function);
        UnwindKind kind = function.IsTopOfStack || function.WritesStackPointer ? UnwindKind.Last
            : name is "runtime.asyncPreempt" or "runtime.sigpanic" or "runtime.debugCallV2" ? UnwindKind.Interrupts
            : UnwindKind.Calls;
        return _steps[pc] = new UnwindStep(symbols.StackPointerDelta(function, linked), kind, linked == function.Entry);
    }

    /// <summary>The frames at an address, innermost first; pass a return address less one.</summary>
    public ImmutableArray<IndexedFrame> Frames(ulong pc)
    {
        if (_frames.TryGetValue(pc, out ImmutableArray<IndexedFrame> frames)) return frames;
        ImmutableArray<IndexedFrame>.Builder indexed = ImmutableArray.CreateBuilder<IndexedFrame>(2);
        foreach (SymbolFrame frame in symbols.FramesAt(pc - slide))
        {
            string name = frame.Location.Function;
            // goexit is below every goroutine: it tells nothing.
            if (name == "runtime.goexit") continue;
            bool panics = name is "runtime.gopanic" or "runtime.sigpanic" or "runtime.panicwrap";
            indexed.Add(new IndexedFrame(Number(frame.Location), frame.IsWrapper, panics));
        }

        return _frames[pc] = indexed.DrainToImmutable();
    }

    private int Number(CodeLocation location)
    {
        ref int number = ref CollectionsMarshal.GetValueRefOrAddDefault(_numbers, location, out bool known);
        if (!known)
        {
            number = _locations.Count;
            _locations.Add(location);
        }

        return number;
    }

    /// <summary>A method value is called through a wrapper named after the method.</summary>
    private static CodeLocation WithoutMethodValue(CodeLocation location) =>
        location.Function.EndsWith("-fm", StringComparison.Ordinal) ? location with { Function = location.Function[..^3] } : location;
}

/// <param name="Location">Number of the function's location; −1 when no function is there.</param>
internal readonly record struct StartFunction(int Location, StartKind Kind);

internal enum UnwindKind : byte
{
    /// <summary>No function is there.</summary>
    Unknown,

    /// <summary>It was called, so the address above it is a return address.</summary>
    Calls,

    /// <summary>It was put on the stack by a signal: the address above it is where the function was, not after a call.</summary>
    Interrupts,

    /// <summary>The stack ends here.</summary>
    Last,
}

/// <param name="StackPointerDelta">Bytes from the stack pointer to the return address; −1 when unknown.</param>
/// <param name="IsEntry">The function has not begun, so nothing was called from it.</param>
internal readonly record struct UnwindStep(int StackPointerDelta, UnwindKind Kind, bool IsEntry);

/// <param name="Panics">A wrapper that called this one stays visible, as in Go's own stacks.</param>
internal readonly record struct IndexedFrame(int Location, bool IsWrapper, bool Panics);
