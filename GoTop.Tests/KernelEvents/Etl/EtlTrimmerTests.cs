using System.IO.Compression;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etl;

public sealed class EtlTrimmerTests
{
    private const long Second = SyntheticEtl.TicksPerSecond;

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    public void Of_a_real_log_every_event_of_the_last_seconds_is_there(int seconds)
    {
        byte[] log = RealLog();
        EtlReader whole = Open(log);
        List<long> times = Times(log);
        long from = times[^1] - seconds * whole.Header.TicksPerSecond;
        (byte[] trimmed, TrimmedLog told) = Trim(log, null, TimeSpan.FromSeconds(seconds));
        List<long> left = Times(trimmed);
        Assert.Equal(times.Count(time => time >= from), left.Count(time => time >= from));
        Assert.Equal(TimeSpan.FromSeconds(seconds), told.Covers);
        Assert.Equal(whole.Buffers, told.Buffers + told.LeftOut);
        Assert.True(trimmed.Length < log.Length);
        EtlReader again = Open(trimmed);
        Assert.Equal((told.Buffers, told.Buffers), (again.Buffers, (int)again.Header.BuffersWritten));
        Assert.Null(again.EndedEarly);
        // What is older stands in buffers that reach into the seconds asked for.
        Assert.All(left.Skip(1).Where(time => time < from), time => Assert.True(time > from - 3 * whole.Header.TicksPerSecond));
    }

    [Fact]
    public void A_log_that_is_shorter_stays_as_it_is()
    {
        byte[] log = RealLog();
        (byte[] trimmed, TrimmedLog told) = Trim(log, null, TimeSpan.FromMinutes(10));
        Assert.Equal(0, told.LeftOut);
        Assert.Equal(Times(log), Times(trimmed));
        Assert.InRange(told.Covers, TimeSpan.FromSeconds(12), TimeSpan.FromSeconds(13));
    }

    [Fact]
    public void Whole_buffers_are_left_out_and_the_header_stays()
    {
        SyntheticEtl log = new();
        for (int second = 1; second <= 100; second++) log.Switch(second * 1_000_000, cpu: second % 2, from: 1, to: 2);
        (byte[] trimmed, TrimmedLog told) = Trim(log.ToArray(eventsPerBuffer: 5), null, TimeSpan.FromSeconds(20));
        // Of each processor 50 events in 10 buffers of 10 seconds; the last 20 seconds touch two of the one and three of the other.
        Assert.Equal((SyntheticEtl.FirstTimeStamp, 100), (Times(trimmed)[0], (int)((Times(trimmed)[^1] - SyntheticEtl.FirstTimeStamp) / Second)));
        Assert.Equal(21, told.Buffers + told.LeftOut);
        Assert.Equal((6, 15, TimeSpan.FromSeconds(20)), (told.Buffers, told.LeftOut, told.Covers));
        Assert.Equal("GoTop-Test", Open(trimmed).Header.SessionName);
    }

    /// <summary>A session's first buffer holds what happened when it began, behind the header's own event.</summary>
    [Fact]
    public void What_stands_behind_the_header_goes_when_it_is_old()
    {
        SyntheticEtl events = new SyntheticEtl().Switch(1000, 0, 1, 2).Switch(2000, 0, 2, 1).Switch(90_000_000, 1, 1, 2);
        byte[] log = WithFirstTwoBuffersInOne(events.ToArray());
        Assert.Equal(3, CountInFirstBuffer(log));
        EtlReader whole = Open(log);
        (byte[] trimmed, TrimmedLog told) = Trim(log, null, TimeSpan.FromSeconds(1));
        Assert.Equal((1, 2, 0), (CountInFirstBuffer(trimmed), Times(trimmed).Count, told.LeftOut));
        Assert.Equal(log.Length, trimmed.Length);
        Assert.Equal(whole.Header with { BuffersWritten = 2 }, Open(trimmed).Header);
        // And stays where it is not.
        Assert.Equal(3, CountInFirstBuffer(Trim(log, null, TimeSpan.FromSeconds(95)).Log));
    }

    [Fact]
    public void Names_of_another_session_come_along_whatever_their_age()
    {
        SyntheticEtl log = new SyntheticEtl().Switch(1_000_000, 0, 1, 2).Switch(50_000_000, 0, 2, 1);
        SyntheticEtl names = new SyntheticEtl().Process(10, 77, 4, "a.exe", "a.exe").Thread(11, 77, 1);
        (byte[] trimmed, TrimmedLog told) = Trim(log.ToArray(eventsPerBuffer: 1), names.ToArray(), TimeSpan.FromSeconds(5));
        Assert.Equal((1, 3), (told.LeftOut, told.Buffers));
        Assert.Equal(4, Times(trimmed).Count);
    }

    [Fact]
    public void What_is_no_log_is_refused()
    {
        Assert.Throws<EtlException>(() => Trim(new byte[500], null, TimeSpan.FromSeconds(1)));
        Assert.Throws<EtlException>(() => Trim(new SyntheticEtl().Switch(1, 0, 1, 2).ToArray(), new byte[10], TimeSpan.FromSeconds(1)));
    }

    [Fact]
    public void A_log_without_events_gives_its_header()
    {
        (byte[] trimmed, TrimmedLog told) = Trim(new SyntheticEtl().ToArray(), null, TimeSpan.FromSeconds(1));
        Assert.Equal((1, 0, TimeSpan.Zero), (told.Buffers, told.LeftOut, told.Covers));
        Assert.Single(Times(trimmed));
    }

    private static (byte[] Log, TrimmedLog Told) Trim(byte[] log, byte[]? names, TimeSpan last)
    {
        using MemoryStream into = new();
        TrimmedLog told = EtlTrimmer.Trim(new MemoryStream(log), names is null ? null : new MemoryStream(names), into, last, TestContext.Current.CancellationToken);
        return (into.ToArray(), told);
    }

    private static EtlReader Open(byte[] log) => EtlReader.Open(new MemoryStream(log), TestContext.Current.CancellationToken);

    private static List<long> Times(byte[] log)
    {
        TimeSink times = new();
        Open(log).Read(times, TestContext.Current.CancellationToken);
        return times.Times;
    }

    private static byte[] WithFirstTwoBuffersInOne(byte[] log)
    {
        int first = BitConverter.ToInt32(log), second = BitConverter.ToInt32(log, first);
        byte[] merged = [.. log[..first], .. log[(first + EtlBufferHeader.HeaderBytes)..]];
        int bytes = first + second - EtlBufferHeader.HeaderBytes;
        BitConverter.TryWriteBytes(merged, bytes);
        BitConverter.TryWriteBytes(merged.AsSpan(4), bytes);
        return merged;
    }

    private static int CountInFirstBuffer(byte[] log)
    {
        Assert.Null(EtlBufferHeader.TryRead(log, out EtlBufferHeader header));
        using EtlBuffer first = EtlBuffer.Unpack(header, log.AsSpan(EtlBufferHeader.HeaderBytes, header.Bytes - EtlBufferHeader.HeaderBytes), out string? damage);
        Assert.Null(damage);
        int count = 0;
        for (; !first.IsAtEnd; count++) first.Next();
        return count;
    }

    private static byte[] RealLog()
    {
        using ZipArchive archive = ZipFile.OpenRead(SharedFiles.Require("etl/net.4.5.2.x64.etl.zip"));
        using Stream packed = archive.Entries.Single(entry => entry.Name.EndsWith(".etl", StringComparison.Ordinal)).Open();
        using MemoryStream log = new();
        packed.CopyTo(log);
        return log.ToArray();
    }

    private sealed class TimeSink : IEtlEventSink
    {
        public List<long> Times { get; } = [];

        public void OnEvent(in EtlEvent happened) => Times.Add(happened.TimeStamp);
    }
}
