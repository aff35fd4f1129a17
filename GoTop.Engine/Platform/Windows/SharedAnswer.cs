namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// An answer about the whole machine that callers within a tenth of a second share: the system gives it for all processes
/// at once only, and those who look at several processes ask once for each.
/// </summary>
internal sealed class SharedAnswer<T>(TimeProvider time, Func<T> read)
{
    private static readonly TimeSpan Freshness = TimeSpan.FromMilliseconds(100);

    private readonly Lock _lock = new();
    private T? _answer;
    private long? _readAt;

    public T Get()
    {
        lock (_lock)
        {
            if (_readAt is { } readAt && time.GetElapsedTime(readAt) < Freshness) return _answer!;
            _answer = read();
            // From the end of the reading on, or one that takes long would never be shared.
            _readAt = time.GetTimestamp();
            return _answer;
        }
    }
}
