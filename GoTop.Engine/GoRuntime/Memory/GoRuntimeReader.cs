using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Binaries;
using GoTop.Engine.GoRuntime.BuildInfo;
using GoTop.Engine.GoRuntime.Memory.Amd64;
using GoTop.Engine.GoRuntime.Memory.Labels;
using GoTop.Engine.GoRuntime.Memory.Waits;
using GoTop.Engine.GoRuntime.Symbols;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Engine.GoRuntime.Memory;

/// <summary>
/// Reads the runtime of a Go process from outside: goroutines, garbage collector and scheduler, from its executable and
/// its memory. The process is not stopped, changed or asked; its executable may be stripped. What is read is checked,
/// and what was caught in the middle of a change is left out. Not for use by two threads at once.
/// </summary>
public sealed class GoRuntimeReader
{
    /// <summary>Goroutines read at most, unless the caller says otherwise.</summary>
    public const int DefaultCap = 1_000_000;

    private readonly CounterReader _counters;
    private readonly GoroutineReader _goroutines;
    private readonly GoThreadReader _threads;

    private GoRuntimeReader(string goVersion, SymbolTable symbols, CounterReader counters, GoroutineReader goroutines, GoThreadReader threads)
    {
        GoVersion = goVersion;
        Symbols = symbols;
        _counters = counters;
        _goroutines = goroutines;
        _threads = threads;
    }

    public string GoVersion { get; }

    public SymbolTable Symbols { get; }

    /// <param name="executable">Seekable, and to stay open as long as the reader is used.</param>
    /// <param name="executableBase">Where its first byte is mapped in the process.</param>
    /// <param name="nowNanoseconds">
    /// The clock that the target's nanotime reads: CLOCK_MONOTONIC on Linux, the interrupt time on Windows.
    /// </param>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    public static Reading<GoRuntimeReader> Open(Stream executable, IMemoryReader memory, ulong executableBase, Func<long> nowNanoseconds)
    {
        Reading<BinaryImage> opened = BinaryImage.Open(executable);
        if (!opened.TryGet(out BinaryImage? image)) return opened.Absent<GoRuntimeReader>();
        Reading<GoBuildInfo> build = GoBuildInfoReader.Read(image);
        if (!build.TryGet(out GoBuildInfo? info)) return build.Absent<GoRuntimeReader>();
        IGlobalFinder? finder = image.Machine switch
        {
            BinaryMachine.Amd64 => new Amd64GlobalFinder(),
            _ => null,
        };
        if (finder is null) return Reading.NotSupported<GoRuntimeReader>($"GoTop reads goroutines from memory on amd64 only; this is a program for another processor ({info.Settings.GetValueOrDefault("GOARCH") ?? "unknown"})");
        Reading<SymbolTable> table = SymbolTable.Open(image, info.GoVersion);
        if (!table.TryGet(out SymbolTable? symbols)) return table.Absent<GoRuntimeReader>();
        try
        {
            return Open(info.GoVersion, symbols, finder, new TargetMemory(memory, executableBase - image.PreferredBase), nowNanoseconds);
        }
        catch (Exception torn) when (torn is InvalidDataException or IOException)
        {
            return Reading.Failed<GoRuntimeReader>($"cannot read the executable: {torn.Message}");
        }
    }

    /// <summary>Never fails as a whole: each figure carries its own reason.</summary>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    public RuntimeCounters ReadCounters() => _counters.Read();

    /// <summary>The runtime's threads, and which goroutine each runs.</summary>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    public Reading<GoThreadTable> ReadThreads() => _threads.Read();

    /// <param name="interest">Whose stacks to read; of every other group of like goroutines one is read.</param>
    /// <param name="cap">Goroutines read at most; the table says how many were beyond.</param>
    /// <exception cref="ProcessGoneException">The process has ended.</exception>
    public Reading<GoroutineTable> ReadGoroutines(Interest interest, int cap = DefaultCap)
    {
        try
        {
            return _goroutines.Read(interest, cap);
        }
        catch (Exception torn) when (torn is InvalidDataException or IOException)
        {
            return Reading.Failed<GoroutineTable>($"cannot read the executable: {torn.Message}");
        }
    }

    private static Reading<GoRuntimeReader> Open(string goVersion, SymbolTable symbols, IGlobalFinder finder, TargetMemory memory, Func<long> nowNanoseconds)
    {
        ModuleData module = symbols.Module;
        if (memory.TryReadWord(module.Address + memory.Slide, out ulong table) && table != symbols.Table.Address + memory.Slide)
        {
            return Reading.Failed<GoRuntimeReader>($"the process does not run this executable: its module data is not at 0x{module.Address + memory.Slide:x}");
        }

        TypeDescriptors types = module.PointersInFile
            ? new TypeDescriptors(module, symbols.Image.TryRead, pointerSlide: 0)
            : new TypeDescriptors(module, (address, bytes) => memory.Reader.TryRead(address + memory.Slide, bytes), memory.Slide);
        Reading<RuntimeStructs> structs = RuntimeStructs.Find(types);
        if (!structs.TryGet(out RuntimeStructs? layouts)) return structs.Absent<GoRuntimeReader>();
        RuntimeGlobals globals = finder.Find(symbols);
        if (globals.AllGoroutinesLength is not { } length || globals.AllGoroutinesPointer is not { } pointer || globals.WaitReasonStrings is not { } reasons)
        {
            return Reading.NotSupported<GoRuntimeReader>($"the list of goroutines was not found in this program's code ({goVersion})");
        }

        ImmutableArray<string> waitReasons = WaitReasonReader.Read(memory, reasons + memory.Slide);
        if (waitReasons.IsEmpty) return Reading.Failed<GoRuntimeReader>($"the wait reasons were not found in the process's memory at 0x{reasons + memory.Slide:x}");
        int? minor = GoVersionNumber.Minor(goVersion);
        RuntimeLayout? layout = minor is { } known ? RuntimeLayout.For(known) : null;
        CodeIndex code = new(symbols, memory.Slide);
        StackInterner stacks = new(code);
        LabelReader labels = new(goVersion, LabelForms.Of(minor), memory, layouts.Goroutine);
        WaitReader? waits = layouts is { Sudog: { } sudog, Channel: { } channel }
            ? new WaitReader(new WaitReaderParts(
                memory, code, stacks, layouts.Goroutine, sudog, channel, new TypeNames(module, types, memory.Slide), globals.SemaphoreTable, waitReasons))
            : null;
        return Reading.Of(new GoRuntimeReader(
            goVersion, symbols, new CounterReader(goVersion, layout, globals, layouts.Proc, memory),
            new GoroutineReader(code, stacks, memory, layouts.Goroutine, length + memory.Slide, pointer + memory.Slide, waitReasons, labels, waits, nowNanoseconds),
            new GoThreadReader(memory, layouts.Thread, layouts.Goroutine, layouts.Proc, globals.AllThreads)));
    }
}
