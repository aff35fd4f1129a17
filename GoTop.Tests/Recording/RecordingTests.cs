using System.Collections.Immutable;
using System.Diagnostics;
using System.Globalization;
using System.IO.Pipes;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GoTop.Tests.Recording;

public sealed class RecordingTests : IDisposable
{
    private const string KilledFile = "GOTOP_TEST_KILLED_FILE";
    private const string KilledPipe = "GOTOP_TEST_KILLED_PIPE";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-recording-");

    private string FilePath => Path.Combine(_folder.FullName, "test.gotop");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void What_was_written_is_read_again()
    {
        GoroutineTable first = RecordedSamples.Goroutines(50), second = RecordedSamples.Goroutines(60, seed: 2);
        Sample[] samples =
        [
            RecordedSamples.At(1), RecordedSamples.At(2, Reading.Of(first)), RecordedSamples.At(3, Reading.Of(first).AsStale("late")),
            RecordedSamples.At(4, Reading.Denied<GoroutineTable>("no")), RecordedSamples.At(5, Reading.Of(first)), RecordedSamples.At(6, Reading.Of(second)),
            RecordedSamples.At(7) with { Target = RecordedSamples.Target with { Process = new ProcessKey(43, 1) }, TargetEnded = "it exited" },
        ];
        Write(samples);

        Assert.Equal([FilePath], Directory.GetFiles(_folder.FullName));
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(SampleText.Of(RecordedSamples.Info), SampleText.Of(reader.Info));
        Assert.Equal(samples.Length, reader.Count);
        Assert.Equal(samples.Select(SampleText.Of), reader.ReadAll().Select(tick => SampleText.Of(tick.Sample)));
        Assert.Same(reader.Read(1).Facts.Goroutines.Value, reader.Read(2).Facts.Goroutines.Value);
    }

    [Fact]
    public void Values_that_a_build_set_by_linker_flags_are_not_recorded()
    {
        ImmutableSortedDictionary<string, string> settings = ImmutableSortedDictionary<string, string>.Empty
            .Add("-ldflags", "-X main.token=hunter2").Add("vcs.revision", "abc");
        TargetIdentity target = RecordedSamples.Target with { Build = Reading.Of(new GoBuildInfo("go1.25.1", "shop", "example.com/shop", "v1", settings)) };
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info with { Target = target }))
        {
            writer.Append(RecordedSamples.At(1) with { Target = target });
            writer.Append(RecordedSamples.At(2) with { Target = target with { Name = "shop again" } });
        }

        using RecordingReader reader = RecordingReader.Open(FilePath);
        TargetIdentity[] recorded = [reader.Info.Target, reader.Read(0).Target, reader.Read(1).Target];
        Assert.All(recorded, identity =>
        {
            Assert.Equal("abc", identity.Build.Value.VcsRevision);
            Assert.DoesNotContain("hunter2", string.Join(' ', identity.Build.Value.Settings.Values), StringComparison.Ordinal);
        });
    }

    [Fact]
    public void What_a_message_repeats_of_a_file_cannot_steer_the_terminal() =>
        Assert.DoesNotContain('\u001b', new RecordingException("a.gotop", "tick 1 is damaged: $['\u001b]0;x\u0007']").Message);

    [Fact]
    public void Goroutines_that_did_not_change_are_stored_once()
    {
        GoroutineTable table = RecordedSamples.Goroutines(20_000);
        Write([.. Enumerable.Range(1, 20).Select(i => RecordedSamples.At(i, Reading.Of(table)))]);
        long alone = SampleCodec.EncodeGoroutines(table, 1).Length;
        Assert.InRange(new FileInfo(FilePath).Length, alone, (alone * 2) + (20 * 6000));
    }

    [Fact]
    public void A_time_finds_the_sample_at_or_before_it()
    {
        Write([.. Enumerable.Range(1, 10).Select(i => RecordedSamples.At(i))]);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(0, reader.IndexAt(RecordedSamples.Start));
        Assert.Equal(0, reader.IndexAt(RecordedSamples.Start.AddSeconds(1)));
        Assert.Equal(3, reader.IndexAt(RecordedSamples.Start.AddSeconds(4.9)));
        Assert.Equal(9, reader.IndexAt(RecordedSamples.Start.AddDays(1)));
        Assert.Equal(4, reader.IndexAt(RecordedSamples.Start.AddSeconds(5).ToOffset(TimeSpan.FromHours(9))));
    }

    [Fact]
    public void A_recording_without_ticks_is_empty_and_not_an_error()
    {
        Write();
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal((0, -1), (reader.Count, reader.IndexAt(RecordedSamples.Start)));
    }

    [Fact]
    public void A_bounded_recording_drops_its_oldest_ticks_and_stays_readable()
    {
        const long limit = 600_000;
        // The file may be larger by what one transaction needs before old pages are free.
        const long slack = 300_000;
        GoroutineTable table = RecordedSamples.Goroutines(2000);
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info, limit))
        {
            for (int i = 1; i <= 400; i++)
            {
                if (i % 10 == 0) table = RecordedSamples.Goroutines(2000, seed: i);
                Assert.Equal(i, writer.Append(RecordedSamples.At(i, i % 4 == 0 ? default : Reading.Of(table))));
            }
        }

        Assert.InRange(new FileInfo(FilePath).Length, limit / 2, limit + slack);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.InRange(reader.Count, 20, 399);
        Assert.Equal(400, reader.TickAt(reader.Count - 1));
        Assert.All(reader.ReadAll(), tick => Assert.Null(tick.Damage));
        Assert.Equal(SampleText.Of(RecordedSamples.At(400)), SampleText.Of(reader.Read(reader.Count - 1)));
    }

    [Fact]
    public void A_bounded_recording_keeps_goroutines_that_later_samples_refer_to()
    {
        GoroutineTable table = RecordedSamples.Goroutines(100);
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info, 200_000))
        {
            writer.Append(RecordedSamples.At(1, Reading.Of(table)));
            for (int i = 2; i <= 300; i++) writer.Append(RecordedSamples.At(i, i < 300 ? default : Reading.Of(table)));
        }

        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.True(reader.TickAt(0) > 1);
        Assert.Equal(table.Rows, reader.Read(reader.Count - 1).Facts.Goroutines.Value.Rows);
    }

    [Fact]
    public void A_sample_larger_than_the_limit_is_still_kept()
    {
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info, maxBytes: 1))
        {
            for (int i = 1; i <= 3; i++) writer.Append(RecordedSamples.At(i));
        }

        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(3, reader.TickAt(Assert.Single(Enumerable.Range(0, reader.Count))));
    }

    [Fact]
    public void A_reader_follows_a_recording_that_is_being_written()
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        writer.Append(RecordedSamples.At(1));
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(1, reader.Count);
        writer.Append(RecordedSamples.At(2));
        reader.Refresh();
        Assert.Equal(SampleText.Of(RecordedSamples.At(2)), SampleText.Of(reader.Read(1)));
    }

    [Fact]
    public void Files_copied_from_under_the_writer_hold_every_tick()
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        for (int i = 1; i <= 25; i++) writer.Append(RecordedSamples.At(i));
        string copy = Path.Combine(_folder.FullName, "copy.gotop");
        Copy(FilePath, copy);
        Assert.True(new FileInfo(FilePath + "-wal").Length > 0);
        Copy(FilePath + "-wal", copy + "-wal");
        using RecordingReader reader = RecordingReader.Open(copy);
        Assert.Equal(25, reader.ReadAll().Count(tick => tick.Sample is not null));
    }

    [Fact]
    public void A_log_that_was_cut_short_loses_the_last_ticks_only()
    {
        string copy = Path.Combine(_folder.FullName, "copy.gotop");
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info))
        {
            for (int i = 1; i <= 25; i++) writer.Append(RecordedSamples.At(i));
            Copy(FilePath, copy);
            Copy(FilePath + "-wal", copy + "-wal");
        }

        using (FileStream log = new(copy + "-wal", FileMode.Open)) log.SetLength(log.Length * 2 / 3);
        using RecordingReader reader = RecordingReader.Open(copy);
        Assert.InRange(reader.Count, 10, 24);
        Assert.Equal(Enumerable.Range(1, reader.Count).Select(i => SampleText.Of(RecordedSamples.At(i))), reader.ReadAll().Select(tick => SampleText.Of(tick.Sample)));
    }

    [Fact]
    public async Task A_writer_killed_at_work_leaves_a_recording_that_opens()
    {
        string pipeName = $"gotop-test-{Guid.NewGuid():N}";
        await using NamedPipeServerStream pipe = new(pipeName, PipeDirection.In, 1, PipeTransmissionMode.Byte, PipeOptions.Asynchronous);
        using Process child = StartWriter(pipeName);
        byte[] written = new byte[40];
        await pipe.WaitForConnectionAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        await pipe.ReadExactlyAsync(written, TestContext.Current.CancellationToken).AsTask().WaitAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        child.Kill();
        await child.WaitForExitAsync(TestContext.Current.CancellationToken);

        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.True(reader.Count >= written.Length, $"{reader.Count} ticks");
        Assert.Equal(Enumerable.Range(1, reader.Count).Select(i => SampleText.Of(RecordedSamples.At(i))), reader.ReadAll().Select(tick => SampleText.Of(tick.Sample)));
    }

    /// <summary>The other half of the test above: runs in a process of its own, until it is killed.</summary>
    [Fact(Explicit = true)]
    public void Writer_that_is_killed()
    {
        using NamedPipeClientStream pipe = new(".", Environment.GetEnvironmentVariable(KilledPipe)!, PipeDirection.Out);
        pipe.Connect(60_000);
        using RecordingWriter writer = RecordingWriter.Create(Environment.GetEnvironmentVariable(KilledFile)!, RecordedSamples.Info);
        for (int i = 1; i < 100_000; i++)
        {
            writer.Append(RecordedSamples.At(i));
            pipe.WriteByte(1);
        }
    }

    [Fact]
    public void Files_that_are_no_recordings_are_refused_with_the_reason()
    {
        AssertRefused("there is no such file");
        File.WriteAllText(FilePath, "");
        AssertRefused("it is empty");
        File.WriteAllText(FilePath, "{ \"json\": true, \"padding\": \"................\" }");
        AssertRefused("this is not a GoTop recording");
        File.Delete(FilePath);
        Sql("CREATE TABLE t(x)");
        AssertRefused("this is a database, but not a GoTop recording");
    }

    [Theory]
    [InlineData("PRAGMA user_version=3", "made by a newer GoTop")]
    [InlineData("PRAGMA user_version=0", "its format 0 is unknown")]
    [InlineData("DROP TABLE meta", "its tables are not those of a recording")]
    [InlineData("DROP TABLE samples; CREATE VIEW samples AS WITH RECURSIVE r(x) AS (VALUES(1) UNION ALL SELECT x+1 FROM r) SELECT x AS tick FROM r", "its tables are not those of a recording")]
    [InlineData("DELETE FROM meta WHERE key='target'", "\"target\" is missing")]
    [InlineData("UPDATE meta SET value='{' WHERE key='target'", "its target is not readable")]
    [InlineData("UPDATE meta SET value=x'ff00' WHERE key='started'", "\"started\" is not a time")]
    public void Recordings_made_up_or_too_new_are_refused_with_the_reason(string sql, string reason)
    {
        Write(RecordedSamples.At(1));
        Sql(sql);
        AssertRefused(reason);
    }

    [Theory]
    [InlineData("UPDATE samples SET facts=x'0102' WHERE tick=2", "it is cut short")]
    [InlineData("UPDATE samples SET facts='text' WHERE tick=2", "its bytes are missing")]
    [InlineData("UPDATE samples SET facts=(SELECT facts FROM samples WHERE tick=1)||x'00' WHERE tick=2", "its bytes are missing")]
    [InlineData("UPDATE samples SET facts=zeroblob(40000000) WHERE tick=2", "too big")]
    [InlineData("UPDATE samples SET goroutines=NULL WHERE tick=2", "its goroutines are missing")]
    [InlineData("UPDATE samples SET goroutines='x' WHERE tick=2", "its goroutines are missing")]
    [InlineData("DELETE FROM goroutines WHERE tick=2", "its goroutines are missing")]
    [InlineData("UPDATE goroutines SET columns=x'020000000000000000' WHERE tick=2", "among its goroutines its layout 2 is unknown")]
    public void A_damaged_tick_names_itself_and_leaves_the_others_readable(string sql, string reason)
    {
        Write([.. Enumerable.Range(1, 3).Select(i => RecordedSamples.At(i, Reading.Of(RecordedSamples.Goroutines(10, seed: i))))]);
        Sql(sql);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        RecordingException damage = Assert.Throws<RecordingException>(() => reader.Read(1));
        Assert.StartsWith($"recording {FilePath}: tick 2 is damaged: ", damage.Message, StringComparison.Ordinal);
        Assert.Contains(reason, damage.Message, StringComparison.Ordinal);
        Assert.Equal([true, false, true], reader.ReadAll().Select(tick => tick.Damage is null));
    }

    [Fact]
    public void Flipped_bits_give_an_error_or_the_right_sample_but_not_a_wrong_one()
    {
        const int ticks = 12;
        Write([.. Enumerable.Range(1, ticks).Select(i => RecordedSamples.At(i, Reading.Of(RecordedSamples.Goroutines(10, seed: i))))]);
        Dictionary<long, string> right = Enumerable.Range(1, ticks).ToDictionary(i => (long)i, i => SampleText.Of(RecordedSamples.At(i, Reading.Of(RecordedSamples.Goroutines(10, seed: i)))));
        byte[] good = File.ReadAllBytes(FilePath);
        Random random = new(7);
        int damaged = 0, refused = 0;
        for (int round = 0; round < 30; round++)
        {
            byte[] bad = [.. good];
            for (int flips = 0; flips < 8; flips++) bad[random.Next(bad.Length)] ^= (byte)(1 << random.Next(8));
            File.WriteAllBytes(FilePath, bad);
            try
            {
                using RecordingReader reader = RecordingReader.Open(FilePath);
                foreach (RecordedTick tick in reader.ReadAll())
                {
                    if (tick.Sample is null) damaged++;
                    else Assert.Equal(Facts(right[tick.Tick]), Facts(SampleText.Of(tick.Sample)));
                }
            }
            catch (RecordingException)
            {
                refused++;
            }
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{damaged} damaged ticks, {refused} refused files");
        Assert.True(damaged > 0);
    }

    [Fact]
    public void A_file_cut_short_gives_what_is_left_or_a_clear_error()
    {
        Write([.. Enumerable.Range(1, 60).Select(i => RecordedSamples.At(i))]);
        byte[] good = File.ReadAllBytes(FilePath);
        for (int length = 0; length < good.Length; length += 9001)
        {
            File.WriteAllBytes(FilePath, good[..length]);
            try
            {
                using RecordingReader reader = RecordingReader.Open(FilePath);
                foreach (RecordedTick tick in reader.ReadAll())
                {
                    if (tick.Sample is not null) Assert.Equal(tick.Tick * 1_000_000_000, tick.Sample.MonotonicNanoseconds);
                }
            }
            catch (RecordingException e)
            {
                Assert.StartsWith($"recording {FilePath}: ", e.Message, StringComparison.Ordinal);
            }
        }
    }

    [Theory]
    [InlineData("plain.gotop")]
    [InlineData("with space, 100% #1.gotop")]
    [InlineData("file:x.gotop")]
    [InlineData(":memory:")]
    public void A_name_is_a_name_of_a_file_and_nothing_else(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal), "Windows has no such names");
        string file = Path.Combine(_folder.FullName, name);
        using (RecordingWriter writer = RecordingWriter.Create(file, RecordedSamples.Info)) writer.Append(RecordedSamples.At(1));
        Assert.Equal([file], Directory.GetFiles(_folder.FullName));
        using RecordingReader reader = RecordingReader.Open(file);
        Assert.Equal(1, reader.Count);
        // How a file in a folder that cannot be written to is opened; the user that runs the tests may write anywhere.
        using SqliteConnection immutable = RecordingFile.OpenImmutable(file);
        using SqliteCommand count = immutable.CreateCommand();
        count.CommandText = "SELECT count(*) FROM samples";
        Assert.Equal(1L, count.ExecuteScalar());
    }

    [Fact]
    public void An_existing_file_is_never_written_over()
    {
        File.WriteAllText(FilePath, "precious");
        Assert.Contains("exists already", Assert.Throws<RecordingException>(() => RecordingWriter.Create(FilePath, RecordedSamples.Info)).Message, StringComparison.Ordinal);
        Assert.Contains("cannot be made", Assert.Throws<RecordingException>(() => RecordingWriter.Create(Path.Combine(_folder.FullName, "no", "folder.gotop"), RecordedSamples.Info)).Message, StringComparison.Ordinal);
        Assert.Equal("precious", File.ReadAllText(FilePath));
    }

    [Fact]
    public void A_recording_of_before_labels_and_waits_says_that_it_has_none()
    {
        using RecordingReader reader = RecordingReader.Open(Path.Combine(RepositoryFiles.Root, "GoTop", "Demo", "demo.gotop"));
        GoroutineTable table = reader.Read(reader.Count - 1).Facts.Goroutines.Value;
        Assert.True(table.Rows.Length > 100);
        Assert.Equal((ReadingState.NotSupported, ReadingState.NotSupported), (table.LabelSets.State, table.Waits.State));
        Assert.Contains("did not read it", table.Waits.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_tick_costs_few_bytes_in_the_file()
    {
        Write([.. Enumerable.Range(1, 300).Select(i => RecordedSamples.At(i))]);
        long bytes = new FileInfo(FilePath).Length / 300;
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{bytes} bytes a tick"));
        Assert.InRange(bytes, 1, 5000);
    }

    /// <summary>All but the target: it is kept once for the recording, without a checksum, and a flip in it is none in a sample.</summary>
    private static string Facts(string text) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(".Target.", StringComparison.Ordinal)));

    private void Write(params Sample[] samples)
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        foreach (Sample sample in samples) writer.Append(sample);
    }

    private void AssertRefused(string reason)
    {
        RecordingException refused = Assert.Throws<RecordingException>(() => RecordingReader.Open(FilePath));
        Assert.StartsWith($"recording {FilePath}: ", refused.Message, StringComparison.Ordinal);
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
    }

    private void Sql(string text)
    {
        using SqliteConnection connection = new($"Data Source={FilePath};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }

    private static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, FileMode.CreateNew);
        source.CopyTo(target);
    }

    private Process StartWriter(string pipeName)
    {
        string tests = typeof(RecordingTests).Assembly.Location;
        ProcessStartInfo start = new(Path.ChangeExtension(tests, OperatingSystem.IsWindows() ? ".exe" : null))
        {
            ArgumentList = { "--explicit", "only", "--filter-method", $"{typeof(RecordingTests).FullName}.{nameof(Writer_that_is_killed)}" },
            Environment = { [KilledFile] = FilePath, [KilledPipe] = pipeName },
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
