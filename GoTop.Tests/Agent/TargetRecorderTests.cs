using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Agent;

public sealed class TargetRecorderTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-recorder-").FullName;
    private readonly FakeTimeProvider _time = new(Observations.Start);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>A service that flaps has several lives within a second.</summary>
    [Fact]
    public async Task Of_many_lives_within_one_second_the_newest_are_kept()
    {
        List<string> made = [];
        for (int life = 1; life <= 12; life++) made.Add(await LiveAsync());
        Assert.Equal(12, made.Distinct().Count());
        Assert.Equal(made.TakeLast(3).Select(Path.GetFileName), Directory.GetFiles(TargetRecorder.FolderOf(_folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal));

        _time.Advance(TimeSpan.FromSeconds(1));
        made.Add(await LiveAsync());
        Assert.Equal(made.TakeLast(3).Select(Path.GetFileName), Directory.GetFiles(TargetRecorder.FolderOf(_folder)).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    private async Task<string> LiveAsync()
    {
        FakePlatform platform = new();
        AgentSettings settings = new() { Folder = _folder, Keep = 3 };
        AgentServices services = new(platform, new GoProcessFinder(platform, _time), _time, NullLogger.Instance, "0.1.0", _folder, () => GoTopConfig.Default);
        await using TargetRecorder recorder = new(services, settings, Observations.OrderApi, "shop");
        await Until.TrueAsync(() => recorder.File is not null);
        return recorder.File!;
    }
}
