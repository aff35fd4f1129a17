using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class WaitPlacesTests
{
    private static readonly ImmutableArray<CodeLocation> Locations =
    [
        new("runtime.gopark", "/go/src/runtime/proc.go", 424), new("sync.runtime_SemacquireMutex", "/go/src/runtime/sema.go", 95),
        new("internal/sync.(*Mutex).lockSlow", "/go/src/internal/sync/mutex.go", 149), new("sync.(*Mutex).Lock", "/go/src/sync/mutex.go", 46),
        new("main.(*ledger).book", "/src/main.go", 52), new("main.(*ledger).audit", "/src/main.go", 71), new("runtime.chanrecv1", "/go/src/runtime/chan.go", 506),
        new("main.worker", "/src/main.go", 90),
    ];

    [Fact]
    public void Goroutines_are_counted_by_what_they_wait_for_and_the_callers_place()
    {
        ImmutableArray<WaitPlace> places = WaitPlaces.Of(Table(
            Row(1, 400, 0), Row(1, 700, 0), Row(1, 0, 1), Row(2, 100, 2), Row(2, 0, 2), Row(2, 0, 2), Row(3, 1, 2), Row(0, 0, 0) with { State = GoroutineState.Running }));
        Assert.Equal(3, places.Length);
        Assert.Equal((WaitClass.Receive, "chan receive", 3, 900), (places[0].Class, places[0].Reason, places[0].Count, places[0].OldestNanoseconds));
        Assert.Equal(Locations[7], places[0].Where);
        Assert.Equal((WaitClass.Lock, "sync.Mutex.Lock", 2, 600), (places[1].Class, places[1].Reason, places[1].Count, places[1].OldestNanoseconds));
        Assert.Equal(Locations[4], places[1].Where);
        Assert.Equal("runtime.gopark", places[1].Stack[0].Function);
        Assert.Equal((1, 0, Locations[5]), (places[2].Count, places[2].OldestNanoseconds, places[2].Where));
        Assert.True(places[0].On.IsDefault);
    }

    [Fact]
    public void What_they_wait_on_is_counted_where_it_was_read()
    {
        GoroutineTable table = Table(Row(3, 0, 2), Row(1, 0, 0), Row(1, 0, 0), Row(1, 0, 0), Row(2, 0, 2)) with
        {
            Waits = Reading.Of(new GoroutineWaits
            {
                Objects = [new(0xc010, WaitObjectKind.Channel), new(0xc020, WaitObjectKind.Mutex) { IsClosedOrLocked = true }, new(0xc030, WaitObjectKind.Mutex)],
                ElementTypes = [""],
                Waits = [new(1, 2), new(2, 1), new(3, 1), new(4, 0)],
                Unread = 0,
                Missing = [],
            }),
        };
        ImmutableArray<WaitPlace> places = WaitPlaces.Of(table);
        Assert.Equal([(0xc020UL, 2), (0xc030UL, 1)], places[0].On.Select(on => (on.What.Address, on.Waiters)));
        Assert.Equal([(0xc010UL, 1)], places[1].On.Select(on => (on.What.Address, on.Waiters)));
    }

    [Fact]
    public void Without_a_stack_the_start_function_stands_for_the_place()
    {
        WaitPlace place = Assert.Single(WaitPlaces.Of(Table(Row(1, 0, -1) with { StartFunction = 7 }, Row(1, 0, -1) with { StartFunction = 7 })));
        Assert.Equal((2, "main.worker", 0), (place.Count, place.Where.Function, place.Stack.Length));
    }

    [Theory]
    [InlineData("sync.Mutex.Lock", WaitClass.Lock)]
    [InlineData("sync.RWMutex.RLock", WaitClass.Lock)]
    [InlineData("sync.WaitGroup.Wait", WaitClass.Lock)]
    [InlineData("sync.Cond.Wait", WaitClass.Lock)]
    [InlineData("semacquire", WaitClass.Lock)]
    [InlineData("chan send (nil chan)", WaitClass.Send)]
    [InlineData("chan receive", WaitClass.Receive)]
    [InlineData("select (no cases)", WaitClass.Receive)]
    [InlineData("IO wait", null)]
    [InlineData("sleep", null)]
    [InlineData("GC worker (idle)", null)]
    public void Reasons_fall_into_classes(string reason, WaitClass? expected) => Assert.Equal(expected, WaitPlaces.ClassOf(reason));

    private static GoroutineTable Table(params ImmutableArray<GoroutineRow> rows) => new()
    {
        Rows = rows,
        Locations = Locations,
        WaitReasons = ["", "sync.Mutex.Lock", "chan receive", "IO wait"],
        Stacks = [[0, 1, 2, 3, 4], [0, 1, 2, 3, 5], [0, 6, 7]],
        NowNanoseconds = 1_000,
        Torn = 0,
        SystemGoroutines = 0,
    };

    private static GoroutineRow Row(int reason, long since, int stack) => new(1, GoroutineState.Waiting, reason, since, -1, -1, 0, stack, false);
}
