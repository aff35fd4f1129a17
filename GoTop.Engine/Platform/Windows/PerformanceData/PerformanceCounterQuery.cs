using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform.Windows.PerformanceData;

/// <summary>PerfMon's counters (PDH). A path that cannot be added now is tried again at each reading: instances come and go.</summary>
internal sealed class PerformanceCounterQuery(IPerformanceData data, ImmutableArray<string> paths) : ICounterQuery
{
    private readonly nint[] _counters = new nint[paths.Length];
    private readonly bool[] _isAdded = new bool[paths.Length];

    public ImmutableArray<SystemCounter> Read()
    {
        uint[] added = new uint[paths.Length];
        for (int i = 0; i < paths.Length; i++)
        {
            if (_isAdded[i]) continue;
            added[i] = data.Add(paths[i], out _counters[i]);
            _isAdded[i] = added[i] == PdhStatus.Success;
        }

        uint collected = _isAdded.Contains(true) ? data.Collect() : PdhStatus.Success;
        return [.. paths.Select((path, i) => new SystemCounter(path, !_isAdded[i] ? PdhStatus.Why(added[i]) : collected != PdhStatus.Success ? PdhStatus.Why(collected) : Value(_counters[i])))];
    }

    public void Dispose() => data.Dispose();

    private Reading<double> Value(nint counter)
    {
        uint status = data.Format(counter, out uint counterStatus, out double value);
        if (status != PdhStatus.Success) return PdhStatus.Why(status);
        if (counterStatus is not (PdhStatus.ValidData or PdhStatus.NewData)) return PdhStatus.Why(counterStatus);
        return double.IsFinite(value) ? Reading.Of(value) : Reading.Failed<double>("the system gave no number");
    }
}
