using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Panes.Profiles;

/// <summary>The profile that a pane shows in its present state, and the one that it is compared with.</summary>
internal sealed record ShownProfile
{
    public required ProfileCapture Capture { get; init; }

    /// <summary>Without the runtime's frames where the person wants that.</summary>
    public required AnalysedProfile Profile { get; init; }

    public required AnalysedProfile Unfiltered { get; init; }

    public required ProfileMeasure Measure { get; init; }

    /// <summary>The measure's place among the profile's sample types.</summary>
    public required int Type { get; init; }

    public required CodeOrigins Origins { get; init; }

    /// <summary>The marked one, or the one before; null where there is none.</summary>
    public ComparedProfile? Then { get; init; }

    /// <summary>Why the profile is old; null when it is not.</summary>
    public string? Stale { get; init; }

    /// <summary>What percentages are of.</summary>
    public long Whole => Profile.Totals(Type).Absolute;

    /// <summary>A moment is marked, whether or not there is a profile of it.</summary>
    public bool IsMarkSet { get; init; }

    public bool IsMarked => Then is { IsMarked: true };

    /// <summary>
    /// Values of profiles that cover a time are compared by the second of it, since no two windows are equally long.
    /// </summary>
    public bool IsPerSecond => IsMarked && Seconds > 0;

    /// <summary>The time that it covers; 0 for a profile of a moment or since the start.</summary>
    public double Seconds => SecondsOf(Profile, Capture);

    /// <summary>What values are multiplied with before they are shown or compared.</summary>
    public double Scale => IsPerSecond ? 1 / Seconds : 1;

    public double ThenScale => IsPerSecond && Then is { } then && SecondsOf(then.Profile, then.Capture) is > 0 and double seconds ? 1 / seconds : 1;

    public double Share(double value) => Whole > 0 ? value * 100 / Whole : 0;

    private static double SecondsOf(AnalysedProfile profile, ProfileCapture capture) =>
        profile.Profile.DurationNanoseconds > 0 ? profile.Profile.DurationNanoseconds / 1e9 : capture.Seconds;
}

/// <param name="Type">The measure's place among its sample types.</param>
/// <param name="Seconds">How long before.</param>
/// <param name="IsMarked">The person chose the moment; otherwise it is the profile before.</param>
internal sealed record ComparedProfile(ProfileCapture Capture, AnalysedProfile Profile, int Type, double Seconds, bool IsMarked);
