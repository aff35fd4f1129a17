using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Traces;

namespace GoTop.Engine.Analysis.Traces;

public sealed partial class TraceAnalysis
{
    /// <summary>Tasks under way and types of tasks that are followed at most.</summary>
    private const int MaxOpenTasks = 1 << 20, MaxTaskTypes = 2048;

    private readonly NamedDigests _regions = new();
    private readonly NamedDigests _taskLatencies = new();
    private readonly IdMap<long> _tasksBegun = new();
    private readonly IdMap<(int Name, long Since)> _openTasks = new();

    private void OnRegionBegin(in TraceEvent region) =>
        (Goroutine(region.Goroutine).Regions ??= []).Add(new OpenRegion(region.Id, region.Name, region.TimeNanoseconds));

    private void OnRegionEnd(in TraceEvent region)
    {
        if (Goroutine(region.Goroutine).Regions is not { } open) return;
        for (int i = open.Count - 1; i >= 0; i--)
        {
            if (open[i].Task != region.Id || open[i].Name != region.Name) continue;
            _regions[region.Name].Add(region.TimeNanoseconds - open[i].Since);
            open.RemoveAt(i);
            return;
        }
    }

    private void OnTaskBegin(in TraceEvent task)
    {
        ref long begun = ref _tasksBegun.Add(task.Name, out bool existed);
        begun++;
        if (!existed && _tasksBegun.Count > MaxTaskTypes)
        {
            _tasksBegun.Remove(task.Name);
            _tasksBegun.Add(TraceNames.Others, out _)++;
        }

        if (_openTasks.Count < MaxOpenTasks) _openTasks.Add(task.Id, out _) = (task.Name, task.TimeNanoseconds);
    }

    private void OnTaskEnd(in TraceEvent task)
    {
        ref (int Name, long Since) open = ref _openTasks.Find(task.Id);
        if (System.Runtime.CompilerServices.Unsafe.IsNullRef(ref open)) return;
        _taskLatencies[open.Name].Add(task.TimeNanoseconds - open.Since);
        _openTasks.Remove(task.Id);
    }

    private ImmutableArray<TaskDurations> Tasks() =>
    [
        .. _tasksBegun.Entries().Select(entry => new TaskDurations(_names[(int)entry.Key], entry.Value, _taskLatencies.Find((int)entry.Key)?.Summary ?? default))
            .OrderByDescending(each => each.Count).ThenBy(each => each.Type, StringComparer.Ordinal),
    ];
}
