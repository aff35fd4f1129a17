using System.Globalization;
using GoTop.Engine.GoRuntime;
using GoTop.Engine.GoRuntime.Memory;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources.RuntimeMemory;

/// <summary>
/// The Go runtime of a local process, read from its memory: needs nothing of the service, and does not stop it. A
/// reading of 100,000 goroutines is tens of milliseconds of work; the sampler keeps it off its own task.
/// </summary>
public sealed class RuntimeMemorySource : ISource
{
    public const string SourceName = "memory";

    private const int RefusalsBelieved = 5;

    private readonly IPlatform _platform;
    private readonly ProcessKey _process;
    private FileStream? _executable;
    private ProcessMemory? _memory;
    private GoRuntimeReader? _reader;
    private SourceResult? _notSupported;
    private int _refusals;

    public RuntimeMemorySource(IPlatform platform, ProcessKey process)
    {
        _platform = platform;
        _process = process;
    }

    public string Name => SourceName;

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => "no pause";

    /// <summary>Which stacks are walked.</summary>
    public bool FollowsInterest => true;

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation) =>
        ValueTask.FromResult(Read(interest));

    public ValueTask DisposeAsync()
    {
        Close();
        return ValueTask.CompletedTask;
    }

    /// <summary>Whether this source could serve a target: asks for access to the memory, and reads nothing of it.</summary>
    public static SourceStatus Check(TargetContext context)
    {
        if (context.Target.Process is not { } process) return new SourceStatus(SourceName, SourceState.NotSupported, "the target is not a process of this machine", null);
        if (context.Target.Build is { State: ReadingState.NotSupported or ReadingState.Failed } build) return StatusOf(build);
        Reading<ProcessMemory> opened = context.Platform.OpenMemory(process);
        if (!opened.TryGet(out ProcessMemory? memory)) return StatusOf(opened);
        memory.Reader.Dispose();
        return new SourceStatus(SourceName, SourceState.Ok, null, null);
    }

    public static ISource? Create(TargetContext context) =>
        context.Target.Process is { } process ? new RuntimeMemorySource(context.Platform, process) : null;

    private static SourceStatus StatusOf<T>(Reading<T> absent) => new(SourceName, LocalTarget.StateOf(absent.State), absent.Reason, null);

    private static SourceResult Not<T>(Reading<T> absent) => SourceResult.Not(LocalTarget.StateOf(absent.State), absent.Reason ?? "it could not be read");

    private SourceResult Read(Interest interest)
    {
        try
        {
            if (_notSupported is not null) return _platform.IsAlive(_process) ? _notSupported : Ended();
            if (_reader is null)
            {
                Reading<GoRuntimeReader> opened = Open();
                if (!opened.TryGet(out _reader))
                {
                    Close();
                    if (!_platform.IsAlive(_process)) return Ended();
                    // What the executable lacks it will not get; a refusal or a failure may pass.
                    // Seen at its very start, a position-independent program has not filled in its tables yet.
                    if (opened.State == ReadingState.NotSupported && ++_refusals >= RefusalsBelieved) _notSupported = Not(opened);
                    return Not(opened);
                }
            }

            RuntimeCounters counters = _reader.ReadCounters();
            Reading<GoThreadTable> threads = _reader.ReadThreads();
            Reading<GoroutineTable> goroutines = _reader.ReadGoroutines(interest);
            // A process id may have passed to another process between two readings.
            if (!_platform.IsAlive(_process)) return Ended();
            if (!counters.Goroutines.HasValue && goroutines.TryGet(out GoroutineTable? table))
            {
                counters = counters with { Goroutines = Reading.Of(table.Rows.Length + (long)table.BeyondCap) };
            }

            return SourceResult.Ok(new SampleFacts { Runtime = counters, Goroutines = goroutines, GoThreads = threads });
        }
        catch (ProcessGoneException)
        {
            return Ended();
        }
        catch (UnauthorizedAccessException denied)
        {
            Close();
            return SourceResult.Not(SourceState.Denied, denied.Message);
        }
        catch
        {
            // The next reading opens anew: what is half open must not stay so.
            Close();
            throw;
        }
    }

    private Reading<GoRuntimeReader> Open()
    {
        Reading<ExecutablePath> path = _platform.Executable(_process);
        if (!path.TryGet(out ExecutablePath executable)) return path.Absent<GoRuntimeReader>();
        Reading<ProcessMemory> memory = _platform.OpenMemory(_process);
        if (!memory.TryGet(out _memory)) return memory.Absent<GoRuntimeReader>();
        // Others may replace or delete the file while we watch the process.
        _executable = new FileStream(executable.OpenPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        return GoRuntimeReader.Open(_executable, _memory.Reader, _memory.ExecutableBase, _platform.RuntimeClockNanoseconds);
    }

    private SourceResult Ended()
    {
        Close();
        return SourceResult.Not(SourceState.Failed, string.Create(CultureInfo.InvariantCulture, $"process {_process.ProcessId} has ended")) with { TargetEnded = true };
    }

    private void Close()
    {
        _reader = null;
        _memory?.Reader.Dispose();
        _memory = null;
        _executable?.Dispose();
        _executable = null;
    }
}
