using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources;

public sealed class LocalSourcesTests
{
    private readonly FakePlatform _platform = new();

    [Theory]
    [InlineData("process")]
    [InlineData("container")]
    [InlineData("host")]
    public async Task Local_facts_are_for_processes_of_this_machine_only(string name)
    {
        SourceEntry entry = SourceCatalog.All.Single(e => e.Name == name);
        Assert.Null(entry.Create(Context(process: null)));
        Assert.Equal(SourceState.NotSupported, entry.Check!(Context(process: null)).State);
        Assert.Equal(SourceState.Ok, entry.Check(Context(new ProcessKey(5, 50))).State);
        await using ISource source = entry.Create(Context(new ProcessKey(5, 50)))!;
        Assert.Equal(name, source.Name);
    }

    [Fact]
    public async Task The_process_source_sees_the_target_end()
    {
        _platform.Add(new FakeProcess(5, "orders", "/x"));
        await using ISource source = Create("process");
        SourceResult living = await ReadAsync(source);
        Assert.Equal((SourceState.Ok, false), (living.State, living.TargetEnded));
        Assert.Equal(3, living.Facts.Process.Value.ResidentBytes);
        _platform.End(5);
        SourceResult ended = await ReadAsync(source);
        Assert.True(ended.TargetEnded);
        Assert.Equal("process 5 has ended", ended.Reason);
    }

    [Fact]
    public async Task A_fact_that_was_refused_keeps_its_reason()
    {
        _platform.Add(new FakeProcess(5, "orders", "/x"));
        await using ISource source = Create("container");
        SourceResult result = await ReadAsync(source);
        Assert.Equal((SourceState.Denied, "not for you"), (result.State, result.Reason));
        Assert.Equal("not for you", result.Facts.Container.Reason);
        Assert.False(result.TargetEnded);
    }

    private ISource Create(string name) => SourceCatalog.All.Single(e => e.Name == name).Create(Context(new ProcessKey(5, 50)))!;

    private static async Task<SourceResult> ReadAsync(ISource source) =>
        await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    private TargetContext Context(ProcessKey? process) =>
        new(new TargetIdentity { Name = "orders", Process = process }, _platform, TargetSettings.Default, new FakeTimeProvider());
}
