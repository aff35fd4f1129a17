using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GoTop.Tests.Recording;

/// <summary>Recordings that are cut short, flipped, made up, or none at all.</summary>
public sealed class DamagedRecordingTests : RecordingFolder
{
    [Fact]
    public void A_log_that_was_cut_short_loses_the_last_ticks_only()
    {
        string copy = Path.Combine(Folder, "copy.gotop");
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

    /// <summary>All but the target: it is kept once for the recording, without a checksum, and a flip in it is none in a sample.</summary>
    private static string Facts(string text) => string.Join('\n', text.Split('\n').Where(line => !line.StartsWith(".Target.", StringComparison.Ordinal)));

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
}
