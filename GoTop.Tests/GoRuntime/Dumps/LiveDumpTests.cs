using System.Collections.Immutable;
using CliWrap;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Tests.Support;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>Real programs of every version at hand, asked for their goroutines and made to crash.</summary>
public sealed class LiveDumpTests
{
    public static TheoryData<string> Versions => ["1.19", "1.21", "1.22", "1.23", "1.24", "1.25", "1.26", "1.27"];

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task A_leak_is_found_by_the_difference_of_two_dumps(string version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the target is built for Linux");
        CancellationToken cancellation = TestContext.Current.CancellationToken;
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("leak", version), "-rate", "0");
        using HttpClient customer = new() { BaseAddress = new Uri($"http://{service.Address}") };
        GoroutineDump before = await DumpAsync(customer, 2, cancellation);
        int leaked = 0;
        for (int request = 0; request < 1000 && leaked < 30; request++)
        {
            using HttpResponseMessage answer = await customer.GetAsync(new Uri("/order", UriKind.Relative), cancellation);
            // On a busy machine a request may be so late that its answer is there, which then leaks nothing.
            if (answer.StatusCode == System.Net.HttpStatusCode.GatewayTimeout) leaked++;
        }

        GoroutineDump after = await DumpAsync(customer, 2, cancellation), counts = await DumpAsync(customer, 1, cancellation);
        ImmutableArray<GroupChange<DumpGroupKey>> changes = GroupChanges.Between(DumpGroups.Of(before), DumpGroups.Of(after));
        // Some of them still ask the backend, which is slow; they will block in their send as the others do.
        ImmutableArray<GroupChange<DumpGroupKey>> leak = [.. changes.Where(change => change.Key.CreatedBy?.Function == "main.(*orders).lookUp")];

        Assert.Null(after.Truncation);
        Assert.Empty(after.Problems);
        Assert.All(leak, change => Assert.Equal(GroupChangeKind.New, change.Kind));
        Assert.Equal(leaked, leak.Sum(change => change.After));
        Assert.Equal(changes[0], leak[0]);
        Assert.StartsWith("main.(*orders).lookUp", leak[0].Key.Stack.Frames[0].Function, StringComparison.Ordinal);
        Assert.Equal("chan send", leak[0].Key.WaitReason);
        Assert.Equal(DumpFormat.Counts, counts.Format);
        Assert.InRange(counts.Goroutines, after.Goroutines - 5, after.Goroutines + 5);
        Assert.Equal(leaked, DumpGroups.Of(counts).Where(group => group.Key.Stack.Frames.Any(frame => frame.Function.StartsWith("main.(*orders).lookUp.", StringComparison.Ordinal))).Sum(group => group.Count));
    }

    [Theory]
    [MemberData(nameof(Versions))]
    public async Task What_a_crashing_program_prints_is_read(string version)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "the target is built for Linux");
        string program = await GoToolchain.RequireAsync("crash", version);

        GoroutineDump nil = await CrashAsync(program, "nil"), map = await CrashAsync(program, "map"), stopped = await CrashAsync(program, "sigquit");
        Assert.Equal("panic: runtime error: invalid memory address or nil pointer dereference", nil.Crashes.Single().Messages[0]);
        Assert.Equal("main.load", Functions(nil, nil.Crashes[0].FaultingGoroutine).First(name => name.StartsWith("main.", StringComparison.Ordinal)));
        Assert.Equal(12, nil.Rows.Length);
        Assert.StartsWith("fatal error: concurrent map", map.Crashes.Single().Messages[0], StringComparison.Ordinal);
        Assert.Equal("SIGQUIT: quit", stopped.Crashes.Single().Messages[0]);
        // The one that spins may run on another thread when the signal comes, and then has no stack.
        Assert.Equal(13, stopped.Rows.Count(row => row.Marks.HasFlag(DumpedGoroutineMarks.StackUnavailable) || Functions(stopped, row.Id).Any(name => name.StartsWith("main.", StringComparison.Ordinal))));
    }

    private static async Task<GoroutineDump> DumpAsync(HttpClient client, int debug, CancellationToken cancellation)
    {
        await using Stream page = await client.GetStreamAsync(new Uri($"/debug/pprof/goroutine?debug={debug}", UriKind.Relative), cancellation);
        return GoroutineDumpReader.Read(page, cancellation).Value;
    }

    private static async Task<GoroutineDump> CrashAsync(string program, string how)
    {
        using MemoryStream error = new();
        await CommandLine.Wrap(program).WithArguments([how]).WithEnvironmentVariables(v => v.Set("GOTRACEBACK", "all"))
            .WithStandardErrorPipe(PipeTarget.ToStream(error)).WithValidation(CommandResultValidation.None)
            .ExecuteAsync(TestContext.Current.CancellationToken);
        return DumpFixtures.Parse(error.ToArray());
    }

    private static ImmutableArray<string> Functions(GoroutineDump dump, long? goroutine)
    {
        Engine.GoRuntime.Dumps.DumpedGoroutine row = dump.Rows.Single(row => row.Id == goroutine);
        return row.Stack < 0 ? [] : [.. dump.Stacks[row.Stack].Frames.Select(frame => dump.Locations[frame].Function)];
    }
}
