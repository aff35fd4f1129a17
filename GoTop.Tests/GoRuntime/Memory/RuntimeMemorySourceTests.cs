using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.RuntimeMemory;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Memory;

public sealed class RuntimeMemorySourceTests
{
    [Fact]
    public async Task A_local_Go_process_is_served_until_it_ends()
    {
        using CensusProcess census = CensusProcess.Start(await GoToolchain.RequireAsync("census", "1.25"), "-n", "20");
        TargetContext context = Context(HostPlatform.Detect(TimeProvider.System), census.ProcessId);
        Assert.Equal(SourceState.Ok, RuntimeMemorySource.Check(context).State);
        await using ISource source = RuntimeMemorySource.Create(context)!;
        for (int i = 0; i < 2; i++)
        {
            SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
            Assert.Equal(SourceState.Ok, result.State);
            Assert.Equal(22, result.Facts.Runtime.Goroutines.Value);
            Assert.Equal(22, result.Facts.Goroutines.Value.Rows.Length);
        }

        census.Kill();
        SourceResult ended = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.True(ended.TargetEnded);
        Assert.Contains("has ended", ended.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_is_not_Go_is_not_supported()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads this very test run, which is not Go");
        TargetContext context = Context(HostPlatform.Detect(TimeProvider.System), Environment.ProcessId);
        await using ISource source = RuntimeMemorySource.Create(context)!;
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal(SourceState.NotSupported, result.State);
        Assert.Contains("not a Go program", result.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_target_without_a_process_is_refused()
    {
        TargetContext context = Context(new UnsupportedPlatform(), processId: null);
        Assert.Equal(SourceState.NotSupported, RuntimeMemorySource.Check(context).State);
        Assert.Null(RuntimeMemorySource.Create(context));
    }

    [Fact]
    public void It_stands_first_in_the_catalogue() => Assert.Equal(RuntimeMemorySource.SourceName, SourceCatalog.All[0].Name);

    private static TargetContext Context(IPlatform platform, int? processId) => new(
        new TargetIdentity { Name = "census", Process = processId is { } id ? platform.FindProcess(id).Value : null },
        platform, new TargetSettings { Name = "census" }, TimeProvider.System);
}
