using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class LeakedStacksTests
{
    [Fact]
    public void The_runtimes_own_profile_gives_what_its_text_says()
    {
        using FileStream file = File.OpenRead(SharedFiles.Require("go-fixtures/go1.27-linux/goroutineleak.pb.gz"));
        LeakedStacks leaked = LeakedStacks.Of(ProfileReader.Read(file, cancellation: TestContext.Current.CancellationToken));
        // As the service counted itself when it was asked: see the fixture's index.json.
        StackOfLeaked send = leaked.Stacks[0];
        Assert.Equal(113, send.Count);
        Assert.Equal(("main.(*service).leakedSend", 277), (send.Where.Function, send.Where.Line));
        Assert.Equal("main.(*service).leakyRequest.func1", send.StartFunction);
        Assert.Equal("runtime.gopark", send.Frames[0].Function);
        Assert.Equal(21, leaked.Total - 113);
        Assert.All(leaked.Stacks, stack => Assert.True(stack.Count > 0 && stack.Where.Function.StartsWith("main.", StringComparison.Ordinal)));
    }

    [Fact]
    public void Labels_do_not_tell_stacks_apart_and_the_largest_comes_first()
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutineleak", "count"));
        ProfileFrame[] few = [new("runtime.gopark", "proc.go", 1), new("main.few", "main.go", 5)];
        ProfileFrame[] many = [new("runtime.gopark", "proc.go", 1), new("runtime.chansend1", "chan.go", 2), new("main.many", "main.go", 9), new("runtime.goexit", "asm.s", 1)];
        builder.AddSample(few, [4]);
        builder.AddSample(many, [3], KeyValuePair.Create("tenant", "a"));
        builder.AddSample(many, [2], KeyValuePair.Create("tenant", "b"));
        builder.AddSample(few, [0]);
        LeakedStacks leaked = LeakedStacks.Of(builder.Build());
        Assert.Equal([(5, "main.many"), (4, "main.few")], leaked.Stacks.Select(stack => ((int)stack.Count, stack.Where.Function)));
        Assert.Equal("main.many", leaked.Stacks[0].StartFunction);
        Assert.Equal(9, leaked.Total);
    }

    [Fact]
    public void A_stack_of_gos_own_functions_alone_has_no_place_in_the_programs_code()
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutineleak", "count"));
        builder.AddSample([new ProfileFrame("runtime.gopark", "proc.go", 1)], [1]);
        builder.AddSample([], [1]);
        Assert.All(LeakedStacks.Of(builder.Build()).Stacks, stack => Assert.Equal("", stack.Where.Function));
    }
}
