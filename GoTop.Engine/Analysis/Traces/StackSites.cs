using System.Collections.Frozen;
using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Traces;

/// <summary>
/// Places in the code where goroutines stand: of a stack, the innermost frames up to the first function that is not of the
/// standard library. Numbers outlive a generation; 0 is no place.
/// </summary>
internal sealed class StackSites(TraceNames names)
{
    private const int MaxSites = 1 << 16;
    private const int MaxFrames = 8;

    /// <summary>Frames beyond a place that are kept: who called there.</summary>
    private const int MaxCallers = 4;

    /// <summary>Frames that are shown of a stack with nothing but the standard library in it.</summary>
    private const int MaxFramesOfLibrary = 5;

    /// <summary>First elements of the standard library's import paths; others either have a dot or are <c>main</c>, as a rule.</summary>
    private static readonly FrozenSet<string> Library = FrozenSet.ToFrozenSet(
    [
        "archive", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding", "errors", "expvar", "flag",
        "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp", "runtime",
        "simd", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time", "type", "unicode", "unique", "unsafe", "vendor", "weak",
    ]);

    private readonly TraceFrame[] _frames = new TraceFrame[TraceLimits.MaxFrames];
    private readonly List<TraceFrame[]> _sites = [[]];
    private readonly List<(TraceFrame[] First, bool HasOthers)> _callers = [([], false)];
    private readonly IdMap<int> _byHash = new();
    private readonly IdMap<bool> _isLibrary = new();
    private readonly long _seed = Random.Shared.NextInt64();
    private TraceGeneration? _generation;
    private ResolvedStack[] _resolved = [];

    /// <summary>Stacks are numbered anew.</summary>
    public void Begin(TraceGeneration generation)
    {
        _generation = generation;
        if (_resolved.Length <= generation.StackCount) _resolved = new ResolvedStack[generation.StackCount + 1];
        else Array.Clear(_resolved);
    }

    /// <summary>The place of a stack of the present generation.</summary>
    public int Site(int stack)
    {
        if (stack == 0) return 0;
        ref ResolvedStack resolved = ref _resolved[stack];
        return resolved.IsKnown ? resolved.Site : Resolve(stack).Site;
    }

    /// <summary>The outermost function of a stack, where its goroutine began; a number of <see cref="TraceNames"/>.</summary>
    public int Outermost(int stack) => stack == 0 ? 0 : Resolve(stack).Outermost;

    /// <summary>The innermost function of a stack.</summary>
    public int Innermost(int stack) => stack == 0 ? 0 : Resolve(stack).Innermost;

    public ImmutableArray<CodeLocation> Frames(int site) => [.. _sites[site].Select(Location)];

    /// <summary>Who calls there.</summary>
    public SiteCallers Callers(int site) => new([.. _callers[site].First.Select(Location)], _callers[site].HasOthers);

    /// <summary>All frames of a stack of the present generation, as far as the reader keeps them.</summary>
    public ImmutableArray<CodeLocation> Stack(int stack)
    {
        int depth = Math.Min(_generation!.ReadStack(stack, _frames), _frames.Length);
        return [.. _frames.Take(depth).Select(Location)];
    }

    private CodeLocation Location(TraceFrame frame) => new(names[frame.Function], names[frame.File], frame.Line);

    private ref ResolvedStack Resolve(int stack)
    {
        ref ResolvedStack resolved = ref _resolved[stack];
        if (!resolved.IsKnown) resolved = Read(stack);
        return ref resolved;
    }

    private ResolvedStack Read(int stack)
    {
        int depth = Math.Min(_generation!.ReadStack(stack, _frames), _frames.Length);
        // Some stacks of the runtime's own are a single frame without a function.
        if (depth == 0 || _frames[0].Function == TraceNames.Empty) return new ResolvedStack(true, 0, 0, 0);
        int length = 0;
        while (length < depth && length < MaxFrames && IsLibrary(_frames[length].Function)) length++;
        length = length < depth && length < MaxFrames ? length + 1 : Math.Min(depth, MaxFramesOfLibrary);
        int site = Number(_frames.AsSpan(0, length));
        AddCallers(site, _frames.AsSpan(length, Math.Min(depth - length, MaxCallers)));
        return new ResolvedStack(true, site, _frames[0].Function, _frames[depth - 1].Function);
    }

    /// <summary>The first ones seen stand for all; that there are others is kept.</summary>
    private void AddCallers(int site, ReadOnlySpan<TraceFrame> frames)
    {
        if (site == 0) return;
        if (site == _callers.Count)
        {
            _callers.Add((frames.ToArray(), false));
            return;
        }

        (TraceFrame[] first, bool hasOthers) = _callers[site];
        if (hasOthers) return;
        bool isSame = first.Length == 0 ? frames.IsEmpty : !frames.IsEmpty && frames[0].Function == first[0].Function && frames[0].Line == first[0].Line;
        if (!isSame) _callers[site] = (first, true);
    }

    private int Number(ReadOnlySpan<TraceFrame> frames)
    {
        long hash = _seed;
        foreach (TraceFrame frame in frames)
        {
            hash = (hash ^ (((long)frame.Function << 32) | (uint)frame.Line)) * unchecked((long)0x9e3779b97f4a7c15);
            hash ^= hash >>> 29;
        }

        ref int site = ref _byHash.Add(hash, out bool existed);
        if (existed) return site;
        if (_sites.Count >= MaxSites)
        {
            _byHash.Remove(hash);
            return 0;
        }

        site = _sites.Count;
        _sites.Add(frames.ToArray());
        return site;
    }

    private bool IsLibrary(int function)
    {
        ref bool isLibrary = ref _isLibrary.Add(function, out bool existed);
        if (!existed) isLibrary = IsLibrary(names[function]);
        return isLibrary;
    }

    /// <param name="function">e.g. <c>net/http.(*conn).serve</c>.</param>
    private static bool IsLibrary(ReadOnlySpan<char> function)
    {
        int receiver = function.IndexOfAny('(', '[');
        ReadOnlySpan<char> path = receiver < 0 ? function : function[..receiver];
        int end = path.IndexOfAny('/', '.');
        // Assembly and C have no package. A module's path has a dot in its first element: "go.uber.org/zap".
        if (end < 0) return true;
        if (path[end] == '.' && path.Contains('/')) return false;
        return Library.GetAlternateLookup<ReadOnlySpan<char>>().Contains(path[..end]);
    }

    private readonly record struct ResolvedStack(bool IsKnown, int Site, int Innermost, int Outermost);
}
