using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// A source whose requests take seconds: they run beside its readings, one after another. A reading hands out what the last
/// one gave, and sees to it that the next is begun.
/// </summary>
public abstract class RequestingSource : ISource
{
    private readonly Func<PprofPlace, ProfileClient> _connect;
    private readonly CancellationTokenSource _stop = new();
    private ProfileClient? _client;
    private Task? _work;
    private Interest _interest = Interest.None;
    private SourceState _state = SourceState.NotYet;
    private string? _reason;
    private TimeSpan? _lastTook;
    private long? _lastReadAt;
    private string? _heldBack;

    /// <param name="connect">Makes the client, for tests; null for a real one.</param>
    private protected RequestingSource(TargetContext context, string notAsked, Func<PprofPlace, ProfileClient>? connect)
    {
        Context = context;
        _reason = notAsked;
        _connect = connect ?? (place => ProfileClient.Create(place, context.Settings.Http, context.Time));
    }

    public abstract string Name { get; }

    public TimeSpan Period => TimeSpan.Zero;

    public abstract string CostToTarget { get; }

    public bool FollowsInterest => true;

    public bool TimeIsCost => false;

    /// <summary>The requests under way, for tests; null when there are none.</summary>
    internal Task? Working => _work;

    private protected TargetContext Context { get; }

    private protected Interest Interest => Volatile.Read(ref _interest);

    private protected CancellationToken Stopped => _stop.Token;

    private protected Lock Lock { get; } = new();

    private protected long Now => Context.Time.MonotonicNanoseconds();

    /// <summary>How often a request is made at present; null when none is.</summary>
    private protected abstract TimeSpan? Every { get; }

    public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        Volatile.Write(ref _interest, interest);
        if (_work is { IsCompleted: true } done)
        {
            _work = null;
            // What went wrong in it is told as this reading's failure.
            await done.ConfigureAwait(false);
        }

        if (_work is null && IsDue(interest)) _work = Task.Run(WorkAsync, CancellationToken.None);
        RequestProgress? running = Context.Gate.Running;
        lock (Lock)
        {
            SampleFacts facts = Facts(new DearRequests
            {
                Running = running?.Title,
                RunningSeconds = running?.Seconds ?? 0,
                PlannedSeconds = running?.PlannedSeconds ?? 0,
                RunningBytes = running?.Bytes ?? 0,
                HeldBack = _heldBack,
            });
            return new SourceResult(facts, _state, _reason) { Requests = new RequestActivity(_lastTook, _lastReadAt, Every) };
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_work is not null) await Task.WhenAny(_work).ConfigureAwait(false);
        _client?.Dispose();
        _stop.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>For whatever the pprof source is for.</summary>
    private protected static bool Serves(TargetContext context) =>
        context.Settings.Url is not null || context.Target.PprofUrl.HasValue || context.Target.Process is not null;

    /// <summary>There is something to ask for, or to say why it is not asked for.</summary>
    private protected abstract bool IsDue(Interest interest);

    /// <summary>What is known so far. Called with the lock held.</summary>
    private protected abstract SampleFacts Facts(DearRequests requests);

    /// <summary>Asks for what is due; false when nothing more can be asked for now.</summary>
    private protected abstract Task<bool> AskNextAsync(ProfileClient client, Interest interest);

    /// <summary>There are no pprof pages: whatever was wanted is absent for this reason.</summary>
    private protected abstract void NoPages(ReadingState absence, string reason, Interest interest);

    private protected void Succeeded(TimeSpan took, long readAtNanoseconds)
    {
        lock (Lock) (_state, _reason, _lastTook, _lastReadAt) = (SourceState.Ok, null, took, readAtNanoseconds);
    }

    private protected void Failed(ServedProfile what, ReadingState absence, string reason)
    {
        lock (Lock) (_state, _reason) = (LocalTarget.StateOf(absence), $"{what.Title}: {reason}");
    }

    private protected void HeldBack(string? reason)
    {
        lock (Lock) _heldBack = reason;
    }

    private protected static ReadingState AbsenceOf(HttpException failure) => failure.Failure switch
    {
        HttpFailure.Denied => ReadingState.Denied,
        HttpFailure.NotThere or HttpFailure.TooLong => ReadingState.NotSupported,
        _ => ReadingState.Failed,
    };

    private async Task WorkAsync()
    {
        try
        {
            Reading<PprofPlace> found = await Context.Pprof.FindAsync(Stopped).ConfigureAwait(false);
            if (!found.TryGet(out PprofPlace? place)) NoPages(found.State, found.Reason ?? PprofLocator.NoPort);
            else if (Connect(place)) await AskAsync(_client!).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    private bool Connect(PprofPlace place)
    {
        try
        {
            _client ??= _connect(place);
            return true;
        }
        catch (HttpException settings)
        {
            NoPages(ReadingState.Failed, settings.Message);
            return false;
        }
    }

    private async Task AskAsync(ProfileClient client)
    {
        while (await AskNextAsync(client, Interest).ConfigureAwait(false))
        {
        }
    }

    private void NoPages(ReadingState absence, string reason)
    {
        NoPages(absence, reason, Interest);
        lock (Lock) (_state, _reason) = (LocalTarget.StateOf(absence), reason);
    }
}
