using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Process;
using GoTop.Engine.Sources.RuntimeMemory;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

/// <summary>Which OS thread runs which goroutine, of programs of several Go versions while they run.</summary>
public sealed class LiveThreadTests
{
    public static TheoryData<string, string> Builds => new()
    {
        { "1.19", "exe" },
        { "1.22", "exe" },
        { "1.23", "exe" },
        { "1.25", "exe" },
        { "1.27", "exe" },
        { "1.27", "pie" },
    };

    [Theory]
    [MemberData(nameof(Builds))]
    public async Task Busy_workers_and_locked_goroutines_are_found_on_the_threads_that_the_system_lists(string version, string mode)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "starts a Linux program");
        await using GoService service = await GoService.StartAsync(await GoToolchain.RequireAsync("workers", version, "linux", $"-buildmode={mode}"), "-workers", "3", "-pairs", "1", "-listen", "");
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        ProcessKey key = platform.FindProcess(service.ProcessId).Value;
        await using RuntimeMemorySource memory = new(platform, key);
        await using ProcessSource process = new(platform, key);

        // Workers start one after another, and whoever is caught between two goroutines runs none.
        SampleFacts facts = SampleFacts.None;
        int workers = 0;
        HashSet<int> listed = [];
        for (int attempt = 0; attempt < 500 && (workers < 3 || !OwnIds(facts).SetEquals(listed) || Locked(facts).Count < 2); attempt++)
        {
            SourceResult read = await memory.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
            Assert.SkipWhen(read.State == SourceState.Denied, read.Reason ?? "");
            Assert.True(read.Facts.GoThreads.HasValue, read.Facts.GoThreads.Reason);
            facts = read.Facts;
            listed = [.. (await process.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).Facts.Threads.Value.Threads.Select(thread => thread.OwnId)];
            workers = RunningIn(facts, "main.work").Count;
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, workers);
        GoThreadTable table = facts.GoThreads.Value;
        Assert.Equal(listed, OwnIds(facts));
        Assert.Equal(0, table.Threads[^1].Id);
        Assert.Equal(service.ProcessId, table.Threads[^1].OwnThreadId);
        // Each has a P of its own.
        int?[] procs = [.. RunningIn(facts, "main.work").Select(thread => thread.Proc)];
        Assert.Equal(3, procs.OfType<int>().Distinct().Count());
        Assert.Equal(2, Locked(facts).Count);
    }

    private static HashSet<int> OwnIds(SampleFacts facts) => [.. facts.GoThreads.Value.Threads.Select(thread => thread.OwnThreadId)];

    private static List<GoThread> Locked(SampleFacts facts) =>
        [.. facts.GoThreads.Value.Threads.Where(thread => thread.LockedGoroutine is { } id && Started(facts, id).StartsWith("main.pair", StringComparison.Ordinal))];

    private static List<GoThread> RunningIn(SampleFacts facts, string function) =>
        [.. facts.GoThreads.Value.Threads.Where(thread => thread.Goroutine is { } id && Started(facts, id) == function)];

    private static string Started(SampleFacts facts, long goroutine)
    {
        GoroutineTable table = facts.Goroutines.Value;
        GoroutineRow row = table.Rows.FirstOrDefault(row => row.Id == goroutine);
        return row.Id == goroutine && row.StartFunction >= 0 ? table.Locations[row.StartFunction].Function : "";
    }
}
