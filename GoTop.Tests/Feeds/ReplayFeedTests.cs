using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Feeds;
using GoTop.Tests.Recording;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Feeds;

public sealed class ReplayFeedTests : IDisposable
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-replay-");
    private readonly FakeTimeProvider _time = new();

    private string FilePath => Path.Combine(_folder.FullName, "test.gotop");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_recording_is_played_at_the_pace_it_was_made()
    {
        Write(RecordedSamples.At(1), RecordedSamples.At(3), RecordedSamples.At(4));
        using ReplayFeed feed = Open();
        _time.Advance(TimeSpan.Zero);
        Assert.Equal(RecordedSamples.At(1).Time, feed.Latest!.Now.Time);
        _time.Advance(Second);
        Assert.Equal(RecordedSamples.At(1).Time, feed.Latest.Now.Time);
        _time.Advance(Second);
        Assert.Equal(RecordedSamples.At(3).Time, feed.Latest.Now.Time);
        Assert.Equal("shop (recorded)", feed.Latest.Now.Target.Name);
        _time.Advance(Second);
        Assert.Equal(RecordedSamples.At(4).Time, feed.Latest.Now.Time);
    }

    [Fact]
    public void Facts_that_no_machine_has_are_skipped_and_the_rest_is_played()
    {
        Write(WithOneCoreTwice(RecordedSamples.At(1)), WithOneCoreTwice(RecordedSamples.At(2)), RecordedSamples.At(3));
        using ReplayFeed feed = Open();
        for (int i = 0; i < 4; i++) _time.Advance(Second);
        Assert.Equal(RecordedSamples.At(3).Time, feed.Latest!.Now.Time);
    }

    [Fact]
    public void While_held_it_stands_still()
    {
        Write([.. Enumerable.Range(1, 5).Select(i => RecordedSamples.At(i))]);
        using ReplayFeed feed = Open();
        _time.Advance(Second);
        feed.Held = true;
        DateTimeOffset at = feed.Latest!.Now.Time;
        _time.Advance(3 * Second);
        Assert.Equal(at, feed.Latest.Now.Time);
        feed.Held = false;
        _time.Advance(Second);
        Assert.Equal(at + Second, feed.Latest.Now.Time);
    }

    private static Sample WithOneCoreTwice(Sample sample)
    {
        HostCounters host = sample.Facts.Host.Value;
        return sample with { Facts = sample.Facts with { Host = Reading.Of(host with { Cores = [host.Cores[0], host.Cores[0]] }) } };
    }

    private ReplayFeed Open() => new(RecordingReader.Open(FilePath), loops: false, shownAtOnce: 1, _time, NullLogger.Instance);

    private void Write(params Sample[] samples)
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        foreach (Sample sample in samples) writer.Append(sample);
    }
}
