using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Panes.Cpu;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Panes.Profiles;

public sealed class LargeProfileTests
{
    private readonly CpuPane _pane = new();

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, false)]
    [InlineData(2, false)]
    [InlineData(0, true)]
    [InlineData(2, true)]
    public void A_key_press_does_not_work_through_a_large_profile_again(int view, bool compared)
    {
        Observation observation = Observation(128, 88_172_645_463_325_252);
        PaneInput input = new(observation, PaneState.Initial, AppFacts.Empty, 120, 38);
        if (compared) input = input with { Marks = Marks.None.With(Earlier(Observation(90, 977_231))) };
        for (int i = 0; i < view; i++) input = After(input, PaneCommand.NextView);
        input = input with { State = input.State with { Filter = "method1" } };
        GoldenScreens.Draw(_pane, input);
        GoldenScreens.Draw(_pane, After(input, PaneCommand.Down));

        // Any pass over 20,000 stacks allocates megabytes, a frame of 36 rows does not.
        long before = GC.GetAllocatedBytesForCurrentThread();
        input = After(input, PaneCommand.Down);
        GoldenScreens.Draw(_pane, input);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 400_000);
    }

    private static Observation Observation(int second, ulong seed) => ProfileObservations.Of(new ProfileCaptures { Cpu = Reading.Of(LargeProfiles.Cpu(20_000, second, seed)) });

    private static Observation Earlier(Observation observation) => observation with
    {
        Tick = 1,
        Now = observation.Now with { MonotonicNanoseconds = observation.Now.MonotonicNanoseconds - 30_000_000_000 },
    };

    private PaneInput After(PaneInput input, params ReadOnlySpan<PaneCommand> commands)
    {
        foreach (PaneCommand command in commands) input = input with { State = _pane.Handle(command, input) };
        return input;
    }
}
