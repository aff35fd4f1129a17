using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Makes sense of the profiles of a sample. Each is parsed once, in the tick in which it is first seen.</summary>
internal static class ProfileDerivation
{
    public static ProfileFigures Derive(ProfileFigures? derived, ProfileCaptures now) =>
        new([.. ProfileCaptures.Kinds.Select(kind => Derive(derived?[kind] ?? default, now[kind]))]);

    private static Reading<ProfileFigure> Derive(Reading<ProfileFigure> derived, Reading<ProfileCapture> now)
    {
        if (!now.TryGet(out ProfileCapture? capture)) return now.Absent<ProfileFigure>();
        ProfileFigure? before = derived.ValueOr(null);
        ProfileFigure figure = before is not null && ReferenceEquals(before.Capture, capture)
            ? before
            : new ProfileFigure { Capture = capture, PreviousCapture = before?.Capture };
        return Reading.From(now.State, figure, now.Reason);
    }
}
