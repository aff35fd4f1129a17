using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;

namespace GoTop.Panes.Heap;

/// <summary>What is in use on the heap and what was allocated since the start, by where it was allocated.</summary>
public sealed class HeapPane : ProfilePane
{
    private readonly LastResult<(SameObject Profile, SameObject Then, int Type, CodeOrigins Origins), string> _verdict = new();

    public override string Id => "heap";

    public override string Title => "Heap";

    protected override ProfileKind Kind => ProfileKind.Heap;

    protected override string What => "heap profile";

    protected override bool ComparesWithPrevious => true;

    protected override ImmutableArray<ProfileMeasure> Measures { get; } =
    [
        new("inuse_space", "bytes in use", Unit.Bytes),
        new("inuse_objects", "objects in use", Unit.Count),
        new("alloc_space", "bytes allocated since start", Unit.Bytes),
        new("alloc_objects", "objects allocated since start", Unit.Count),
    ];

    protected override string NoSamples => "No allocation has been sampled: the service has allocated next to nothing, or its runtime.MemProfileRate is 0.";

    internal override ProfileHead Head(Snapshot now, ShownProfile shown) => HeapWords.Head(now, shown) with
    {
        Verdict = _verdict.Get(
            (new SameObject(shown.Unfiltered), new SameObject(shown.Then?.Profile), shown.Type, shown.Origins), shown, HeapWords.Verdict),
    };
}
