using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Bench.Engine;

/// <summary>What gotop does with a target on each tick, called one after another in this process.</summary>
internal sealed class WatchedProcess : IDisposable
{
    private readonly TimeProvider _time;
    private readonly TargetIdentity _target;
    private readonly ISource[] _sources;
    private readonly ProcessMemory _memory;
    private readonly FileStream _executable;
    private readonly Derivation _derivation = new();

    public WatchedProcess(int processId, string name, TimeProvider time)
    {
        _time = time;
        IPlatform platform = HostPlatform.Detect(time);
        ProcessKey process = platform.FindProcess(processId).Value;
        _target = new TargetIdentity { Name = name, Process = process };
        TargetContext context = new(_target, platform, TargetSettings.Default, time);
        _sources = [.. SourceCatalog.All.Select(entry => entry.Create(context)).OfType<ISource>()];
        _memory = platform.OpenMemory(process).Value;
        _executable = File.OpenRead(platform.Executable(process).Value.OpenPath);
        Runtime = OpenRuntime();
    }

    public GoRuntimeReader Runtime { get; }

    /// <summary>What attaching costs: executable, symbols, type descriptors, code.</summary>
    public GoRuntimeReader OpenRuntime() => GoRuntimeReader.Open(_executable, _memory.Reader, _memory.ExecutableBase, _time.MonotonicNanoseconds).Value;

    /// <summary>Reads every source and derives the observation that a screen would show.</summary>
    public async Task<Observation> TickAsync(CancellationToken cancellation)
    {
        SampleFacts facts = SampleFacts.None;
        foreach (ISource source in _sources) facts = facts.Or((await source.ReadAsync(Interest.None, cancellation)).Facts);
        Sample sample = new() { Time = _time.GetUtcNow(), MonotonicNanoseconds = _time.MonotonicNanoseconds(), Target = _target, Facts = facts, Sources = [] };
        return _derivation.Next(sample, tickMilliseconds: 0);
    }

    public void Dispose()
    {
        foreach (ISource source in _sources) source.DisposeAsync().AsTask().GetAwaiter().GetResult();
        _memory.Reader.Dispose();
        _executable.Dispose();
    }
}
