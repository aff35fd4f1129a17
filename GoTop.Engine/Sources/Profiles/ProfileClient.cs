using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Config;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Pprof;

namespace GoTop.Engine.Sources.Profiles;

/// <summary>
/// Asks one service for profiles and traces. What is in use by somebody else is asked for once more, and what would be
/// cut off by the service's own time limit is asked for shorter. For use by several tasks.
/// </summary>
public sealed class ProfileClient : IDisposable
{
    /// <summary>How long nothing may arrive beyond the seconds that were asked for: a service in trouble is slow.</summary>
    private static readonly TimeSpan LeastPatience = TimeSpan.FromSeconds(10);

    /// <summary>All of an answer must be there so long after the seconds that were asked for.</summary>
    private static readonly TimeSpan LongestTransfer = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan LeastPauseInUse = TimeSpan.FromSeconds(2);

    private readonly HttpExchange _exchange;
    private readonly TimeSpan _patience;
    private readonly TimeProvider _time;

    /// <param name="baseUrl">Ends in <c>/debug/pprof/</c>.</param>
    /// <param name="handler">Disposed with this.</param>
    /// <exception cref="HttpException">The settings' credentials cannot be sent.</exception>
    public ProfileClient(Uri baseUrl, HttpSettings settings, TimeProvider time, HttpMessageHandler handler)
    {
        BaseUrl = baseUrl;
        _exchange = new HttpExchange(baseUrl, handler, HttpTransport.Authorization(settings), time);
        _patience = settings.Timeout * 5 > LeastPatience ? settings.Timeout * 5 : LeastPatience;
        _time = time;
    }

    public Uri BaseUrl { get; }

    /// <exception cref="HttpException">The settings cannot be used.</exception>
    public static ProfileClient Create(PprofPlace place, HttpSettings settings, TimeProvider time) =>
        new(place.BaseUrl, settings, time, PprofClient.CreateHandler(place, settings));

    /// <param name="seconds">For what takes seconds; the answer may be of fewer.</param>
    /// <param name="read">Reads the body to its end. Called once, when the service has agreed.</param>
    /// <param name="running">Is told what has arrived.</param>
    /// <param name="askTwice">Ask once more when somebody else is at it.</param>
    /// <exception cref="HttpException">It could not be had; the message says why, without the address.</exception>
    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public async Task<ProfileAnswer> AskAsync(
        ServedProfile what, int seconds, int maxBytes, Func<Stream, CancellationToken, ValueTask> read, RequestProgress running, bool askTwice, CancellationToken cancellation)
    {
        bool hasWaited = !askTwice;
        for (int shorter = seconds; ;)
        {
            try
            {
                ProfileAnswer answer = await TryAsync(what, shorter, maxBytes, read, running, cancellation).ConfigureAwait(false);
                return shorter == seconds ? answer : answer with { Note = Text($"{shorter} s in place of {seconds}: the service's WriteTimeout allows no more") };
            }
            catch (HttpException failure) when (failure.Failure == HttpFailure.InUse && !hasWaited)
            {
                hasWaited = true;
                TimeSpan pause = TimeSpan.FromSeconds(seconds);
                await Task.Delay(pause > LeastPauseInUse ? pause : LeastPauseInUse, _time, cancellation).ConfigureAwait(false);
            }
            catch (HttpException failure) when (failure.Failure == HttpFailure.InUse)
            {
                throw new HttpException(HttpFailure.InUse, $"somebody else is taking a {what.Title} of this process, which can make one at a time{(askTwice ? " (asked twice)" : "")}: {failure.Message}");
            }
            catch (HttpException failure) when (failure.Failure == HttpFailure.TooLong && shorter > 1)
            {
                // A refusal costs the service nothing.
                shorter /= 2;
            }
            catch (HttpException failure) when (failure.Failure == HttpFailure.TooLong)
            {
                throw new HttpException(HttpFailure.TooLong, $"the service's http.Server has a WriteTimeout of 1 s or less: serve pprof from a server without one, or build with Go 1.23 or later ({failure.Message})");
            }
        }
    }

    /// <summary>The whole of an answer, for a profile that is to be kept in memory.</summary>
    /// <inheritdoc cref="AskAsync"/>
    public async Task<ProfileCapture> CaptureAsync(ProfileKind kind, int seconds, RequestProgress running, bool askTwice, CancellationToken cancellation)
    {
        ServedProfile what = ServedProfile.Of(kind);
        using MemoryStream content = new();
        ProfileAnswer answer = await AskAsync(
            what, seconds, ProfileCapture.MaxBytes, (body, token) => new ValueTask(body.CopyToAsync(content, token)), running, askTwice, cancellation).ConfigureAwait(false);
        return new ProfileCapture
        {
            Kind = kind,
            TakenAt = _time.GetUtcNow(),
            ReadAtNanoseconds = _time.MonotonicNanoseconds(),
            Seconds = what.TakesSeconds ? answer.Seconds : 0,
            TookMilliseconds = answer.Took.TotalMilliseconds,
            CostToTarget = what.CostToTarget,
            Content = ImmutableCollectionsMarshal.AsImmutableArray(content.ToArray()),
        };
    }

    public void Dispose() => _exchange.Dispose();

    private async Task<ProfileAnswer> TryAsync(
        ServedProfile what, int seconds, int maxBytes, Func<Stream, CancellationToken, ValueTask> read, RequestProgress running, CancellationToken cancellation)
    {
        HttpPage page = what.Page(seconds, maxBytes);
        TimeSpan planned = TimeSpan.FromSeconds(what.TakesSeconds ? seconds : 0);
        using CancellationTokenSource silence = new(planned + _patience, _time);
        using CancellationTokenSource tooLong = new(planned + LongestTransfer, _time);
        using CancellationTokenSource any = CancellationTokenSource.CreateLinkedTokenSource(silence.Token, tooLong.Token, cancellation);
        long start = _time.GetTimestamp();
        running.Bytes = 0;
        try
        {
            ArrivingAnswer answer = await _exchange.OpenAsync(page, any.Token).ConfigureAwait(false);
            await using (answer.ConfigureAwait(false))
            {
                using MeteredStream body = new(answer.Body, page, running, () => silence.CancelAfter(planned + _patience));
                await read(body, any.Token).ConfigureAwait(false);
                return new ProfileAnswer(seconds, running.Bytes, _time.GetElapsedTime(start));
            }
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            string came = running.Bytes == 0 ? "no answer" : Text($"the answer was not complete ({running.Bytes} bytes)");
            throw new HttpException(HttpFailure.Late, Text($"{came} within {_time.GetElapsedTime(start).TotalSeconds:0} s"));
        }
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}

/// <param name="Seconds">Which the service was asked for in the end.</param>
/// <param name="Bytes">Length of the body.</param>
/// <param name="Took">From sending the request (the last try of it) to the end of the body.</param>
public readonly record struct ProfileAnswer(int Seconds, long Bytes, TimeSpan Took)
{
    /// <summary>In what way it is not what was asked for.</summary>
    public string? Note { get; init; }
}
