using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Control.Capture;

public sealed class StackCaptureTests
{
    [Fact]
    public void Goroutines_become_samples_by_stack_state_and_labels()
    {
        GoroutineRow waiting = new(1, GoroutineState.Waiting, 1, 0, 0, 1, 0, 0, false);
        GoroutineTable table = new()
        {
            Locations = [new CodeLocation("main.main", "/src/main.go", 10), new CodeLocation("main.serve", "/src/shop.go", 33)],
            WaitReasons = ["", "chan receive"],
            Stacks = [[1, 0]],
            Rows =
            [
                waiting, waiting with { Id = 2 }, waiting with { Id = 3, Labels = 1 }, waiting with { Id = 4, Labels = -1 },
                waiting with { Id = 5, State = GoroutineState.Running, WaitReason = 0, Stack = -1 },
                waiting with { Id = 6, State = GoroutineState.Running, WaitReason = 0, Stack = -1, StartFunction = -1 },
            ],
            NowNanoseconds = 5,
            Torn = 0,
            SystemGoroutines = 0,
            LabelSets = Reading.Of<ImmutableArray<ImmutableArray<GoroutineLabel>>>([[], [new GoroutineLabel("kind", "mail")]]),
        };
        AnalysedProfile profile = new(StackCapture.ProfileOf(table, DateTimeOffset.UnixEpoch.AddSeconds(3)));
        Assert.Equal(6, profile.Totals(0).Sum);
        Assert.Equal(3_000_000_000, profile.Profile.TimeNanoseconds);
        Assert.Equal([("main.serve", 5, 5), ("(stack not known)", 1, 1), ("main.main", 0, 4)], profile.Functions(0).Select(f => (f.Function, f.Flat, f.Cumulative)));
        Assert.Equal(
            ["kind: mail=1", "state: waiting=4 running=2", "wait_reason: chan receive=4"],
            profile.Labels(0).Select(label => $"{label.Key}: {string.Join(' ', label.Values.Select(value => $"{value.Value}={value.Total}"))}"));
    }
}
