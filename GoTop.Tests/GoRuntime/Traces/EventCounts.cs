using System.Text.Json;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Counts events as the golden files do, and remembers their order as a checksum.</summary>
internal sealed class EventCounts : ITraceSink
{
    private readonly SortedDictionary<string, long> _counts = new(StringComparer.Ordinal);
    private readonly TraceFrame[] _frames = new TraceFrame[TraceLimits.MaxFrames];
    private readonly Dictionary<(string, int), long> _byName = [];
    private TraceGeneration? _generation;
    private TraceClockSnapshot? _clock;
    private long _first;
    private long _last = long.MinValue;
    private HashCode _order;

    public long Events { get; private set; }

    public int Generations { get; private set; }

    public long ExperimentalBatches { get; private set; }

    /// <summary>Function names of stacks, to see that they resolve.</summary>
    public HashSet<int> Functions { get; } = [];

    public int Order => _order.ToHashCode();

    public void OnGeneration(TraceGeneration generation)
    {
        _generation = generation;
        _clock ??= generation.Clock;
        Generations++;
        ExperimentalBatches += generation.ExperimentalBatches;
    }

    public void OnEvents(ReadOnlySpan<TraceEvent> events)
    {
        foreach (ref readonly TraceEvent each in events)
        {
            Events++;
            if (_first == 0) _first = each.TimeNanoseconds;
            if (each.TimeNanoseconds <= _last) throw new InvalidOperationException($"time goes back at event {Events}");
            _last = each.TimeNanoseconds;
            _order.Add(HashCode.Combine(each.Kind, each.TimeNanoseconds, each.Id, each.Thread, each.Proc, each.Goroutine, each.Value));
            Count($"kind {each.Kind}");
            if (each.Kind == TraceEventKind.StateTransition) Count($"{each.Resource} {each.From}->{each.To}");
            if (each.Kind == TraceEventKind.TaskBegin) CountName("task", each.Name);
            if (each.Kind == TraceEventKind.Label) CountName("label", each.Name);
            if (each.Stack == 0) continue;
            int depth = _generation!.ReadStack(each.Stack, _frames);
            foreach (TraceFrame frame in _frames.AsSpan(0, depth)) Functions.Add(frame.Function);
        }
    }

    /// <summary>One line for each figure.</summary>
    public string Describe(TraceNames names)
    {
        List<string> lines = [$"events {Events}", $"first {_first}", $"last {_last}", .. _counts.Select(count => $"{count.Key} {count.Value}")];
        lines.AddRange(_byName.Select(count => $"{count.Key.Item1} {names[count.Key.Item2]} {count.Value}"));
        if (_clock is { } clock) lines.Add($"clock trace={clock.TraceNanoseconds} mono={clock.MonotonicNanoseconds} wall={clock.WallNanoseconds}");
        return Sorted(lines);
    }

    /// <summary>The same lines out of a golden file.</summary>
    public static string Describe(JsonElement golden)
    {
        List<string> lines = [$"events {golden.GetProperty("events")}", $"first {golden.GetProperty("firstNs")}", $"last {golden.GetProperty("lastNs")}"];
        foreach ((string property, string key) in (ReadOnlySpan<(string, string)>)[("eventKinds", "kind"), ("goTransitions", "Goroutine"), ("procTransitions", "Proc"), ("tasksBegun", "task"), ("labels", "label")])
        {
            if (golden.TryGetProperty(property, out JsonElement counts)) lines.AddRange(counts.EnumerateObject().Select(count => $"{key} {count.Name} {count.Value}"));
        }

        if (golden.TryGetProperty("clockSnapshot", out JsonElement clock)) lines.Add($"clock {clock.GetString()}");
        return Sorted(lines);
    }

    private static string Sorted(List<string> lines)
    {
        lines.Sort(StringComparer.Ordinal);
        return string.Join('\n', lines);
    }

    private void Count(string key) => _counts[key] = _counts.GetValueOrDefault(key) + 1;

    private void CountName(string key, int name) => _byName[(key, name)] = _byName.GetValueOrDefault((key, name)) + 1;
}
