using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// Profiles as the service serves them, kept fresh while a pane shows them. Requests take seconds, so they run beside the
/// readings, one after another: a reading hands out the newest of each kind and sees to it that the next is begun.
/// </summary>
public sealed class ProfileSource : ISource
{
    private const string NotAsked = "no pane has asked for it yet";

    private readonly TargetContext _context;
    private readonly Func<PprofPlace, ProfileClient> _connect;
    private readonly ProfileSchedule _schedule;
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private ProfileClient? _client;
    private Task? _work;
    private Interest _interest = Interest.None;
    private ProfileCaptures _captures;
    private string? _heldBack;
    private SourceState _state = SourceState.NotYet;
    private string? _reason = NotAsked;
    private TimeSpan? _lastTook;
    private long? _lastReadAt;

    /// <param name="connect">Makes the client, for tests; null for a real one.</param>
    internal ProfileSource(TargetContext context, Func<PprofPlace, ProfileClient>? connect = null)
    {
        _context = context;
        _connect = connect ?? (place => ProfileClient.Create(place, context.Settings.Http, context.Time));
        _schedule = new ProfileSchedule(context.Profiles);
        _captures = ProfileCaptures.None.Change((_, _) => Reading.NotYet<ProfileCapture>(NotAsked));
    }

    public string Name => "profiles";

    public TimeSpan Period => TimeSpan.Zero;

    public string CostToTarget => Costs(Volatile.Read(ref _interest));

    public bool FollowsInterest => true;

    public bool TimeIsCost => false;

    /// <summary>For whatever the pprof source is for.</summary>
    public static ISource? Create(TargetContext context) =>
        context.Settings.Url is null && !context.Target.PprofUrl.HasValue && context.Target.Process is null ? null : new ProfileSource(context);

    public async ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        Volatile.Write(ref _interest, interest);
        if (_work is { IsCompleted: true } done)
        {
            _work = null;
            // What went wrong in it is told as this reading's failure.
            await done.ConfigureAwait(false);
        }

        if (_work is null && _schedule.Due(interest, _context.Time.MonotonicNanoseconds()).Count > 0) _work = Task.Run(WorkAsync, CancellationToken.None);
        return Result();
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync().ConfigureAwait(false);
        if (_work is not null) await Task.WhenAny(_work).ConfigureAwait(false);
        _client?.Dispose();
        _stop.Dispose();
    }

    /// <summary>The requests under way, for tests; null when there are none.</summary>
    internal Task? Working => _work;

    private SourceResult Result()
    {
        RequestProgress? running = _context.Gate.Running;
        lock (_lock)
        {
            DearRequests requests = new()
            {
                Running = running?.Title,
                RunningSeconds = running?.Seconds ?? 0,
                PlannedSeconds = running?.PlannedSeconds ?? 0,
                RunningBytes = running?.Bytes ?? 0,
                HeldBack = _heldBack,
            };
            return new SourceResult(new SampleFacts { ProfileCaptures = _captures, DearRequests = Reading.Of(requests) }, _state, _reason)
            {
                Requests = new RequestActivity(_lastTook, _lastReadAt, ShortestPeriod()),
            };
        }
    }

    private TimeSpan? ShortestPeriod()
    {
        Interest interest = Volatile.Read(ref _interest);
        return interest.Profiles.Where(kind => kind != ProfileKind.GoroutineLeak).Select(kind => (TimeSpan?)_schedule.PeriodOf(kind, interest.Condition.Goroutines)).Min();
    }

    /// <summary>Asks for what is due until nothing is.</summary>
    private async Task WorkAsync()
    {
        try
        {
            Reading<PprofPlace> found = await _context.Pprof.FindAsync(_stop.Token).ConfigureAwait(false);
            if (!found.TryGet(out PprofPlace? place))
            {
                NoPlace(found);
                return;
            }

            try
            {
                _client ??= _connect(place);
            }
            catch (PprofException settings)
            {
                NoPlace(Reading.Failed<PprofPlace>(settings.Message));
                return;
            }

            while (await AskNextAsync(_client, place).ConfigureAwait(false))
            {
            }
        }
        catch (OperationCanceledException)
        {
            // Disposed.
        }
    }

    /// <summary>False when nothing more can be asked for now.</summary>
    private async Task<bool> AskNextAsync(ProfileClient client, PprofPlace place)
    {
        Interest interest = Volatile.Read(ref _interest);
        string? heldBack = null;
        foreach (ProfileKind kind in _schedule.Due(interest, _context.Time.MonotonicNanoseconds()))
        {
            ServedProfile what = ServedProfile.Of(kind);
            bool byPerson = kind == ProfileKind.GoroutineLeak;
            if (RequestGuard.Check(what, interest.Condition, byPerson, interest.Force) is { } stop)
            {
                heldBack ??= $"{what.Title}: {stop.Reason}";
                // A person who asked is told once and asks again; a pane that is to be kept fresh gets it when the target has recovered.
                if (byPerson) _schedule.LeakAsked(interest);
                Set(kind, Reading.NotYet<ProfileCapture>($"held back: {stop.Reason}"));
                continue;
            }

            int seconds = _schedule.SecondsOf(kind);
            if (what.Cost == RequestCost.Little)
            {
                HeldBack(heldBack);
                await AskAsync(client, place, what, seconds, new RequestProgress(what.Title, seconds, _context.Time)).ConfigureAwait(false);
                return true;
            }

            using RequestLease? lease = _context.Gate.TryEnter(what.TitleOf(seconds), seconds);
            if (lease is null)
            {
                Set(kind, Reading.NotYet<ProfileCapture>($"waits for the {_context.Gate.Running?.Title ?? "request"} under way"));
                continue;
            }

            if (byPerson) _schedule.LeakAsked(interest);
            HeldBack(heldBack);
            await AskAsync(client, place, what, seconds, lease.Progress).ConfigureAwait(false);
            return true;
        }

        HeldBack(heldBack);
        return false;
    }

    private async Task AskAsync(ProfileClient client, PprofPlace place, ServedProfile what, int seconds, RequestProgress progress)
    {
        ProfileKind kind = what.Kind!.Value;
        long askedAt = _context.Time.MonotonicNanoseconds();
        Set(kind, Reading.NotYet<ProfileCapture>($"{what.TitleOf(seconds)} under way"), onlyIfAbsent: true);
        try
        {
            // What is kept fresh is asked for again anyway; what a person asked for is worth a second try.
            ProfileCapture capture = await client.CaptureAsync(kind, seconds, progress, askTwice: kind == ProfileKind.GoroutineLeak, _stop.Token).ConfigureAwait(false);
            TimeSpan took = TimeSpan.FromMilliseconds(capture.TookMilliseconds);
            _schedule.Asked(kind, askedAt, took, isSupported: true);
            lock (_lock)
            {
                _captures = _captures.With(kind, Reading.Of(capture));
                (_state, _reason, _lastTook, _lastReadAt) = (SourceState.Ok, null, took, capture.ReadAtNanoseconds);
            }
        }
        catch (PprofException failure)
        {
            bool isSupported = failure.Failure is not (PprofFailure.NotThere or PprofFailure.Denied or PprofFailure.BadSettings or PprofFailure.TooLong);
            _schedule.Asked(kind, askedAt, TimeSpan.Zero, isSupported);
            (SourceState state, ReadingState absence) = failure.Failure switch
            {
                PprofFailure.Denied => (SourceState.Denied, ReadingState.Denied),
                PprofFailure.NotThere or PprofFailure.TooLong => (SourceState.NotSupported, ReadingState.NotSupported),
                _ => (SourceState.Failed, ReadingState.Failed),
            };
            Set(kind, Reading.From<ProfileCapture>(absence, null!, failure.Message));
            lock (_lock) (_state, _reason) = (state, $"{place.BaseUrl}: {what.Title}: {failure.Message}");
        }
    }

    private void NoPlace(Reading<PprofPlace> absence)
    {
        string reason = absence.Reason ?? PprofLocator.NoPort;
        Interest interest = Volatile.Read(ref _interest);
        ProfileKindSet wanted = interest.LeakRequest > 0 ? interest.Profiles.With(ProfileKind.GoroutineLeak) : interest.Profiles;
        lock (_lock)
        {
            foreach (ProfileKind kind in wanted) _captures = _captures.With(kind, Older(kind, Reading.From<ProfileCapture>(absence.State, null!, reason)));
            (_state, _reason) = (LocalTarget.StateOf(absence.State), reason);
        }

        _schedule.LeakAsked(interest);
    }

    /// <summary>An older capture stays, with the reason why there is no newer one.</summary>
    private void Set(ProfileKind kind, Reading<ProfileCapture> absence, bool onlyIfAbsent = false)
    {
        lock (_lock)
        {
            if (!onlyIfAbsent || !_captures[kind].HasValue) _captures = _captures.With(kind, Older(kind, absence));
        }
    }

    private Reading<ProfileCapture> Older(ProfileKind kind, Reading<ProfileCapture> absence) =>
        _captures[kind].HasValue ? _captures[kind].AsStale(absence.Reason!) : absence;

    private void HeldBack(string? reason)
    {
        lock (_lock) _heldBack = reason;
    }

    private string Costs(Interest interest)
    {
        List<string> costs = [];
        foreach (ProfileKind kind in interest.Profiles)
        {
            ServedProfile what = ServedProfile.Of(kind);
            string share = kind == ProfileKind.Cpu
                ? string.Create(CultureInfo.InvariantCulture, $"{_context.Profiles.CpuSeconds} s of every {_context.Profiles.CpuEvery.TotalSeconds:0.#} s, ")
                : "";
            costs.Add($"{what.Id} {share}{what.CostToTarget}");
        }

        return costs.Count == 0 ? "none until a pane shows a profile" : string.Join("; ", costs);
    }
}
