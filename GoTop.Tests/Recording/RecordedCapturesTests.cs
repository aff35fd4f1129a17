using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using GoTop.Tests.GoRuntime.Traces;
using GoTop.Tests.Support;
using Microsoft.Data.Sqlite;
using Xunit;

namespace GoTop.Tests.Recording;

public sealed class RecordedCapturesTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-captures-");

    private string FilePath => Path.Combine(_folder.FullName, "test.gotop");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Ticks_that_share_a_capture_share_it_again()
    {
        ProfileCapture cpu = Capture(ProfileKind.Cpu, 1), heap = Capture(ProfileKind.Heap, 1), newer = Capture(ProfileKind.Cpu, 3);
        Write(At(1, cpu, heap), At(2, cpu, heap), At(3, newer, heap));
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Sample[] read = [.. Enumerable.Range(0, 3).Select(reader.Read)];
        Assert.Equal(SampleText.Of(At(1, cpu, heap)), SampleText.Of(read[0]));
        Assert.Equal(SampleText.Of(At(3, newer, heap)), SampleText.Of(read[2]));
        Assert.Same(read[0].Facts.ProfileCaptures.Cpu.Value, read[1].Facts.ProfileCaptures.Cpu.Value);
        Assert.NotSame(read[1].Facts.ProfileCaptures.Cpu.Value, read[2].Facts.ProfileCaptures.Cpu.Value);
        Assert.Same(read[0].Facts.ProfileCaptures.Heap.Value, read[2].Facts.ProfileCaptures.Heap.Value);
    }

    [Fact]
    public void A_capture_is_stored_once()
    {
        ProfileCapture cpu = Capture(ProfileKind.Cpu, 1, bytes: 300_000);
        Write([.. Enumerable.Range(1, 30).Select(i => At(i, cpu))]);
        Assert.InRange(new FileInfo(FilePath).Length, 300_000, 600_000);
    }

    [Fact]
    public void A_stale_capture_keeps_its_bytes_and_its_reason()
    {
        ProfileCapture cpu = Capture(ProfileKind.Cpu, 1);
        Sample late = At(2, cpu);
        late = late with { Facts = late.Facts with { ProfileCaptures = late.Facts.ProfileCaptures.AsStale("late") } };
        Write(At(1, cpu), late);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(SampleText.Of(late), SampleText.Of(reader.Read(1)));
    }

    [Fact]
    public void A_bounded_recording_drops_captures_that_no_tick_names_any_more_and_no_others()
    {
        ProfileCapture heap = Capture(ProfileKind.Heap, 1, bytes: 20_000);
        using (RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info, 900_000))
        {
            for (int i = 1; i <= 200; i++) writer.Append(At(i, Capture(ProfileKind.Cpu, i - (i % 3), bytes: 20_000), heap));
        }

        Assert.InRange(new FileInfo(FilePath).Length, 300_000, 1_200_000);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.InRange(reader.Count, 10, 199);
        Assert.All(reader.ReadAll(), tick => Assert.Null(tick.Damage));
        Assert.Equal(heap.Content, reader.Read(reader.Count - 1).Facts.ProfileCaptures.Heap.Value.Content);
    }

    [Theory]
    [InlineData("DELETE FROM captures WHERE tick=2", "its Cpu profile is missing")]
    [InlineData("UPDATE captures SET read_at_ns=1 WHERE tick=2", "its Cpu profile is missing")]
    [InlineData("UPDATE captures SET content='x' WHERE tick=2", "its bytes are missing")]
    [InlineData("UPDATE captures SET content=x'0102' WHERE tick=2", "in its Cpu profile it is cut short")]
    [InlineData("UPDATE captures SET tick=9 WHERE tick=2", "in its Cpu profile its checksum does not fit")]
    public void A_damaged_capture_costs_its_own_tick(string sql, string reason)
    {
        Write([.. Enumerable.Range(1, 3).Select(i => At(i, Capture(ProfileKind.Cpu, i)))]);
        Sql(sql);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Contains(reason, Assert.Throws<RecordingException>(() => reader.Read(1)).Message, StringComparison.Ordinal);
        Assert.Equal([true, false, true], reader.ReadAll().Select(tick => tick.Damage is null));
    }

    [Fact]
    public void A_trace_is_recorded_by_its_report_once()
    {
        TraceReport report = TraceAnalyzer.Analyze(
            new MemoryStream(TraceFixtures.Load("go1.27-linux", "load.0.2s")), cancellation: TestContext.Current.CancellationToken);
        TraceBurst burst = new() { TakenAt = RecordedSamples.Start, ReadAtNanoseconds = 7, Seconds = 1, TookMilliseconds = 1100, Bytes = 5, CostToTarget = "3 %", Report = report };
        Sample[] samples = [.. Enumerable.Range(1, 20).Select(i => RecordedSamples.At(i) with { Facts = RecordedSamples.At(i).Facts with { Trace = Reading.Of(burst) } })];
        Write(samples);
        TestContext.Current.TestOutputHelper?.WriteLine($"{TraceReportCodec.Encode(report, 1).Length} bytes");
        Assert.InRange(TraceReportCodec.Encode(report, 1).Length, 1, 60_000);
        Assert.InRange(new FileInfo(FilePath).Length, 1, 260_000);
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(SampleText.Of(samples[0]), SampleText.Of(reader.Read(0)));
        Assert.Same(reader.Read(3).Facts.Trace.Value, reader.Read(9).Facts.Trace.Value);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[]")]
    public void A_made_up_report_is_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => TraceReportCodec.Decode(CompressedBlock.Pack(System.Text.Encoding.UTF8.GetBytes(json), 1, 1), 1));

    [Fact]
    public void A_report_whose_timeline_does_not_fit_together_is_refused()
    {
        TraceReport report = TraceAnalyzer.Analyze(
            new MemoryStream(TraceFixtures.Load("go1.27-linux", "idle.1s")), cancellation: TestContext.Current.CancellationToken);
        TraceReport bent = report with { Timeline = report.Timeline with { Buckets = report.Timeline.Buckets + 1 } };
        Assert.Contains("timeline", Assert.Throws<InvalidDataException>(() => TraceReportCodec.Decode(TraceReportCodec.Encode(bent, 1), 1)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_recording_of_the_format_before_captures_still_opens()
    {
        Write(RecordedSamples.At(1), RecordedSamples.At(2));
        Sql("DROP TABLE captures; PRAGMA user_version=1");
        using RecordingReader reader = RecordingReader.Open(FilePath);
        Assert.Equal(SampleText.Of(RecordedSamples.At(2)), SampleText.Of(reader.Read(1)));
    }

    [Fact]
    public void The_demo_is_such_a_recording()
    {
        using RecordingReader reader = RecordingReader.Open(Path.Combine(RepositoryFiles.Root, "GoTop", "Demo", "demo.gotop"));
        Assert.True(reader.Read(reader.Count - 1).Facts.Goroutines.HasValue);
    }

    [Fact]
    public void Of_the_format_with_captures_their_table_must_not_be_missing()
    {
        Write(RecordedSamples.At(1));
        Sql("DROP TABLE captures");
        Assert.Contains("its tables are not those of a recording", Assert.Throws<RecordingException>(() => RecordingReader.Open(FilePath)).Message, StringComparison.Ordinal);
    }

    private static ProfileCapture Capture(ProfileKind kind, int seconds, int bytes = 500)
    {
        byte[] content = new byte[bytes];
        new Random(seconds + (100 * (int)kind)).NextBytes(content);
        return new ProfileCapture
        {
            Kind = kind,
            TakenAt = RecordedSamples.Start.AddSeconds(seconds),
            ReadAtNanoseconds = seconds * 1_000_000_000L,
            Seconds = 2,
            TookMilliseconds = 2031,
            CostToTarget = "signals",
            Content = [.. content],
        };
    }

    private static Sample At(int tick, params ProfileCapture[] captures)
    {
        Sample sample = RecordedSamples.At(tick);
        ProfileCaptures all = captures.Aggregate(ProfileCaptures.None, (before, capture) => before.With(capture.Kind, Reading.Of(capture)));
        return sample with { Facts = sample.Facts with { ProfileCaptures = all } };
    }

    private void Write(params Sample[] samples)
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        foreach (Sample sample in samples) writer.Append(sample);
    }

    private void Sql(string text)
    {
        using SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = FilePath, Pooling = false }.ToString());
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.ExecuteNonQuery();
    }
}
