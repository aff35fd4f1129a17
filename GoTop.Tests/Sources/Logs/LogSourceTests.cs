using System.Text;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

public sealed class LogSourceTests : IAsyncDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-logs-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));
    private readonly string _path;
    private readonly LogSource _source;

    public LogSourceTests()
    {
        _path = Path.Combine(_folder.FullName, "orders.log");
        _source = Follow(_path);
    }

    public async ValueTask DisposeAsync()
    {
        await _source.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    [Fact]
    public async Task Lines_arrive_once_with_their_origin_and_time()
    {
        Append("one\ntwo\r\n\n");
        Assert.Equal([new LogLine(_time.GetUtcNow(), _path, "one"), new(_time.GetUtcNow(), _path, "two"), new(_time.GetUtcNow(), _path, "")], await LinesAsync());
        Assert.Empty(await LinesAsync());
        Append("three\n");
        Assert.Equal(["three"], await TextsAsync());
    }

    [Fact]
    public async Task An_unfinished_line_waits_for_its_end_even_within_a_character()
    {
        byte[] text = "größe\n"u8.ToArray();
        Append(text[..3]);
        Assert.Empty(await LinesAsync());
        Append(text[3..4]);
        Assert.Empty(await LinesAsync());
        Append(text[4..]);
        Assert.Equal(["größe"], await TextsAsync());
    }

    [Fact]
    public async Task Of_a_long_file_the_last_64_KB_are_read_from_the_start_of_a_line()
    {
        for (int i = 0; i < 2000; i++) Append($"line {i:0000} {new string('x', 100)}\n");
        string[] lines = await TextsAsync();
        Assert.Equal($"line {2000 - lines.Length:0000} {new string('x', 100)}", lines[0]);
        Assert.InRange(lines.Length, 500, 600);
        Assert.StartsWith("line 1999", lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_yet_is_read_from_its_start_once_it_is()
    {
        SourceResult missing = await ReadAsync();
        Assert.Equal(SourceState.NotYet, missing.State);
        Assert.Equal($"{_path} is not there yet", missing.Reason);
        Append(new string('y', 100_000) + "\nfirst\n");
        Assert.Equal("first", (await TextsAsync())[^1]);
    }

    [Theory]
    [InlineData("orders.log.1")]
    [InlineData("orders-2026-05-04T03-02-01.000.log")]
    public async Task What_was_written_before_and_after_a_rename_is_read(string rotatedName)
    {
        Append("2026-05-04 a\n");
        await TextsAsync();
        Append("2026-05-04 b\n2026-05-04 unfinished");
        File.Move(_path, Path.Combine(_folder.FullName, rotatedName));
        Append("2026-05-05 c\n2026-05-05 and this makes it longer than the old one was\n");
        Assert.Equal(
            ["2026-05-04 b", "2026-05-04 unfinished", "2026-05-05 c", "2026-05-05 and this makes it longer than the old one was"],
            await TextsAsync());
    }

    [Fact]
    public async Task A_rename_seen_before_the_new_file_exists_loses_nothing()
    {
        Append("2026-05-04 a\n");
        await TextsAsync();
        Append("2026-05-04 b\n");
        File.Move(_path, _path + ".1");
        SourceResult missing = await ReadAsync();
        Assert.Equal($"{_path} is not there yet", missing.Reason);
        Assert.Equal(["2026-05-04 b"], missing.Facts.LogLines.Select(line => line.Text));
        Append("2026-05-05 c\n");
        Assert.Equal(["2026-05-05 c"], await TextsAsync());
    }

    [Fact]
    public async Task A_truncated_file_is_read_from_its_start()
    {
        Append("a long first line that makes the file long\n");
        await TextsAsync();
        File.WriteAllText(_path, "short\n");
        Assert.Equal(["short"], await TextsAsync());
    }

    [Fact]
    public async Task Copied_away_and_truncated_loses_nothing_either()
    {
        Append("2026-05-04 a\n");
        await TextsAsync();
        Append("2026-05-04 b\n");
        File.Copy(_path, _path + ".1");
        File.WriteAllText(_path, "2026-05-05 c\n");
        Assert.Equal(["2026-05-04 b", "2026-05-05 c"], await TextsAsync());
    }

    [Fact]
    public async Task A_flood_is_cut_to_its_newest_lines_and_the_rest_counted()
    {
        Append("start\n");
        await TextsAsync();
        StringBuilder flood = new();
        for (int i = 0; i < 20_000; i++) flood.Append(System.Globalization.CultureInfo.InvariantCulture, $"line {i:00000} {new string('x', 88)}\n");
        Append(flood.ToString());
        SampleFacts facts = (await ReadAsync()).Facts;
        Assert.Equal(1000, facts.LogLines.Length);
        Assert.Equal(19_000, facts.LogLinesDropped);
        Assert.StartsWith("line 19999", facts.LogLines[^1].Text, StringComparison.Ordinal);
        Assert.StartsWith("line 19000", facts.LogLines[0].Text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_line_without_end_keeps_its_beginning_only()
    {
        Append("first\n");
        await TextsAsync();
        for (int i = 0; i < 5; i++)
        {
            Append(new string((char)('a' + i), 100_000));
            Assert.Empty(await LinesAsync());
        }

        Append("\nnext\n");
        string[] lines = await TextsAsync();
        Assert.Equal(2000, lines[0].Length);
        Assert.StartsWith("aaaa", lines[0], StringComparison.Ordinal);
        Assert.Equal("next", lines[1]);
    }

    [Fact]
    public async Task A_log_cannot_steer_the_terminal()
    {
        Append("\u001b]0;owned\u0007\u001b[2Jplain \u202egnp\n");
        Assert.Equal(["plain gnp"], await TextsAsync());
    }

    [Fact]
    public async Task Each_file_has_its_share_and_a_missing_one_is_named()
    {
        string other = Path.Combine(_folder.FullName, "access.log");
        await using LogSource source = Follow(_path, other);
        Append(string.Concat(Enumerable.Repeat("noise\n", 5000)));
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal((SourceState.Ok, $"{other} is not there yet"), (result.State, result.Reason));
        Assert.Equal(500, result.Facts.LogLines.Length);
        File.WriteAllText(other, "GET /\n");
        result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal("GET /", Assert.Single(result.Facts.LogLines).Text);
        Assert.Null(result.Reason);
    }

    [Fact]
    public async Task A_folder_is_no_log_file()
    {
        await using LogSource source = Follow(_folder.FullName);
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Contains(_folder.FullName, result.Reason, StringComparison.Ordinal);
        Assert.NotEqual(SourceState.Ok, result.State);
    }

    [Fact]
    public void Without_configured_files_there_is_no_source()
    {
        TargetContext context = new(new TargetIdentity { Name = "x" }, new FakePlatform(), TargetSettings.Default, _time);
        Assert.Null(LogSource.Create(context));
        Assert.Equal(SourceState.NotSupported, LogSource.Check(context).State);
    }

    private LogSource Follow(params string[] paths) => Following.Of(_time, new TargetSettings { Logs = [.. paths] });

    private void Append(string text) => Append(Encoding.UTF8.GetBytes(text));

    private void Append(byte[] bytes)
    {
        using FileStream file = new(_path, FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        file.Write(bytes);
    }

    private async Task<SourceResult> ReadAsync() => await _source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    private async Task<LogLine[]> LinesAsync() => [.. (await ReadAsync()).Facts.LogLines];

    private async Task<string[]> TextsAsync() => [.. (await LinesAsync()).Select(l => l.Text)];
}
