using System.Threading.Channels;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>Takes samples from the sampler's task and writes them on its own; what comes faster than the disk is counted.</summary>
public sealed class QueuedRecording : IAsyncDisposable
{
    /// <summary>A sample of 100,000 goroutines takes some 6 MB, and a disk may stall.</summary>
    private const int MostQueued = 10;

    private readonly Channel<Sample> _samples = Channel.CreateBounded<Sample>(
        new BoundedChannelOptions(MostQueued) { FullMode = BoundedChannelFullMode.Wait, SingleReader = true });

    private readonly RecordingWriter _writer;
    private readonly Task _writing;
    private long _lost;

    public QueuedRecording(RecordingWriter writer)
    {
        _writer = writer;
        _writing = Task.Run(WriteAllAsync);
    }

    public long Written => _writer.Ticks;

    public long Lost => Interlocked.Read(ref _lost);

    /// <summary>Ends with the exception when the disk refuses.</summary>
    public Task Finished => _writing;

    public void Add(Sample sample)
    {
        if (!_samples.Writer.TryWrite(sample)) Interlocked.Increment(ref _lost);
    }

    private async Task WriteAllAsync()
    {
        await foreach (Sample sample in _samples.Reader.ReadAllAsync().ConfigureAwait(false)) _writer.Append(sample);
    }

    /// <summary>Writes what is queued and closes the file.</summary>
    public async ValueTask DisposeAsync()
    {
        _samples.Writer.TryComplete();
        try
        {
            await _writing.ConfigureAwait(false);
        }
        finally
        {
            _writer.Dispose();
        }
    }
}
