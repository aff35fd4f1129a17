using GoTop.Engine.Model;

namespace GoTop.Engine.Sources;

/// <summary>
/// Reads facts now and nothing else: no rates, no formatting. Called by the sampler from one task at a time, never
/// beside itself. An exception becomes <see cref="SourceState.Failed"/> with its message, so let it fly.
/// </summary>
public interface ISource : IAsyncDisposable
{
    /// <summary>Short and stable: it is shown and stands in JSON. E.g. <c>memory</c>, <c>pprof</c>, <c>process</c>.</summary>
    string Name { get; }

    /// <summary>The shortest time between two readings, zero for each tick; the sampler reads less often when a reading proves dear.</summary>
    TimeSpan Period { get; }

    /// <summary>What a reading costs the target, in words.</summary>
    string CostToTarget { get; }

    /// <summary>Its facts depend on <see cref="Interest"/>, so it is read at once when that changes.</summary>
    bool FollowsInterest => false;

    /// <summary>
    /// The time a reading takes is work, here or in the target, so a long one is a reason to read less often. False for
    /// a source that mostly waits for an answer and slows itself down where its requests are dear.
    /// </summary>
    bool TimeIsCost => true;

    /// <summary>
    /// Whether the target has ended, in words; null while it runs, and from a source that cannot tell for next to nothing. Asked at each
    /// tick, from any thread: a reading may be dear, and then it comes too seldom for something that people are called for.
    /// </summary>
    string? WhetherTargetEnded() => null;

    ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation);
}

/// <summary>What one reading gave. <see cref="State"/> is not <c>Ok</c> only when nothing of use could be read.</summary>
public sealed record SourceResult(SampleFacts Facts, SourceState State, string? Reason)
{
    public static SourceResult Ok(SampleFacts facts) => new(facts, SourceState.Ok, null);

    public static SourceResult Not(SourceState state, string reason) => new(SampleFacts.None, state, reason);

    /// <summary>The target has ended; the reading's reason says how that was seen.</summary>
    public bool TargetEnded { get; init; }

    /// <summary>Of a source whose requests go on beside its readings, and which hands out what the last one gave.</summary>
    public RequestActivity? Requests { get; init; }
}

/// <summary>What stands in the sources list in place of a reading's own figures.</summary>
/// <param name="Cost">How long the last request took; null before the first, when the reading's own time stands.</param>
/// <param name="ReadAtNanoseconds">When the last good one ended, on the sampler's monotonic clock; null before the first.</param>
/// <param name="Every">How often one is made at present; null when none is.</param>
public sealed record RequestActivity(TimeSpan? Cost, long? ReadAtNanoseconds, TimeSpan? Every);

/// <summary>What the person at the screen is looking at, so that dear facts are read only then.</summary>
/// <remarks>A request that has begun goes on to its end, whatever is looked at by then.</remarks>
public sealed record Interest
{
    public static Interest None { get; } = new();

    /// <summary>Read the stacks of all goroutines of this group, not of one of each group only.</summary>
    public GroupKey? Stacks { get; init; }

    /// <summary>Read the stacks of all goroutines, once or for as long as this stands: for snapshots and dumps.</summary>
    public bool AllStacks { get; init; }

    /// <summary>Read the stack of this goroutine.</summary>
    public long? Goroutine { get; init; }

    /// <summary>Read what each goroutine waits on.</summary>
    public bool Waits { get; init; }

    /// <summary>Read profiler labels even where there are very many sets of them.</summary>
    public bool Labels { get; init; }

    /// <summary>Profiles to be kept fresh while this stands.</summary>
    public ProfileKindSet Profiles { get; init; }

    /// <summary>Asks for a trace, once: one higher than ever before; 0 for none.</summary>
    public int TraceRequest { get; init; }

    /// <summary>How long the trace asked for with <see cref="TraceRequest"/> is to be; 0 for the configured length.</summary>
    public int TraceSeconds { get; init; }

    /// <summary>A trace is taken by itself so many seconds after the last one: 0 for never, null for what is configured.</summary>
    public int? TraceEverySeconds { get; init; }

    /// <summary>Collect the kernel's events while this stands: scheduling, cores by process, CPU samples.</summary>
    public bool KernelEvents { get; init; }

    /// <summary>As <see cref="TraceRequest"/>, for a <c>goroutineleak</c> profile, which runs a GC.</summary>
    public int LeakRequest { get; init; }

    /// <summary>The person has confirmed: ask even though the target is in trouble. Its size still counts.</summary>
    public bool Force { get; init; }

    /// <summary>How the target fares, for sources that must not make it worse. Set by the sampler at each reading.</summary>
    public TargetCondition Condition { get; init; } = TargetCondition.Unknown;
}

/// <summary>What makes goroutines one group: where they were made, and what they do.</summary>
public readonly record struct GroupKey(CodeLocation CreatedBy, string StartFunction, GoroutineState State, string WaitReason)
{
    /// <summary>
    /// The group of those that wait and those that the runtime has found leaked: when it is asked for leaks, goroutines pass from
    /// the one state to the other, and that is no growth.
    /// </summary>
    public GroupKey WhetherLeakedOrNot => State == GoroutineState.Leaked ? this with { State = GoroutineState.Waiting } : this;
}
