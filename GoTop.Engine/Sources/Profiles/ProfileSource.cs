using System.Globalization;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>Profiles as the service serves them, kept fresh while a pane shows them.</summary>
public sealed class ProfileSource : RequestingSource
{
    private const string NotAsked = "no pane has asked for it yet";

    private readonly ProfileSchedule _schedule;
    private ProfileCaptures _captures = ProfileCaptures.None.Change((_, _) => Reading.NotYet<ProfileCapture>(NotAsked));

    /// <inheritdoc/>
    internal ProfileSource(TargetContext context, Func<PprofPlace, ProfileClient>? connect = null)
        : base(context, NotAsked, connect) => _schedule = new ProfileSchedule(context.Profiles);

    public override string Name => "profiles";

    public override string CostToTarget
    {
        get
        {
            string[] costs = [.. Interest.Profiles.Select(ServedProfile.Of).Select(Cost)];
            return costs.Length == 0 ? "none until a pane shows a profile" : string.Join("; ", costs);
        }
    }

    private protected override TimeSpan? Every
    {
        get
        {
            Interest interest = Interest;
            return interest.Profiles.Where(kind => kind != ProfileKind.GoroutineLeak)
                .Select(kind => (TimeSpan?)_schedule.PeriodOf(kind, interest.Condition.Goroutines)).Min();
        }
    }

    public static ISource? Create(TargetContext context) => Serves(context) ? new ProfileSource(context) : null;

    private protected override bool IsDue(Interest interest) => _schedule.Due(interest, Now).Count > 0;

    private protected override SampleFacts Facts(DearRequests requests)
    {
        bool isWanted = Interest.Profiles.Count > 0 || Interest.LeakRequest > 0;
        return new() { ProfileCaptures = _captures, DearRequests = Reading.Of(isWanted ? requests : requests with { HeldBack = null }) };
    }

    private protected override async Task<bool> AskNextAsync(ProfileClient client, Interest interest)
    {
        string? heldBack = null;
        foreach (ProfileKind kind in _schedule.Due(interest, Now))
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
                await AskAsync(client, what, seconds, new RequestProgress(what.Title, seconds, Context.Time)).ConfigureAwait(false);
                return true;
            }

            using RequestLease? lease = Context.Gate.TryEnter(what.TitleOf(seconds), seconds);
            if (lease is null)
            {
                Set(kind, Reading.NotYet<ProfileCapture>($"waits for the {Context.Gate.Running?.Title ?? "request"} under way"));
                continue;
            }

            if (byPerson) _schedule.LeakAsked(interest);
            HeldBack(heldBack);
            await AskAsync(client, what, seconds, lease.Progress).ConfigureAwait(false);
            return true;
        }

        HeldBack(heldBack);
        return false;
    }

    private protected override void NoPages(ReadingState absence, string reason, Interest interest)
    {
        ProfileKindSet wanted = interest.LeakRequest > 0 ? interest.Profiles.With(ProfileKind.GoroutineLeak) : interest.Profiles;
        foreach (ProfileKind kind in wanted) Set(kind, Reading.From<ProfileCapture>(absence, null!, reason));
        _schedule.LeakAsked(interest);
    }

    private async Task AskAsync(ProfileClient client, ServedProfile what, int seconds, RequestProgress progress)
    {
        ProfileKind kind = what.Kind!.Value;
        long askedAt = Now;
        Set(kind, Reading.NotYet<ProfileCapture>($"{what.TitleOf(seconds)} under way"), onlyIfAbsent: true);
        try
        {
            // What is kept fresh is asked for again anyway; what a person asked for is worth a second try.
            ProfileCapture capture = await client.CaptureAsync(kind, seconds, progress, askTwice: kind == ProfileKind.GoroutineLeak, Stopped).ConfigureAwait(false);
            TimeSpan took = TimeSpan.FromMilliseconds(capture.TookMilliseconds);
            _schedule.Asked(kind, askedAt, took, isSupported: true);
            lock (Lock) _captures = _captures.With(kind, Reading.Of(capture));
            Succeeded(took, capture.ReadAtNanoseconds);
        }
        catch (HttpException failure)
        {
            bool isSupported = failure.Failure is not (HttpFailure.NotThere or HttpFailure.Denied or HttpFailure.BadSettings or HttpFailure.TooLong);
            _schedule.Asked(kind, askedAt, TimeSpan.Zero, isSupported);
            ReadingState absence = AbsenceOf(failure);
            Set(kind, Reading.From<ProfileCapture>(absence, null!, failure.Message));
            Failed(what, absence, failure.Message);
        }
    }

    /// <summary>An older capture stays, with the reason why there is no newer one.</summary>
    private void Set(ProfileKind kind, Reading<ProfileCapture> absence, bool onlyIfAbsent = false)
    {
        lock (Lock)
        {
            Reading<ProfileCapture> before = _captures[kind];
            if (onlyIfAbsent && before.HasValue) return;
            _captures = _captures.With(kind, before.HasValue ? before.AsStale(absence.Reason!) : absence);
        }
    }

    private string Cost(ServedProfile what)
    {
        string share = what.Kind == ProfileKind.Cpu
            ? string.Create(CultureInfo.InvariantCulture, $"{Context.Profiles.CpuSeconds} s of every {Context.Profiles.CpuEvery.TotalSeconds:0.#} s, ")
            : "";
        return $"{what.Id} {share}{what.CostToTarget}";
    }
}
