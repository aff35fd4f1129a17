namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// One dear request at a time for a target: whoever makes one holds the gate. A capture that a person has asked for waits for
/// it and goes before what keeps panes fresh. Used from several tasks.
/// </summary>
public sealed class RequestGate(TimeProvider time)
{
    private readonly Lock _lock = new();
    private readonly Queue<TaskCompletionSource> _waiting = [];
    private bool _taken;
    private volatile RequestProgress? _running;

    /// <summary>The dear request under way; null when there is none.</summary>
    public RequestProgress? Running => _running;

    /// <summary>Null when somebody else is at it, or waits for it.</summary>
    public RequestLease? TryEnter(string title, double plannedSeconds)
    {
        lock (_lock)
        {
            if (_taken) return null;
            _taken = true;
        }

        return Begin(title, plannedSeconds);
    }

    /// <summary>Waits for its turn.</summary>
    /// <exception cref="OperationCanceledException"></exception>
    public async ValueTask<RequestLease> EnterAsync(string title, double plannedSeconds, CancellationToken cancellation)
    {
        TaskCompletionSource? turn = null;
        lock (_lock)
        {
            if (_taken) _waiting.Enqueue(turn = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously));
            _taken = true;
        }

        if (turn is not null)
        {
            await using CancellationTokenRegistration giveUp = cancellation.Register(() => turn.TrySetCanceled(cancellation));
            await turn.Task.ConfigureAwait(false);
        }

        return Begin(title, plannedSeconds);
    }

    internal void Leave()
    {
        _running = null;
        lock (_lock)
        {
            // Whoever has given up waiting cannot be handed the turn.
            while (_waiting.TryDequeue(out TaskCompletionSource? next))
            {
                if (next.TrySetResult()) return;
            }

            _taken = false;
        }
    }

    private RequestLease Begin(string title, double plannedSeconds) => new(this, _running = new RequestProgress(title, plannedSeconds, time));
}

/// <summary>The gate is held until this is disposed of.</summary>
public sealed class RequestLease : IDisposable
{
    private readonly RequestGate _gate;
    private int _left;

    internal RequestLease(RequestGate gate, RequestProgress progress) => (_gate, Progress) = (gate, progress);

    public RequestProgress Progress { get; }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _left, 1) == 0) _gate.Leave();
    }
}

/// <summary>How far a request is: told by whoever makes it, and looked at by others.</summary>
/// <param name="plannedSeconds">0 where it is not known.</param>
public sealed class RequestProgress(string title, double plannedSeconds, TimeProvider time)
{
    private readonly long _startedAt = time.GetTimestamp();
    private long _bytes;

    public string Title { get; } = title;

    public double PlannedSeconds { get; } = plannedSeconds;

    public double Seconds => time.GetElapsedTime(_startedAt).TotalSeconds;

    /// <summary>What has arrived.</summary>
    public long Bytes
    {
        get => Interlocked.Read(ref _bytes);
        set => Interlocked.Exchange(ref _bytes, value);
    }
}
