using GoTop.Engine.Agent;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
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

    /// <summary>A target is sampled at once, and may end as soon.</summary>
    [Fact]
    public async Task What_is_sampled_before_the_file_is_there_is_in_it_also_of_a_life_that_is_over_by_then()
    {
        TargetRecorder recorder = Record(_folder, _time);
        recorder.Add(Samples.At(0, SampleFacts.None));
        await recorder.DisposeAsync();
        using RecordingReader reader = RecordingReader.Open(Assert.Single(Directory.GetFiles(TargetRecorder.FolderOf(_folder))));
        Assert.Equal(1, reader.Count);
    }

    /// <summary>What there is of the hours before must not go for one of a few ticks, and again at each try.</summary>
    [Fact]
    public async Task On_a_full_disk_no_old_recording_goes_and_a_new_one_begins_when_there_is_room()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 32);
        string folder = TargetRecorder.FolderOf(disk.Folder);
        for (int life = 1; life <= 3; life++) await LiveAsync(disk.Folder);
        string[] old = Directory.GetFiles(folder);
        Assert.Equal(3, old.Length);
        disk.Fill();
        AwaitableTime time = new();
        await using TargetRecorder recorder = Record(disk.Folder, time);
        await time.TimerOfAsync(TargetRecorder.TryAgain);
        Assert.Equal($"recording {folder}: the disk has only 0 B left", recorder.Problem);
        Assert.Equal(old, Directory.GetFiles(folder));
        time.Advance(TargetRecorder.TryAgain);
        await time.TimerOfAsync(TargetRecorder.TryAgain);
        Assert.Equal(old, Directory.GetFiles(folder));

        disk.Free();
        time.Advance(TargetRecorder.TryAgain);
        await Until.TrueAsync(() => recorder.File is not null);
        Assert.Null(recorder.Problem);
    }

    private async Task<string> LiveAsync(string? folder = null)
    {
        await using TargetRecorder recorder = Record(folder ?? _folder, _time);
        await Until.TrueAsync(() => recorder.File is not null);
        return recorder.File!;
    }

    private static TargetRecorder Record(string folder, TimeProvider time)
    {
        FakePlatform platform = new();
        AgentSettings settings = new() { Folder = folder, Keep = 3 };
        AgentServices services = new(platform, new GoProcessFinder(platform, time), time, NullLogger.Instance, "0.1.0", folder, () => GoTopConfig.Default);
        return new TargetRecorder(services, settings, Observations.OrderApi, "shop");
    }
}
