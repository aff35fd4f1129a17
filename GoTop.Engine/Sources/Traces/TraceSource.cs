using System.Globalization;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.GoRuntime.Traces;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Sources.Traces;

/// <summary>
/// Execution traces of a few seconds, when a person asks or every so often. A trace is analysed while it arrives and is not
/// kept: of Go 1.22 and later no more than a generation, about a second, is in memory.
/// </summary>
public sealed class TraceSource : RequestingSource
{
    private const string NotAsked = "none has been asked for yet";
    private const long Never = long.MinValue;

    /// <summary>A busy service writes some 50 MB in a second.</summary>
    private const int MaxBytes = 1 << 30;

    private static readonly TraceLimits Limits = new() { MaxGenerationBytes = 256L << 20 };

    private Reading<TraceBurst> _burst = Reading.NotYet<TraceBurst>(NotAsked);
    private int _requests;
    private long _endedAt = Never;

    /// <inheritdoc/>
    internal TraceSource(TargetContext context, Func<PprofPlace, ProfileClient>? connect = null)
        : base(context, NotAsked, connect)
    {
    }

    public override string Name => "traces";

    public override string CostToTarget
    {
        get
        {
            TimeSpan every = EveryOf(Interest);
            int seconds = SecondsOf(Interest, byPerson: false);
            string share = every > TimeSpan.Zero ? string.Create(CultureInfo.InvariantCulture, $"{seconds} s of every {every.TotalSeconds + seconds:0.#} s: ") : "";
            Reading<TraceBurst> newest;
            lock (Lock) newest = _burst;
            string last = newest.TryGet(out TraceBurst? burst)
                ? string.Create(CultureInfo.InvariantCulture, $"; the last was {burst.Bytes / 1024.0:#,0} KB in {burst.TookMilliseconds / 1000:0.0} s")
                : "";
            return share + ServedProfile.Trace.CostToTarget + last;
        }
    }

    private protected override TimeSpan? Every => EveryOf(Interest) is var every && every > TimeSpan.Zero ? every : null;

    public static ISource? Create(TargetContext context) => Serves(context) ? new TraceSource(context) : null;

    private protected override bool IsDue(Interest interest) => IsAsked(interest) || IsItsTime(interest);

    private protected override SampleFacts Facts(DearRequests requests)
    {
        Interest interest = Interest;
        TimeSpan every = EveryOf(interest);
        long ended = Volatile.Read(ref _endedAt);
        requests = requests with
        {
            HeldBack = every > TimeSpan.Zero || interest.TraceRequest > 0 ? requests.HeldBack : null,
            TraceEverySeconds = every.TotalSeconds,
            NextTraceSeconds = every == TimeSpan.Zero ? null : ended == Never ? 0 : Math.Max(0, every.TotalSeconds - ((Now - ended) / 1e9)),
        };
        return new() { Trace = _burst, DearRequests = Reading.Of(requests) };
    }

    private protected override async Task<bool> AskNextAsync(ProfileClient client, Interest interest)
    {
        bool byPerson = IsAsked(interest);
        if (!byPerson && !IsItsTime(interest)) return false;

        ServedProfile what = ServedProfile.Trace;
        if (RequestGuard.Check(what, interest.Condition, byPerson, interest.Force) is { } stop)
        {
            // A person is told once and asks again; by itself one is taken when the target has recovered.
            Volatile.Write(ref _requests, Math.Max(_requests, interest.TraceRequest));
            HeldBack($"{what.Title}: {stop.Reason}");
            Set(Reading.NotYet<TraceBurst>($"held back: {stop.Reason}"));
            return false;
        }

        int seconds = SecondsOf(interest, byPerson);
        using RequestLease? lease = Context.Gate.TryEnter(what.TitleOf(seconds), seconds);
        if (lease is null)
        {
            Set(Reading.NotYet<TraceBurst>($"waits for the {Context.Gate.Running?.Title ?? "request"} under way"));
            return false;
        }

        Volatile.Write(ref _requests, Math.Max(_requests, interest.TraceRequest));
        HeldBack(null);
        await AskAsync(client, what, seconds, byPerson, lease.Progress).ConfigureAwait(false);
        return false;
    }

    private protected override void NoPages(ReadingState absence, string reason, Interest interest)
    {
        Volatile.Write(ref _requests, Math.Max(_requests, interest.TraceRequest));
        Set(Reading.From<TraceBurst>(absence, null!, reason));
    }

    private async Task AskAsync(ProfileClient client, ServedProfile what, int seconds, bool byPerson, RequestProgress progress)
    {
        TraceReport? report = null;
        Set(Reading.NotYet<TraceBurst>($"{what.TitleOf(seconds)} under way"), onlyIfAbsent: true);
        try
        {
            ProfileAnswer answer = await client.AskAsync(what, seconds, MaxBytes, ReadAsync, progress, askTwice: byPerson, Stopped).ConfigureAwait(false);
            TraceBurst burst = new()
            {
                TakenAt = Context.Time.GetUtcNow(),
                ReadAtNanoseconds = Now,
                Seconds = answer.Seconds,
                TookMilliseconds = answer.Took.TotalMilliseconds,
                Bytes = answer.Bytes,
                CostToTarget = what.CostToTarget,
                Report = report!,
            };
            lock (Lock) _burst = Reading.Of(burst);
            Succeeded(answer.Took, burst.ReadAtNanoseconds);
        }
        catch (HttpException failure)
        {
            ReadingState absence = AbsenceOf(failure);
            Set(Reading.From<TraceBurst>(absence, null!, failure.Message));
            Failed(what, absence, failure.Message);
        }
        catch (TraceFormatException broken)
        {
            string reason = PlainText.Clean(broken.Message, 300);
            Set(Reading.Failed<TraceBurst>(reason));
            Failed(what, ReadingState.Failed, reason);
        }
        finally
        {
            Volatile.Write(ref _endedAt, Now);
        }

        async ValueTask ReadAsync(Stream body, CancellationToken cancellation)
        {
            report = await TraceAnalyzer.AnalyzeAsync(body, Limits, cancellation).ConfigureAwait(false);
            // A trace that is broken in the middle is still taken to its end: the service goes on with it in any case.
            byte[] rest = new byte[16 << 10];
            while (await body.ReadAsync(rest, cancellation).ConfigureAwait(false) > 0)
            {
            }
        }
    }

    private bool IsAsked(Interest interest) => interest.TraceRequest > Volatile.Read(ref _requests);

    private bool IsItsTime(Interest interest)
    {
        TimeSpan every = EveryOf(interest);
        long ended = Volatile.Read(ref _endedAt);
        return every > TimeSpan.Zero && (ended == Never || Now - ended >= every.TotalNanoseconds);
    }

    private TimeSpan EveryOf(Interest interest) => interest.TraceEverySeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : Context.Profiles.TraceEvery;

    private int SecondsOf(Interest interest, bool byPerson) => byPerson && interest.TraceSeconds > 0 ? interest.TraceSeconds : Context.Profiles.TraceSeconds;

    /// <summary>An older trace stays, with the reason why there is no newer one.</summary>
    private void Set(Reading<TraceBurst> absence, bool onlyIfAbsent = false)
    {
        lock (Lock)
        {
            if (!onlyIfAbsent || !_burst.HasValue) _burst = _burst.HasValue ? _burst.AsStale(absence.Reason!) : absence;
        }
    }
}
