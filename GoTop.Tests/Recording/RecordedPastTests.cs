using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Engine.Sampling;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GoTop.Tests.Recording;

public sealed class RecordedPastTests : IDisposable
{
    private static readonly TargetIdentity Live = RecordedSamples.Target with { Name = "shop (found anew)" };
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-past-");

    private string FilePath => Path.Combine(_folder.FullName, "shop.gotop");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Watching_goes_on_where_a_recording_that_is_being_written_stands()
    {
        using RecordingWriter writer = Write(1, 5);
        List<Observation> kept = [];
        Derivation derivation = RecordedPast.Recall(FilePath, Live, long.MaxValue, kept.Add, TestContext.Current.CancellationToken)!;
        Assert.Equal([-4L, -3, -2, -1, 0], kept.Select(observation => observation.Tick));
        Assert.All(kept, observation => Assert.Equal("shop (found anew)", observation.Now.Target.Name));

        Observation live = derivation.Next(Sampled(6) with { Target = Live }, 0);
        Assert.Equal((1L, 6), (live.Tick, live.History.Times.Length));
        // A rate in the first live tick, against the last that was recorded.
        Assert.Equal(1, live.Now.Go.GoroutinesChangePerSecond.Value, 0.001);
    }

    [Fact]
    public void Only_the_newest_moments_are_looked_back_at()
    {
        using RecordingWriter writer = Write(1, RecordedPast.MostTicks + 7);
        List<Observation> kept = [];
        RecordedPast.Recall(FilePath, Live, long.MaxValue, kept.Add, TestContext.Current.CancellationToken);
        Assert.Equal((RecordedPast.MostTicks, RecordedSamples.At(8).Time), (kept.Count, kept[0].Now.Time));
    }

    [Fact]
    public void What_was_recorded_after_watching_began_and_what_is_damaged_leave_their_ticks_free()
    {
        using (RecordingWriter writer = Write(1, 5))
        {
        }

        using (SqliteConnection file = new($"Data Source={FilePath};Pooling=False"))
        {
            file.Open();
            using SqliteCommand damage = file.CreateCommand();
            damage.CommandText = "UPDATE samples SET facts = x'00' WHERE tick = 2";
            Assert.Equal(1, damage.ExecuteNonQuery());
        }

        List<Observation> kept = [];
        Derivation derivation = RecordedPast.Recall(FilePath, Live, Sampled(5).MonotonicNanoseconds, kept.Add, TestContext.Current.CancellationToken)!;
        Assert.Equal([-4L, -2, -1], kept.Select(observation => observation.Tick));
        Assert.Equal(1, derivation.Next(Sampled(5) with { Target = Live }, 0).Tick);
        Assert.Null(RecordedPast.Recall(FilePath, Live, 0, kept.Add, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void The_past_of_another_life_is_nobody_s()
    {
        using RecordingWriter writer = Write(1, 5);
        Assert.Null(RecordedPast.Recall(FilePath, Live with { Process = new ProcessKey(42, 4712) }, long.MaxValue, _ => { }, TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_file_that_is_no_recording_says_so()
    {
        File.WriteAllText(FilePath, "no recording");
        Assert.Throws<RecordingException>(() => RecordedPast.Recall(FilePath, Live, long.MaxValue, _ => { }, TestContext.Current.CancellationToken));
    }

    /// <summary>As the sampler stamps it.</summary>
    private static Sample Sampled(int tick)
    {
        Sample sample = RecordedSamples.At(tick);
        return sample with { Facts = sample.Facts with { Runtime = sample.Facts.Runtime with { ReadAtNanoseconds = sample.MonotonicNanoseconds } } };
    }

    private RecordingWriter Write(int first, int last)
    {
        RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        for (int tick = first; tick <= last; tick++) writer.Append(Sampled(tick));
        return writer;
    }
}
