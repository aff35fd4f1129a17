using System.Collections.Immutable;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using Xunit;
using Row = GoTop.Engine.GoRuntime.Dumps.DumpedGoroutine;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>Standard error of real programs that crashed, of several versions of Go.</summary>
public sealed class CrashDumpTests
{
    public static TheoryData<string> Versions => [.. DumpFixtures.Versions];

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_panic_tells_its_words_and_its_goroutine(string version)
    {
        GoroutineDump dump = DumpFixtures.Dump(version, "panic");
        CrashReport crash = Assert.Single(dump.Crashes);

        Assert.Equal((CrashKind.Panic, "panic: the disk is full", 1L, 2L), (crash.Kind, Assert.Single(crash.Messages), crash.FaultingGoroutine, crash.Line));
        Assert.Null(crash.Signal);
        AssertCrowd(dump);
        Assert.Equal(GoroutineState.Running, dump.Statuses[dump.Rows[0].Status].State);
        Assert.Equal(["main.main"], Functions(dump, dump.Rows[0]));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void How_much_a_crash_prints_is_up_to_GOTRACEBACK(string version)
    {
        GoroutineDump none = DumpFixtures.Dump(version, "panic-none"), single = DumpFixtures.Dump(version, "panic-single"), system = DumpFixtures.Dump(version, "panic-system");

        Assert.Empty(none.Rows);
        Assert.Equal("panic: the disk is full", Assert.Single(Assert.Single(none.Crashes).Messages));
        Assert.Null(none.Crashes[0].FaultingGoroutine);
        Assert.Equal(1, Assert.Single(single.Rows).Id);
        Assert.Equal(1, single.Crashes[0].FaultingGoroutine);
        AssertCrowd(system);
        Assert.Contains(system.Rows, row => system.Statuses[row.Status].WaitReason == "force gc (idle)");
        Assert.Equal(["panic", "main.main", "runtime.main", "runtime.goexit"], Functions(system, system.Rows[0]).Select(name => name == "runtime.gopanic" ? "panic" : name));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Every_kind_of_end_is_told(string version)
    {
        Assert.Equal((CrashKind.Panic, "panic: failure 7: no such table", 1L), Of("error"));
        Assert.Equal((CrashKind.Panic, "panic: runtime error: invalid memory address or nil pointer dereference", 1L), Of("nil"));
        Assert.StartsWith("SIGSEGV: segmentation violation code=0x1 addr=0x0 pc=0x", DumpFixtures.Dump(version, "nil").Crashes[0].Signal, StringComparison.Ordinal);
        Assert.Equal((CrashKind.FatalError, "fatal error: fault", 1L), Of("fault"));
        Assert.Equal(["unexpected fault address 0xdead0000"], DumpFixtures.Dump(version, "fault").Crashes[0].Details);
        Assert.Equal(["panic: the disk is full", "panic: while cleaning up: file already closed"], DumpFixtures.Dump(version, "nested").Crashes[0].Messages);
        (CrashKind kind, string message, long? culprit) = Of("map");
        Assert.Equal((CrashKind.FatalError, "fatal error: concurrent map writes"), (kind, message));
        GoroutineDump map = DumpFixtures.Dump(version, "map");
        Assert.Contains("main.main.func4", Functions(map, map.Rows.Single(row => row.Id == culprit)));
        Assert.Equal((CrashKind.FatalError, "fatal error: all goroutines are asleep - deadlock!", null), Of("deadlock"));
        Assert.Equal((CrashKind.FatalError, "fatal error: all goroutines are asleep - deadlock!", null), Of("goexit"));
        Assert.DoesNotContain(DumpFixtures.Dump(version, "goexit").Rows, row => row.Id == 1);
        Assert.Equal((CrashKind.FatalError, "fatal error: thread exhaustion", null), Of("exhausted"));
        Assert.Equal(["runtime: program exceeds 30-thread limit"], DumpFixtures.Dump(version, "exhausted").Crashes[0].Details);
        Assert.Equal((CrashKind.Signal, "SIGQUIT: quit", null), Of("sigquit"));

        (CrashKind, string, long?) Of(string how)
        {
            CrashReport crash = Assert.Single(DumpFixtures.Dump(version, how).Crashes);
            return (crash.Kind, crash.Messages[0], crash.FaultingGoroutine);
        }
    }

    [Theory]
    [InlineData("nil", CrashKind.Panic, "panic: runtime error: invalid memory address or nil pointer dereference", "main.load")]
    [InlineData("fault", CrashKind.FatalError, "fatal error: fault", "main.fault")]
    public void A_fault_on_Windows_names_its_exception_code(string how, CrashKind kind, string message, string function)
    {
        GoroutineDump dump = DumpFixtures.Dump("go1.27-windows-wine", how);
        CrashReport crash = Assert.Single(dump.Crashes);

        Assert.Equal((kind, message, 1L), (crash.Kind, crash.Messages[0], crash.FaultingGoroutine));
        Assert.StartsWith("0xc0000005 code=0x0 addr=0x", crash.Signal, StringComparison.Ordinal);
        Assert.Equal(function, Functions(dump, dump.Rows[0]).First(name => name.StartsWith("main.", StringComparison.Ordinal)));
        AssertCrowd(dump);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_stack_overflow_keeps_the_elided_frames_apart(string version)
    {
        GoroutineDump dump = DumpFixtures.Dump(version, "overflow");
        CrashReport crash = Assert.Single(dump.Crashes);
        Row culprit = dump.Rows.Single(row => row.Id == crash.FaultingGoroutine);
        DumpedFrames stack = dump.Stacks[culprit.Stack];

        Assert.Equal("fatal error: stack overflow", crash.Messages[0]);
        Assert.Equal("runtime: goroutine stack exceeds 1048576-byte limit", crash.Details[0]);
        Assert.Equal("main.overflow", Functions(dump, culprit)[0]);
        Assert.InRange(stack.ElidedAfter, 50, 100);
        Assert.Equal(version == "go1.19", stack.ElidedFrames is null);
        if (stack.ElidedFrames is { } elided) Assert.InRange(elided, 10_000, 1 << 20);
        ThreadFrames thread = Assert.Single(dump.ThreadStacks);
        Assert.Equal("runtime stack:", thread.Title);
        Assert.Contains("runtime.newstack", dump.Stacks[thread.Stack].Frames.Select(frame => dump.Locations[frame].Function));
        AssertCrowd(dump);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void SIGQUIT_shows_all_goroutines_and_the_threads_apart(string version)
    {
        foreach (string name in new[] { "sigquit", "sigquit-crash" })
        {
            GoroutineDump dump = DumpFixtures.Dump(version, name);

            Assert.Equal(CrashKind.Signal, Assert.Single(dump.Crashes).Kind);
            AssertCrowd(dump);
            Assert.DoesNotContain(dump.Rows, row => row.Id == 0);
            Assert.Equal(dump.Rows.Length, dump.Rows.Select(row => row.Id).Distinct().Count());
            Row spinning = dump.Rows.Single(row => dump.Locations[row.CreatedBy < 0 ? 0 : row.CreatedBy].Function == "main.start" && Functions(dump, row).Contains("main.(*crowd).spin"));
            Assert.Contains(dump.Statuses[spinning.Status].State, new[] { GoroutineState.Running, GoroutineState.Runnable, GoroutineState.Preempted });
        }

        Assert.NotEmpty(DumpFixtures.Dump(version, "sigquit-crash").ThreadStacks);
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void Ancestors_are_no_frames_of_the_goroutine(string version)
    {
        GoroutineDump dump = DumpFixtures.Dump(version, "panic-ancestors");
        AssertCrowd(dump);
        Assert.All(dump.Rows.Where(row => row.Id != 1), row => Assert.DoesNotContain("main.main", Functions(dump, row)));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public void A_dump_of_a_program_in_peace_has_no_crash(string version)
    {
        GoroutineDump dump = DumpFixtures.Dump(version, "dump"), counts = DumpFixtures.Dump(version, "counts");
        Assert.Empty(dump.Crashes);
        AssertCrowd(dump);
        Assert.Equal(12, counts.Goroutines);
        Assert.Equal(3, counts.Rows.Single(row => Functions(counts, row)[0] == "main.(*crowd).receive").Count);
        Row labelled = counts.Rows.Single(row => row.Labels >= 0);
        Assert.Equal(
            [new("kind", "mail"), new("route", "GET /a, {b}: \"c\"\n\té"), new("worker", "3")], counts.LabelSets[labelled.Labels]);
    }

    [Fact]
    public void Labels_of_Go_1_27_are_read_with_their_quotation_marks()
    {
        GoroutineDump dump = DumpFixtures.Dump("go1.27", "dump-labels");
        Row labelled = dump.Rows.Single(row => row.Labels >= 0);

        Assert.Equal([new("kind", "mail"), new("route", "GET /a, {b}: \"c\"\n\té"), new("worker", "3")], dump.LabelSets[labelled.Labels]);
        Assert.Empty(dump.Problems);
        AssertCrowd(dump);
    }

    [Theory]
    [InlineData("go1.19")]
    [InlineData("go1.22")]
    [InlineData("go1.27")]
    public void Minutes_of_waiting_are_told_once_a_collection_has_noted_them(string version)
    {
        GoroutineDump dump = DumpFixtures.Dump(version, "dump-minutes");
        AssertCrowd(dump);
        Assert.All(dump.Rows.Where(row => row.Id != 1), row => Assert.Equal(2, row.WaitMinutes));
        Assert.Equal(0, dump.Rows.Single(row => row.Id == 1).WaitMinutes);
    }

    [Fact]
    public void Leaked_goroutines_say_so()
    {
        GoroutineDump dump = DumpFixtures.Dump("go1.27", "leak");
        ImmutableArray<Row> leaked = [.. dump.Rows.Where(row => dump.Statuses[row.Status].Leaked)];
        // The crowd can never go on either, as the program holds its channel no longer.
        Assert.Equal(3 + 11, leaked.Length);
        Assert.Equal(dump.Rows.Length - 1, leaked.Length);
        Assert.All(leaked, row => Assert.Equal(GoroutineState.Leaked, dump.Statuses[row.Status].State));
        Assert.Equal(13, leaked.Count(row => dump.Statuses[row.Status].WaitReason == "chan receive"));
        Assert.Equal(3, leaked.Count(row => Functions(dump, row)[0] == "main.waitForever"));
    }

    /// <summary>The eleven goroutines that Targets/crash starts before anything else.</summary>
    private static void AssertCrowd(GoroutineDump dump)
    {
        Assert.Null(dump.Truncation);
        Assert.Empty(dump.Problems);
        Assert.Equal(3, With("main.(*crowd).receive").Length);
        Row deep = Assert.Single(With("main.(*crowd).deep"));
        DumpedFrames deepStack = dump.Stacks[deep.Stack];
        // The elided frames and those printed make 150 calls, and with a system traceback two more at the outer end.
        if (deepStack.ElidedFrames is { } elided) Assert.Equal(150, Functions(dump, deep).Count(name => name == "main.(*crowd).deep") + elided);
        // Go up to 1.20 counts frames it does not print, and stops after 100 without a word when some were such.
        if (deepStack.ElidedAfter >= 0) Assert.InRange(deepStack.ElidedAfter, 45, 100);
        else Assert.InRange(deepStack.Frames.Length, 95, 100);
        Row locked = Assert.Single(With("main.(*crowd).locked"));
        Assert.True(dump.Statuses[locked.Status].LockedToThread);
        Row lockWait = Assert.Single(With("main.(*crowd).waitLock"));
        Assert.Contains(dump.Statuses[lockWait.Status].WaitReason, new[] { "semacquire", "sync.Mutex.Lock" });
        Assert.Equal("main.(*crowd).waitLock", Functions(dump, lockWait).First(name => name.StartsWith("main.", StringComparison.Ordinal)));
        Assert.Single(With("main.waitFor[...]"));
        Assert.Single(With("main.(*pair[...]).wait"));
        Assert.Equal(3, With("main.(*crowd).inlined").Length);
        Assert.All(With("main.(*crowd).inlined"), row => Assert.Equal("chan receive", dump.Statuses[row.Status].WaitReason));
        Assert.All(With("main.(*crowd).receive"), row => Assert.Equal("main.start", dump.Locations[row.CreatedBy].Function));
        Assert.All(dump.Locations, location => Assert.True(location.Line > 0 && location.File.Length > 0, $"{location}"));

        ImmutableArray<Row> With(string function) => [.. dump.Rows.Where(row => Functions(dump, row).Contains(function))];
    }

    private static ImmutableArray<string> Functions(GoroutineDump dump, Row row) =>
        row.Stack < 0 ? [] : [.. dump.Stacks[row.Stack].Frames.Select(frame => dump.Locations[frame].Function)];
}
