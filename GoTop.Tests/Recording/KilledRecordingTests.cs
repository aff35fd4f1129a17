using System.Diagnostics;
using System.IO.Pipes;
using GoTop.Engine.Recording;
using Xunit;

namespace GoTop.Tests.Recording;

/// <summary>What is left of a recording whose writer came to no end.</summary>
public sealed class KilledRecordingTests : RecordingFolder
{
    private const string KilledFile = "GOTOP_TEST_KILLED_FILE";
    private const string KilledPipe = "GOTOP_TEST_KILLED_PIPE";

    [Fact]
    public void Files_copied_from_under_the_writer_hold_every_tick()
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        for (int i = 1; i <= 25; i++) writer.Append(RecordedSamples.At(i));
        string copy = Path.Combine(Folder, "copy.gotop");
        Copy(FilePath, copy);
        Assert.True(new FileInfo(FilePath + "-wal").Length > 0);
        Copy(FilePath + "-wal", copy + "-wal");
        using RecordingReader reader = RecordingReader.Open(copy);
        Assert.Equal(25, reader.ReadAll().Count(tick => tick.Sample is not null));
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

    private Process StartWriter(string pipeName)
    {
        string tests = typeof(KilledRecordingTests).Assembly.Location;
        ProcessStartInfo start = new(Path.ChangeExtension(tests, OperatingSystem.IsWindows() ? ".exe" : null))
        {
            ArgumentList = { "--explicit", "only", "--filter-method", $"{typeof(KilledRecordingTests).FullName}.{nameof(Writer_that_is_killed)}" },
            Environment = { [KilledFile] = FilePath, [KilledPipe] = pipeName },
            RedirectStandardOutput = true,
        };
        return Process.Start(start)!;
    }
}
