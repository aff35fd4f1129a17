using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;
using GoTop.Panes.Leaks;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes;

public sealed class LeaksPaneTests
{
    private readonly LeaksPane _pane = new();

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(40, 10)]
    public void Suspects_are_what_has_grown_since_watching_began_or_since_the_mark(int width, int height)
    {
        PaneInput input = Input(width, height) with { First = Observations.LeakJustAttached };
        Check($"leaks-{width}x{height}-suspects", input);
        Check($"leaks-{width}x{height}-suspects-marked", input with { Marks = Marks.None.With(Observations.LeakJustAttached) });
        Check($"leaks-{width}x{height}-suspects-none", input with { First = Observations.Leak });
        Check($"leaks-{width}x{height}-suspect-open", After(input, PaneCommand.Open));
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    [InlineData(40, 10)]
    public void The_cost_is_said_before_the_runtime_is_asked_and_its_answer_shown_after(int width, int height)
    {
        PaneInput input = After(Input(width, height), PaneCommand.NextView);
        Check($"leaks-{width}x{height}-unasked", input);
        Check($"leaks-{width}x{height}-asked", With(Reading.NotYet<ProfileFigure>("held back: GC takes 40 % of the CPU"), input) with { LeakWish = LeakWish.None.Ask(Observations.Leak, force: false) });
        Check($"leaks-{width}x{height}-unsupported", With(Reading.NotSupported<ProfileFigure>("the service answers 404: Unknown profile"), input));
        PaneInput proven = With(Reading.Of(Leaked()), input);
        Check($"leaks-{width}x{height}-proven", proven);
        Check($"leaks-{width}x{height}-proven-open", After(proven, PaneCommand.Open));
    }

    [Fact]
    public void Among_the_suspects_it_is_told_what_came_of_the_question()
    {
        PaneInput input = Input(120, 38) with { First = Observations.LeakJustAttached };
        Check("leaks-120x38-suspects-asked", input with { LeakWish = LeakWish.None.Ask(Observations.Leak, force: false) });
        Check("leaks-120x38-suspects-answered", With(Reading.Of(Leaked()), input) with { LeakWish = LeakWish.None.Ask(Observations.Leak, force: false) });
    }

    [Fact]
    public void The_wish_is_handed_on_once_asked_and_consent_holds_for_one_answer_alone()
    {
        Observation asked = Observations.Leak;
        Assert.Equal(Interest.None, LeakWish.None.AddTo(Interest.None, asked));
        LeakWish wish = LeakWish.None.Ask(asked, force: false).Ask(asked, force: true);
        Assert.Equal(new Interest { LeakRequest = 2, Force = true }, wish.AddTo(Interest.None, asked));
        Assert.Equal(new Interest { LeakRequest = 2 }, wish.AddTo(Interest.None, Later(asked, 31)));
        ProfileCaptures answered = ProfileCaptures.None.With(ProfileKind.GoroutineLeak, Reading.Of(Leaked().Capture with { ReadAtNanoseconds = asked.Now.MonotonicNanoseconds + 1 }));
        Observation after = Later(asked, 1);
        after = after with { Now = after.Now with { Facts = after.Now.Facts with { ProfileCaptures = answered } } };
        Assert.False(wish.AddTo(Interest.None, after).Force);
    }

    [Fact]
    public void Enter_opens_a_suspects_group_and_a_leaked_stack_and_escape_leaves_it()
    {
        PaneInput input = Input(120, 38) with { First = Observations.LeakJustAttached };
        PaneInput group = After(input, PaneCommand.Open);
        Assert.Equal(Observations.Leak.Now.Groups.Value[0].Key, _pane.Interest(group).Stacks);
        Assert.Equal(input.State, After(group, PaneCommand.Back).State);
        PaneInput proven = With(Reading.Of(Leaked()), After(input, PaneCommand.NextView));
        PaneInput stack = After(proven, PaneCommand.Down, PaneCommand.Open);
        Assert.Equal("12 leaked goroutines", _pane.Build(stack).Title);
        Assert.Equal(stack.State, After(stack, PaneCommand.Open).State);
    }

    private static Observation Later(Observation observation, int seconds) =>
        observation with { Now = observation.Now with { MonotonicNanoseconds = observation.Now.MonotonicNanoseconds + (seconds * 1_000_000_000L) } };

    private static ProfileFigure Leaked()
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutineleak", "count"));
        builder.AddSample(
            [
                new("runtime.gopark", "/usr/local/go/src/runtime/proc.go", 460), new("runtime.chansend", "/usr/local/go/src/runtime/chan.go", 283),
                new("runtime.chansend1", "/usr/local/go/src/runtime/chan.go", 161),
                new("github.com/acme/order-api/internal/orders.(*Publisher).publish", "/src/order-api/internal/orders/publisher.go", 62),
                new("github.com/acme/order-api/internal/orders.(*Handler).Create.func1", "/src/order-api/internal/orders/handler.go", 91),
            ],
            [4471]);
        builder.AddSample(
            [
                new("runtime.gopark", "/usr/local/go/src/runtime/proc.go", 460), new("runtime.semacquire1", "/usr/local/go/src/runtime/sema.go", 192),
                new("sync.(*WaitGroup).Wait", "/usr/local/go/src/sync/waitgroup.go", 118),
                new("github.com/acme/order-api/internal/queue.(*Worker).drain", "/src/order-api/internal/queue/queue.go", 93),
            ],
            [12]);
        ProfileCapture capture = new()
        {
            Kind = ProfileKind.GoroutineLeak,
            TakenAt = Observations.Leak.Now.Time.AddSeconds(-42),
            ReadAtNanoseconds = Observations.Leak.Now.MonotonicNanoseconds - 42_000_000_000,
            Seconds = 0,
            TookMilliseconds = 12.5,
            CostToTarget = "runs a GC cycle",
            Content = [],
        };
        return new ProfileFigure(capture, new AnalysedProfile(builder.Build()), null);
    }

    private static PaneInput Input(int width, int height) => new(Observations.Leak, PaneState.Initial, AppFacts.Empty, width, height);

    private static PaneInput With(Reading<ProfileFigure> leaked, PaneInput input)
    {
        ImmutableArray<ProfileFigures.Outcome> kinds =
            [.. ProfileCaptures.Kinds.Select(kind => kind == ProfileKind.GoroutineLeak ? new ProfileFigures.Outcome(leaked.ValueOr(null)?.Capture, leaked) : default)];
        Observation observation = input.Observation!;
        return input with { Observation = observation with { Now = observation.Now with { Profiles = new ProfileFigures(kinds) } } };
    }

    private PaneInput After(PaneInput input, params PaneCommand[] commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }

    private void Check(string name, PaneInput input) => GoldenScreens.AssertSame(name, GoldenScreens.Draw(_pane, input).ToString());
}
