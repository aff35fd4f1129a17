using GoTop.Engine.Config;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class ConfigWatcherTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-watch-");
    private readonly FakeTimeProvider _time = new();
    private readonly ConfigLoader _loader = new(ConfigVocabulary.Unchecked, _ => null);

    private string FilePath => Path.Combine(_folder.FullName, "gotop.toml");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Several_writes_in_a_row_load_once_when_the_file_has_been_quiet()
    {
        using ConfigWatcher watcher = Watch("interval = \"1s\"");
        List<LoadedConfig> seen = [];
        watcher.Changed += seen.Add;
        File.WriteAllText(FilePath, "interval = \"5s\"");
        watcher.Noticed();
        _time.Advance(ConfigWatcher.QuietTime / 2);
        watcher.Noticed();
        _time.Advance(ConfigWatcher.QuietTime / 2);
        Assert.Empty(seen);
        _time.Advance(ConfigWatcher.QuietTime / 2);
        Assert.Equal(TimeSpan.FromSeconds(5), Assert.Single(seen).Config.Interval);
    }

    [Fact]
    public void A_broken_version_keeps_the_settings_and_brings_its_problems()
    {
        using ConfigWatcher watcher = Watch("interval = \"2s\"");
        Change(watcher, "interval = \"never\"\nmouse = false");
        Assert.Equal(TimeSpan.FromSeconds(2), watcher.Current.Config.Interval);
        Assert.True(watcher.Current.Config.Mouse);
        Assert.Equal(1, Assert.Single(watcher.Current.Problems).Line);

        Change(watcher, "interval = \"3s\"");
        Assert.Equal(TimeSpan.FromSeconds(3), watcher.Current.Config.Interval);
        Assert.True(watcher.Current.IsSound);

        File.Delete(FilePath);
        watcher.Noticed();
        _time.Advance(ConfigWatcher.QuietTime);
        Assert.Equal(TimeSpan.FromSeconds(3), watcher.Current.Config.Interval);
        Assert.False(watcher.Current.IsSound);
    }

    [Fact]
    public async Task The_file_system_tells_of_a_file_that_was_put_in_the_old_ones_place()
    {
        File.WriteAllText(FilePath, "interval = \"2s\"");
        TaskCompletionSource<LoadedConfig> changed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        using ConfigWatcher watcher = new(_loader.LoadFile(FilePath), _loader, TimeProvider.System);
        watcher.Changed += loaded => changed.TrySetResult(loaded);
        string next = Path.Combine(_folder.FullName, "next.tmp");
        File.WriteAllText(next, "interval = \"4s\"");
        File.Move(next, FilePath, overwrite: true);
        LoadedConfig now = await changed.Task.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
        Assert.Equal(TimeSpan.FromSeconds(4), now.Config.Interval);
    }

    private ConfigWatcher Watch(string text)
    {
        File.WriteAllText(FilePath, text);
        return new ConfigWatcher(_loader.LoadFile(FilePath), _loader, _time, watchFolder: false);
    }

    private void Change(ConfigWatcher watcher, string text)
    {
        File.WriteAllText(FilePath, text);
        watcher.Noticed();
        _time.Advance(ConfigWatcher.QuietTime);
    }
}
