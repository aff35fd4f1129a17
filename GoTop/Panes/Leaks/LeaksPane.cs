using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Goroutines;
using GoTop.Widgets;

namespace GoTop.Panes.Leaks;

/// <summary>
/// Goroutines that never end: suspects, by their growth since the mark or since watching began, and the proven ones, when the
/// runtime has been asked.
/// </summary>
public sealed class LeaksPane : GoroutineListPane
{
    private const int SuspectsView = 0;
    private const string Cost = "It makes the service run a garbage collection with a search through all goroutines: about 100 ms of work at 100,000 of them, beside which it goes on.";

    private readonly LastResult<(SameObject Now, SameObject Then, SameObject Marks, string Remark, string Filter, int Sort, bool Inverted), SuspectRows> _suspects = new();
    private readonly LastResult<SameObject, LeakedStacks> _stacks = new();
    private readonly LastResult<(SameObject Stacks, string Filter, int Sort, bool Inverted), LeakedRows> _leaked = new();

    public override string Id => "leaks";

    public override string Title => "Leaks";

    public override ImmutableArray<string> Views { get; } = ["suspects", "proven"];

    private protected override bool HasPreview(int view) => true;

    private protected override ListOrNotice List(PaneInput input)
    {
        if (input.Observation is not { } observation) return NoticeView.NoObservation;
        return input.State.View == SuspectsView ? Suspects(input, observation) : Proven(input, observation);
    }

    private ListOrNotice Suspects(PaneInput input, Observation observation)
    {
        Snapshot now = observation.Now;
        if (!now.Groups.HasValue) return NoticeView.Absent(now.Groups, "goroutines", now);
        Comparison moments = input.Comparison ?? Marks.Between(input.First ?? observation, observation);
        if (!moments.Then.Now.Groups.HasValue || !moments.Now.Now.Groups.HasValue) return NoticeView.Absent(moments.Then.Now.Groups, "goroutines at the moment compared with", moments.Then.Now);
        PaneState state = input.State;
        string remark = Answer(now.Profiles[ProfileKind.GoroutineLeak], input.LeakWish);
        return ListOrNotice.Of(_suspects.Get(
            (new SameObject(moments.Now), new SameObject(moments.Then), new SameObject(input.Marks), remark, state.Filter, state.SortColumn, state.Inverted),
            (moments, input.Marks, remark, state),
            static made => SuspectRows.Of(made.moments, made.Marks, made.remark, made.state)));
    }

    /// <summary>What has come of the question to the runtime, which may be asked from here too.</summary>
    private string Answer(Reading<ProfileFigure> reading, LeakWish wish)
    {
        if (reading.TryGet(out ProfileFigure? figure))
        {
            LeakedStacks stacks = _stacks.Get(new SameObject(figure), figure, static made => LeakedStacks.Of(made.Profile.Profile));
            return stacks.Total == 0 ? "the runtime finds none leaked (v)" : $"proven leaked: {Figures.Counted(stacks.Total, "goroutine")} (v)";
        }

        if (wish.Requests == 0) return "a suspicion: v has what the runtime can prove";
        return reading.State == ReadingState.NotYet ? "the runtime is asked: v has its answer" : "the runtime does not tell: v says why";
    }

    private ListOrNotice Proven(PaneInput input, Observation observation)
    {
        Reading<ProfileFigure> reading = observation.Now.Profiles[ProfileKind.GoroutineLeak];
        if (!reading.TryGet(out ProfileFigure? figure)) return Unproven(reading, observation.Now, input.LeakWish);
        PaneState state = input.State;
        LeakedStacks stacks = _stacks.Get(new SameObject(figure), figure, static made => LeakedStacks.Of(made.Profile.Profile));
        return ListOrNotice.Of(_leaked.Get(
            (new SameObject(stacks), state.Filter, state.SortColumn, state.Inverted),
            (stacks, figure, observation, reading.Reason, state),
            static made => LeakedRows.Of(made.stacks, made.figure.Capture, made.observation, made.Reason, made.state)));
    }

    /// <summary>What to press, and what it costs, before it is pressed; afterwards why there is no answer.</summary>
    private static NoticeView Unproven(Reading<ProfileFigure> reading, Snapshot now, LeakWish wish) => reading.State switch
    {
        ReadingState.NotYet when wish.Requests == 0 => new NoticeView(
            Tone.Accent, "t asks the runtime which goroutines nothing can wake any more", Cost,
            "Go 1.27 serves it with its pprof pages (/debug/pprof/goroutineleak), Go 1.26 when built with GOEXPERIMENT=goroutineleakprofile. The suspects (v) need nothing of the service.", []),
        ReadingState.NotYet => new NoticeView(Tone.Accent, "Asked which goroutines are leaked", reading.Reason, "! asks even though the target is in trouble, t once more.", []),
        ReadingState.NotSupported => new NoticeView(
            Tone.Warning, "This service does not tell which goroutines are leaked", reading.Reason,
            "Go 1.27 serves it with its pprof pages, Go 1.26 when built with GOEXPERIMENT=goroutineleakprofile. The suspects (v) need nothing of the service.", []),
        _ => NoticeView.Absent(reading, "proven leaks", now),
    };
}
