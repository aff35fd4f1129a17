using System.Collections.Immutable;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Counts samples of the processors by the code they were found in.</summary>
internal sealed class SampleTotals
{
    private const int MaxPlaces = 1_000_000;

    // Images may be told after their samples, at the log's end; so places are kept and looked up then.
    private readonly Dictionary<(int Process, ulong Address), long> _places = [];
    private readonly Dictionary<int, long> _byProcess = [];
    private long _count, _withStack, _unlisted;

    public void Add(in KernelEvent sample, ReadOnlySpan<ulong> kernel, ReadOnlySpan<ulong> user)
    {
        _count++;
        if (kernel.Length + user.Length > 1) _withStack++;
        _byProcess[sample.Process] = _byProcess.GetValueOrDefault(sample.Process) + 1;
        ulong address = !kernel.IsEmpty ? kernel[0] : !user.IsEmpty ? user[0] : 0;
        (int, ulong) place = (sample.Process, address);
        if (_places.TryGetValue(place, out long count)) _places[place] = count + 1;
        else if (_places.Count < MaxPlaces) _places.Add(place, 1);
        else _unlisted++;
    }

    /// <summary>Null where there were no samples at all.</summary>
    public long? Of(int process) => _count == 0 ? null : _byProcess.GetValueOrDefault(process);

    public ImmutableArray<int> Processes => [.. _byProcess.Keys];

    public SampleFigures? Figures(ImageMap images, ProcessTable processes, int mostModules)
    {
        if (_count == 0) return null;
        Dictionary<(int Process, string Module), long> modules = [];
        foreach (((int process, ulong address), long count) in _places)
        {
            string module = images.Find(process, address)?.Name is { Length: > 0 } name ? name : KernelOrUnknown(address);
            modules[(process, module)] = modules.GetValueOrDefault((process, module)) + count;
        }

        return new SampleFigures(
            _count, _withStack, _unlisted,
            [
                .. modules.OrderByDescending(one => one.Value).ThenBy(one => one.Key.Process).ThenBy(one => one.Key.Module, StringComparer.Ordinal).Take(mostModules)
                    .Select(one => new ModuleSamples(one.Key.Process, processes.NameOf(one.Key.Process), one.Key.Module, one.Value)),
            ]);
    }

    private static string KernelOrUnknown(ulong address) => PendingSamples.IsKernel(address, is64Bit: true) ? "(kernel)" : "(unknown)";
}
