using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GoTop.Tests.Recording;

public sealed class RecordingTests : RecordingFolder
{
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

        Assert.Equal([FilePath], Directory.GetFiles(Folder));
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

    [Theory]
    [InlineData("plain.gotop")]
    [InlineData("with space, 100% #1.gotop")]
    [InlineData("file:x.gotop")]
    [InlineData(":memory:")]
    public void A_name_is_a_name_of_a_file_and_nothing_else(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows() && name.Contains(':', StringComparison.Ordinal), "Windows has no such names");
        string file = Path.Combine(Folder, name);
        using (RecordingWriter writer = RecordingWriter.Create(file, RecordedSamples.Info)) writer.Append(RecordedSamples.At(1));
        Assert.Equal([file], Directory.GetFiles(Folder));
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
        Assert.Contains("cannot be made", Assert.Throws<RecordingException>(() => RecordingWriter.Create(Path.Combine(Folder, "no", "folder.gotop"), RecordedSamples.Info)).Message, StringComparison.Ordinal);
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
}
