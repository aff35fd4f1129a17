using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>Why there is no profile, and what would help.</summary>
internal static class ProfileNotice
{
    /// <param name="what">E.g. <c>CPU profile</c>.</param>
    public static NoticeView Of(Reading<ProfileFigure> reading, string what, Snapshot now)
    {
        DearRequests? requests = now.Facts.DearRequests.ValueOr(null);
        if (reading.State == ReadingState.NotYet && requests?.HeldBack is { } held)
            return new NoticeView(Tone.Warning, $"No {what} yet: it is held back", held, "It is asked for when that is over; press ! to ask for it all the same.", now.Sources);
        if (reading.State == ReadingState.NotYet && Running(requests) is { } running)
            return new NoticeView(Tone.Accent, $"No {what} yet", running, "It appears as soon as it is there.", now.Sources);
        NoticeView notice = NoticeView.Absent(reading, what, now);
        return reading.State switch
        {
            ReadingState.NotSupported => notice with
            {
                Advice = "A service gives profiles when it imports net/http/pprof and serves it, on a local port say. Where it does already, attach to its address: gotop http://HOST:PORT.",
            },
            ReadingState.NotYet when now.TargetEnded is not null => notice with { Advice = "It ended before one was taken." },
            ReadingState.NotYet => notice with { Advice = "A live service is asked for it while this pane is shown." },
            _ => notice,
        };
    }

    /// <summary>The request under way, and how far it is; null when there is none.</summary>
    public static string? Running(DearRequests? requests) => requests is not { Running: { } running } ? null
        : requests.PlannedSeconds > 0 ? Figures.Invariant($"{running} under way, {Math.Min(requests.RunningSeconds, requests.PlannedSeconds):0.0} of {requests.PlannedSeconds:0.0} s")
        : $"{running} under way";
}
