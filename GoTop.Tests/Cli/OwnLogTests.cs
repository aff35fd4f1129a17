using System.IO.Compression;
using System.Text.RegularExpressions;
using GoTop.Cli.OwnLogging;
using GoTop.Engine.Config;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Cli;

/// <summary>GoTop's own log on real files, and on a disk that is full (/dev/full).</summary>
public sealed partial class OwnLogTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-own-log-");
    private readonly FakeTimeProvider _time = new(new DateTimeOffset(2026, 5, 4, 3, 2, 1, TimeSpan.Zero));

    private string File1 => Path.Combine(_folder.FullName, "gotop.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Lines_reach_the_file_in_order_by_the_end()
    {
        using (OwnLog log = OwnLog.ForScreen(new LogSettings(), _time, File1))
        {
            ILogger logger = log.Factory.CreateLogger("x");
            for (int i = 0; i < 100; i++) logger.LogInformation("line {Number}", i);
            logger.LogDebug("not asked for");
            logger.LogWarning(new InvalidOperationException("why"), "\u001b[31mtwo\nlines");
            Assert.Equal(101, log.Lines.Length);
            Assert.Equal("[WARN] two lines: why", log.Lines[^1].Text);
        }

        string[] lines = File.ReadAllLines(File1);
        Assert.Equal(101, lines.Length);
        Assert.Equal("2026-05-04 03:02:01.000 +00:00 [INFO] line 0", lines[0]);
        Assert.Equal("2026-05-04 03:02:01.000 +00:00 [WARN] two lines: why", lines[^1]);
    }

    [Fact]
    public async Task Lines_are_written_within_the_flush_time_and_errors_at_once()
    {
        AwaitableTime time = new();
        await using OwnLogQueue queue = Queue(new LogSettings(), time);
        await time.TimerOfAsync(TimeSpan.FromSeconds(1));
        queue.Add(LogLevel.Information, "one\n");
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => Text() == "one\n");
        queue.Add(LogLevel.Error, "two\n");
        await Until.TrueAsync(() => Text() == "one\ntwo\n");
    }

    [Fact]
    public async Task A_queue_that_is_half_full_is_written_at_once_and_to_its_end()
    {
        AwaitableTime time = new();
        await using OwnLogQueue queue = Queue(new LogSettings { Queue = 5001 }, time);
        for (int i = 0; i < 2501; i++) queue.Add(LogLevel.Information, "x\n");
        // No time passes.
        await Until.TrueAsync(() => Text().Length == 2 * 2501);
    }

    [Fact]
    public async Task More_lines_than_are_written_at_once_need_no_more_than_one_flush()
    {
        AwaitableTime time = new();
        await using OwnLogQueue queue = Queue(new LogSettings { Queue = 10_000 }, time);
        for (int i = 0; i < 3000; i++) queue.Add(LogLevel.Information, "x\n");
        await time.TimerOfAsync(TimeSpan.FromSeconds(1)).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        time.Advance(TimeSpan.FromSeconds(1));
        await Until.TrueAsync(() => Text().Length == 2 * 3000);
    }

    [Fact]
    public async Task Who_logs_after_the_end_is_counted_and_not_thrown_at()
    {
        OwnLogQueue queue = Queue(new LogSettings(), _time);
        queue.Add(LogLevel.Error, "one\n");
        await queue.DisposeAsync();
        queue.Add(LogLevel.Error, "two\n");
        await queue.DisposeAsync();
        Assert.Equal("one\n", Text());
        Assert.Equal(1, queue.Dropped);
    }

    /// <summary>To open a pipe that nobody reads takes for ever, as a network's disk may.</summary>
    [Fact]
    public async Task A_file_that_does_not_answer_does_not_hold_up_the_end()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        string pipe = Path.Combine(_folder.FullName, "pipe.log");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync(TestContext.Current.CancellationToken);
        OwnLogQueue queue = new(new LogSettings(), new OwnLogFile(new LogSettings(), pipe, _time), _time);
        queue.Add(LogLevel.Error, "one\n");
        try
        {
            await queue.DisposeAsync().AsTask().WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        }
        finally
        {
            // Lets the writer go.
            await using FileStream reader = new(pipe, FileMode.Open, FileAccess.ReadWrite);
        }
    }

    /// <summary>Three lines are in the writer's hands, and eight have taken their place by the time at which they cannot be written.</summary>
    [Theory]
    [InlineData(LogWhenFull.DropNewest, "0 1 2 3 4 5 6 7")]
    [InlineData(LogWhenFull.DropOldest, "3 4 5 6 7 8 9 10")]
    public async Task Lines_that_find_no_place_when_they_come_back_are_counted(LogWhenFull whenFull, string kept)
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        string path = Path.Combine(_folder.FullName, "link.log");
        File.CreateSymbolicLink(path, "/dev/full");
        AwaitableTime time = new();
        GatedTime timeOfFile = new(time);
        LogSettings settings = new() { Queue = 8, WhenFull = whenFull };
        await using OwnLogQueue queue = new(settings, new OwnLogFile(settings, path, timeOfFile), time);
        for (int i = 0; i < 3; i++) queue.Add(LogLevel.Information, $"{i}\n");
        await time.TimerOfAsync(settings.Flush).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        time.Advance(settings.Flush);
        await timeOfFile.Asked.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        for (int i = 3; i < 11; i++) queue.Add(LogLevel.Information, $"{i}\n");
        timeOfFile.Open();
        await Until.TrueAsync(() => queue.Problem is not null);
        Assert.Equal(3, queue.Dropped);
        File.Delete(path);
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return queue.Problem is null;
        });
        string[] lines = Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.EndsWith("3 lines were dropped: more than 8 waited to be written", lines[1], StringComparison.Ordinal);
        Assert.Equal(kept, string.Join(' ', lines[2..]));
    }

    [Fact]
    public void A_large_file_is_set_aside_and_compressed_and_only_so_many_are_kept()
    {
        LogSettings settings = new() { MostBytes = 1000, Keep = 2 };
        using (OwnLogFile file = new(settings, File1, _time))
        {
            for (int i = 0; i < 50; i++)
            {
                file.Write($"{i:000} {new string('x', 95)}\n");
                _time.Advance(TimeSpan.FromMilliseconds(100));
            }
        }

        Assert.Equal("040", File.ReadAllText(File1)[..3]);
        string[] aside = [.. Directory.GetFiles(_folder.FullName, "gotop-*").Order(StringComparer.Ordinal)];
        Assert.Equal(2, aside.Length);
        Assert.All(aside, path => Assert.EndsWith(".log.gz", path, StringComparison.Ordinal));
        Assert.Equal(["020", "030"], aside.Select(path => Unpacked(path)[..3]));
        Assert.All(aside, path => Assert.Equal(1000, Unpacked(path).Length));
    }

    [Fact]
    public void A_day_or_an_hour_that_is_over_has_a_file_of_its_own()
    {
        using OwnLogFile file = new(new LogSettings { Roll = LogRoll.Hourly, Compress = false }, File1, _time);
        file.Write("first\n");
        _time.Advance(TimeSpan.FromMinutes(57));
        file.Write("same hour\n");
        _time.Advance(TimeSpan.FromMinutes(1));
        file.Write("next hour\n");
        Assert.Equal("next hour\n", Text());
        Assert.Equal("first\nsame hour\n", File.ReadAllText(Assert.Single(Directory.GetFiles(_folder.FullName, "gotop-*.log"))));
    }

    [Fact]
    public void A_second_GoTop_writes_a_file_of_its_own()
    {
        using OwnLogFile one = new(new LogSettings(), File1, _time), two = new(new LogSettings(), File1, _time);
        one.Write("one\n");
        two.Write("two\n");
        one.Write("one again\n");
        Assert.Equal("one\none again\n", Text());
        Assert.Equal("two\n", Text(Path.Combine(_folder.FullName, "gotop-2.log")));
    }

    /// <summary>/dev/full answers every write as a full disk does.</summary>
    [Fact]
    public async Task On_a_full_disk_GoTop_goes_on_says_so_and_writes_what_it_kept_when_there_is_room()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        string path = Path.Combine(_folder.FullName, "link.log");
        File.CreateSymbolicLink(path, "/dev/full");
        List<string?> problems = [];
        LogSettings settings = new() { Queue = 8 };
        AwaitableTime time = new();
        await using OwnLogQueue queue = new(settings, new OwnLogFile(settings, path, time), time);
        queue.ProblemChanged += problem =>
        {
            lock (problems) problems.Add(problem);
        };
        queue.Add(LogLevel.Error, queue.Line(LogLevel.Error, "kept"));
        await Until.TrueAsync(() => queue.Problem is not null);
        Assert.Contains("No space left", queue.Problem, StringComparison.OrdinalIgnoreCase);
        for (int i = 0; i < 100; i++) queue.Add(i % 20 == 0 ? LogLevel.Warning : LogLevel.Information, queue.Line(LogLevel.Information, $"line {i}"));
        File.Delete(path);
        await Until.TrueAsync(() =>
        {
            // The file it holds open is the device's; there is room now under the same name.
            time.Advance(TimeSpan.FromSeconds(1));
            return File.Exists(path);
        });
        await Until.TrueAsync(() => queue.Problem is null);
        string[] lines = [.. Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => Stamp().Replace(line, ""))];
        Assert.StartsWith("[WARN] this log could not be written for", lines[0], StringComparison.Ordinal);
        Assert.Equal("[WARN] 93 lines were dropped: more than 8 waited to be written", lines[1]);
        Assert.Equal(["[ERROR] kept", "[INFO] line 0", "[INFO] line 20", "[INFO] line 40", "[INFO] line 60", "[INFO] line 80", "[INFO] line 98", "[INFO] line 99"], lines[2..]);
        Assert.Equal(93, queue.Dropped);
        lock (problems) Assert.Equal(2, problems.Count);
    }

    [Fact]
    public async Task What_goes_when_the_queue_is_full_is_configured()
    {
        Assert.SkipUnless(File.Exists("/dev/full"), "there is no /dev/full here");
        string path = Path.Combine(_folder.FullName, "link.log");
        File.CreateSymbolicLink(path, "/dev/full");
        AwaitableTime time = new();
        LogSettings settings = new() { Queue = 4, WhenFull = LogWhenFull.DropNewest };
        await using OwnLogQueue queue = new(settings, new OwnLogFile(settings, path, time), time);
        queue.Add(LogLevel.Error, "0\n");
        await Until.TrueAsync(() => queue.Problem is not null);
        for (int i = 1; i < 10; i++) queue.Add(LogLevel.Error, $"{i}\n");
        Assert.Equal(6, queue.Dropped);
        File.Delete(path);
        await Until.TrueAsync(() =>
        {
            time.Advance(TimeSpan.FromSeconds(1));
            return queue.Problem is null;
        });
        Assert.Equal(["0", "1", "2", "3"], Text(path).Split('\n', StringSplitOptions.RemoveEmptyEntries)[2..]);
    }

    [Fact]
    public void Without_a_place_for_its_file_GoTop_logs_to_the_screen_alone()
    {
        using OwnLog log = OwnLog.ForScreen(new LogSettings(), _time, Path.Combine(_folder.FullName, "gotop.log", "below-a-file", "x.log"));
        File.WriteAllText(File1, "");
        log.Factory.CreateLogger("x").LogError("seen");
        Assert.Contains(log.Lines, line => line.Text == "[ERROR] seen");
    }

    private OwnLogQueue Queue(LogSettings settings, TimeProvider time) => new(settings, new OwnLogFile(settings, File1, time), time);

    private string Text() => Text(File1);

    private static string Text(string path)
    {
        if (!File.Exists(path)) return "";
        using StreamReader reader = new(new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete));
        return reader.ReadToEnd();
    }

    private static string Unpacked(string path)
    {
        using StreamReader reader = new(new GZipStream(File.OpenRead(path), CompressionMode.Decompress));
        return reader.ReadToEnd();
    }

    /// <summary>Holds up whoever asks for the time, until it is opened.</summary>
    private sealed class GatedTime(TimeProvider time) : TimeProvider
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public Task Asked => _asked.Task;

        public override TimeZoneInfo LocalTimeZone => TimeZoneInfo.Utc;

        public void Open() => _open.TrySetResult();

        public override DateTimeOffset GetUtcNow()
        {
            _asked.TrySetResult();
            if (!_open.Task.Wait(TimeSpan.FromMinutes(1))) throw new TimeoutException("it was never opened");
            return time.GetUtcNow();
        }
    }

    [GeneratedRegex(@"^\S+ \S+ \S+ ")]
    private static partial Regex Stamp();
}
