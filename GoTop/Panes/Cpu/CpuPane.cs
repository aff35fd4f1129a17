using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;

namespace GoTop.Panes.Cpu;

/// <summary>Where CPU time goes, by function, by line and as a flame graph; refreshed with each profile while it is shown.</summary>
public sealed class CpuPane : ProfilePane
{
    private readonly LastResult<(SameObject Profile, SameObject Then, int Type, CodeOrigins Origins), string> _verdict = new();

    public override string Id => "cpu";

    public override string Title => "CPU";

    protected override ProfileKind Kind => ProfileKind.Cpu;

    protected override string What => "CPU profile";

    protected override ImmutableArray<ProfileMeasure> Measures { get; } = [new("cpu", "CPU time", Unit.Nanoseconds)];

    protected override string NoSamples => "The service used no CPU time while it was watched, or too little for a sample of 10 ms.";

    internal override ProfileHead Head(Snapshot now, ShownProfile shown) => CpuWords.Head(now, shown) with
    {
        Verdict = _verdict.Get(
            (new SameObject(shown.Unfiltered), new SameObject(shown.IsMarked ? shown.Then?.Profile : null), shown.Type, shown.Origins), shown, CpuWords.Verdict),
    };
}
