using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Etw.Providers;

/// <summary>Counts a service's own events and sums the numbers in them. The service may make up any number of names.</summary>
internal sealed class ProviderEventTally
{
    private const int MaxKinds = 64;
    private const int MaxFields = 16;
    private const int MaxNameChars = 120;
    private const string Others = "(other kinds)";

    private readonly Lock _lock = new();
    private readonly SortedDictionary<string, Kind> _kinds = new(StringComparer.Ordinal);
    private long _others, _lost;

    /// <param name="numbers">Fields that are numbers, in their order.</param>
    public void Add(string provider, string name, IReadOnlyList<(string Field, double Value)> numbers)
    {
        string title = PlainText.Clean($"{provider}/{name}", MaxNameChars);
        lock (_lock)
        {
            if (!_kinds.TryGetValue(title, out Kind? kind))
            {
                if (_kinds.Count == MaxKinds)
                {
                    _others++;
                    return;
                }

                _kinds.Add(title, kind = new Kind());
            }

            kind.Count++;
            foreach ((string field, double value) in numbers)
            {
                if (!double.IsFinite(value)) continue;
                if (kind.Fields.TryGetValue(field, out FieldSum? sum)) sum.Add(value);
                else if (kind.Fields.Count < MaxFields) kind.Fields.Add(field, new FieldSum(value));
            }
        }
    }

    public void AddLost(long count)
    {
        lock (_lock) _lost += count;
    }

    /// <param name="seconds">Since the last call; more than 0.</param>
    public ImmutableArray<SystemCounter> Take(double seconds)
    {
        ImmutableArray<SystemCounter>.Builder counters = ImmutableArray.CreateBuilder<SystemCounter>();
        lock (_lock)
        {
            foreach ((string title, Kind kind) in _kinds)
            {
                counters.Add(new SystemCounter($"{title}: events/s", Reading.Of(kind.Count / seconds)));
                kind.Count = 0;
                foreach ((string field, FieldSum sum) in kind.Fields)
                    counters.Add(new SystemCounter($"{title}: mean {PlainText.Clean(field, MaxNameChars)}", sum.Take()));
            }

            if (_others > 0) counters.Add(new SystemCounter($"{Others}: events/s", Reading.Of(_others / seconds)));
            if (_lost > 0) counters.Add(new SystemCounter("events of the service's own providers lost/s", Reading.Of(_lost / seconds)));
            (_others, _lost) = (0, 0);
        }

        return counters.ToImmutable();
    }

    private sealed class Kind
    {
        public long Count { get; set; }

        public SortedDictionary<string, FieldSum> Fields { get; } = new(StringComparer.Ordinal);
    }

    private sealed class FieldSum(double first)
    {
        private double _sum = first;
        private long _count = 1;

        public void Add(double value)
        {
            _sum += value;
            _count++;
        }

        public Reading<double> Take()
        {
            Reading<double> mean = _count == 0 ? Reading.NotYet<double>("no such event came since the last reading") : Reading.Of(_sum / _count);
            (_sum, _count) = (0, 0);
            return mean;
        }
    }
}
