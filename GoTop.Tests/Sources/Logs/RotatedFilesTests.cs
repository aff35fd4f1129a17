using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>A pattern that matches a log and what it was rotated to: each line is told once, whatever its file is called by now.</summary>
public sealed class RotatedFilesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-rotated-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("app.log*")]
    [InlineData("app*")]
    public async Task Numbered_files_that_are_renamed_on_are_not_read_again(string pattern)
    {
        Write("app.log.2", Lines("a"));
        Write("app.log.1", Lines("b"));
        Write("app.log", Lines("c"));
        await using LogSource source = Follow(pattern);
        Assert.Equal(30, (await TextsAsync(source)).Length);
        for (int round = 0; round < 4; round++)
        {
            string name = $"round {round}";
            Append("app.log", $"before {name}\n");
            for (int number = 2 + round; number > 0; number--) File.Move(At($"app.log.{number}"), At($"app.log.{number + 1}"));
            File.Move(At("app.log"), At("app.log.1"));
            Write("app.log", Lines(name));
            string[] expected = [$"before {name}", .. Lines(name).TrimEnd('\n').Split('\n')];
            Assert.Equal(expected, await TextsAsync(source));
            // What its writer still holds open.
            Append("app.log.1", $"late {name}\n");
            Assert.Equal([$"late {name}"], await TextsAsync(source));
            _time.Advance(TimeSpan.FromSeconds(3));
            Assert.Empty(await TextsAsync(source));
            _time.Advance(TimeSpan.FromSeconds(6));
            Assert.Empty(await TextsAsync(source));
            Append("app.log.1", $"very late {name}\n");
            _time.Advance(TimeSpan.FromSeconds(6));
            Assert.Equal([$"very late {name}"], await TextsAsync(source));
        }
    }

    [Fact]
    public async Task Numbered_files_whose_newest_is_a_copy_are_not_read_again()
    {
        Write("app.log.1", Lines("a"));
        Write("app.log", Lines("b"));
        await using LogSource source = Follow("app.log*");
        Assert.Equal(20, (await TextsAsync(source)).Length);
        for (int round = 0; round < 3; round++)
        {
            Append("app.log", $"before {round}\n");
            if (round > 0) Assert.Equal([$"before {round}"], await TextsAsync(source));
            for (int number = 1 + round; number > 0; number--) File.Move(At($"app.log.{number}"), At($"app.log.{number + 1}"));
            File.Copy(At("app.log"), At("app.log.1"));
            if (round == 2)
            {
                _time.Advance(TimeSpan.FromSeconds(3));
                Assert.Empty(await TextsAsync(source));
            }

            Write("app.log", Lines($"round {round}"));
            string[] expected = [.. round > 0 ? Array.Empty<string>() : ["before 0"], .. Lines($"round {round}").TrimEnd('\n').Split('\n')];
            Assert.Equal(expected, await TextsAsync(source));
            _time.Advance(TimeSpan.FromSeconds(9));
            Assert.Empty(await TextsAsync(source));
        }
    }

    [Fact]
    public async Task Files_that_merely_begin_alike_are_all_read()
    {
        string banner = new('=', 400);
        Write("a.log", banner + "\nof a\n");
        await using LogSource source = Follow("*.log");
        Assert.Equal([banner, "of a"], await TextsAsync(source));
        Write("b.log", banner + "\nof b\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal([banner, "of b"], await TextsAsync(source));
    }

    [Fact]
    public async Task A_file_with_the_number_of_one_that_was_removed_is_new()
    {
        Write("a.log", "first\n");
        await using LogSource source = Follow("*.log");
        Assert.Equal(["first"], await TextsAsync(source));
        File.Delete(At("a.log"));
        _time.Advance(TimeSpan.FromSeconds(12));
        await TextsAsync(source);
        _time.Advance(TimeSpan.FromSeconds(12));
        await TextsAsync(source);
        // Its number is likely to be given again.
        Write("a.log", "other lines, and more of them\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["other lines, and more of them"], await TextsAsync(source));
    }

    [Fact]
    public async Task A_file_whose_place_a_pipe_takes_is_given_up_and_told_and_the_next_file_is_read()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        Write("a.log", "first\n");
        await using LogSource source = Follow("*.log");
        Assert.Equal(["first"], await TextsAsync(source));
        File.Delete(At("a.log"));
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([At("a.log")]).ExecuteAsync(TestContext.Current.CancellationToken);
        for (int i = 0; i < 3; i++)
        {
            _time.Advance(TimeSpan.FromSeconds(6));
            await TextsAsync(source);
        }

        SourceResult told = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal((SourceState.Failed, $"{At("a.log")} is no regular file: a pipe"), (told.State, told.Reason));
        File.Delete(At("a.log"));
        Write("a.log", "second\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["second"], await TextsAsync(source));
    }

    [Fact]
    public async Task A_file_by_two_names_is_read_once()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs links");
        Write("app-1.log", Lines("a"));
        File.CreateSymbolicLink(At("latest.log"), At("app-1.log"));
        await using LogSource source = Follow("*.log");
        Assert.Equal(10, (await TextsAsync(source)).Length);
        Append("app-1.log", "more\n");
        Assert.Equal(["more"], await TextsAsync(source));
        Write("app-2.log", Lines("b"));
        File.Delete(At("latest.log"));
        File.CreateSymbolicLink(At("latest.log"), At("app-2.log"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(10, (await TextsAsync(source)).Length);
    }

    private LogSource Follow(string pattern) => Following.Of(_time, new TargetSettings { Logs = [At(pattern)] });

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private void Append(string name, string text) => File.AppendAllText(At(name), text);

    private static string Lines(string name) => string.Concat(Enumerable.Range(0, 10).Select(i => $"line {i} of {name} {new string('x', 40)}\n"));

    private static async Task<string[]> TextsAsync(LogSource source) =>
        [.. (await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).Facts.LogLines.Select(line => line.Text)];
}
