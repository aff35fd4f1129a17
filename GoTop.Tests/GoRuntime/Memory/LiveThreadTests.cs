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
        for (int attempt = 0; attempt < 500 && workers < 3; attempt++)
        {
            SourceResult read = await memory.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
            Assert.SkipWhen(read.State == SourceState.Denied, read.Reason ?? "");
            Assert.True(read.Facts.GoThreads.HasValue, read.Facts.GoThreads.Reason);
            facts = read.Facts;
            workers = RunningIn(facts, "main.work").Count;
            if (workers < 3) await Task.Delay(10, TestContext.Current.CancellationToken);
        }

        Assert.Equal(3, workers);
        GoThreadTable table = facts.GoThreads.Value;
        ThreadTable threads = (await process.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).Facts.Threads.Value;
        Assert.Empty(table.Threads.Select(thread => thread.OwnThreadId).Except(threads.Threads.Select(thread => thread.OwnId)));
        Assert.Equal(0, table.Threads[^1].Id);
        Assert.Equal(service.ProcessId, table.Threads[^1].OwnThreadId);
        Assert.InRange(table.Threads.Length, facts.Runtime.Threads.Value - 1, facts.Runtime.Threads.Value + 1);
        // Each has a P of its own.
        int?[] procs = [.. RunningIn(facts, "main.work").Select(thread => thread.Proc)];
        Assert.Equal(3, procs.OfType<int>().Distinct().Count());
        GoThread[] locked = [.. table.Threads.Where(thread => thread.LockedGoroutine is not null && Started(facts, thread.LockedGoroutine.Value).StartsWith("main.pair", StringComparison.Ordinal))];
        Assert.Equal(2, locked.Length);
    }

    private static List<GoThread> RunningIn(SampleFacts facts, string function) =>
        [.. facts.GoThreads.Value.Threads.Where(thread => thread.Goroutine is { } id && Started(facts, id) == function)];

    private static string Started(SampleFacts facts, long goroutine)
    {
        GoroutineTable table = facts.Goroutines.Value;
        GoroutineRow row = table.Rows.FirstOrDefault(row => row.Id == goroutine);
        return row.Id == goroutine && row.StartFunction >= 0 ? table.Locations[row.StartFunction].Function : "";
    }
}
