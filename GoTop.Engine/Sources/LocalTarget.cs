using GoTop.Engine.Model;

namespace GoTop.Engine.Sources;

/// <summary>What the sources of local facts say of a target that is only known by its address.</summary>
internal static class LocalTarget
{
    /// <summary>Ok for a process of this machine.</summary>
    public static SourceStatus Check(string name, TargetContext context) => context.Target.Process is null
        ? new SourceStatus(name, SourceState.NotSupported, "the target is known by its address only; name a process of this machine", CostMilliseconds: null)
        : new SourceStatus(name, SourceState.Ok, Reason: null, CostMilliseconds: null);

    public static SourceState StateOf(ReadingState state) => state switch
    {
        ReadingState.Present => SourceState.Ok,
        ReadingState.NotYet => SourceState.NotYet,
        ReadingState.Stale => SourceState.Stale,
        ReadingState.NotSupported => SourceState.NotSupported,
        ReadingState.Denied => SourceState.Denied,
        _ => SourceState.Failed,
    };

    /// <summary>A source's result from the one fact it reads, keeping the fact's reason where it is absent.</summary>
    public static SourceResult Result<T>(Reading<T> reading, SampleFacts facts) => new(facts, StateOf(reading.State), reading.Reason);
}
