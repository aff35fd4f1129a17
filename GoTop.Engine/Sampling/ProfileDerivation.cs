using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>Makes sense of the profiles of a sample. Each is parsed once, in the tick in which it is first seen.</summary>
internal static class ProfileDerivation
{
    public static ProfileFigures Derive(ProfileFigures? derived, ProfileCaptures now) =>
        new([.. ProfileCaptures.Kinds.Select(kind => Derive(derived?.OutcomeOf(kind) ?? default, now[kind]))]);

    private static ProfileFigures.Outcome Derive(ProfileFigures.Outcome derived, Reading<ProfileCapture> now)
    {
        if (!now.TryGet(out ProfileCapture? capture)) return new ProfileFigures.Outcome(null, now.Absent<ProfileFigure>());
        Reading<ProfileFigure> figure = ReferenceEquals(derived.Capture, capture) ? derived.Figure : Parse(capture, derived.Figure.ValueOr(null));
        return new ProfileFigures.Outcome(capture, figure.TryGet(out ProfileFigure? parsed) ? Reading.From(now.State, parsed, now.Reason) : figure);
    }

    private static Reading<ProfileFigure> Parse(ProfileCapture capture, ProfileFigure? previous)
    {
        try
        {
            Profile profile = ProfileReader.Read(capture.Content.AsMemory(), ProfileLimits.Live);
            return Reading.Of(new ProfileFigure(capture, new AnalysedProfile(profile), previous));
        }
        catch (ProfileException invalid)
        {
            return Reading.Failed<ProfileFigure>($"what the service gave is no profile: {PlainText.Clean(invalid.Message, 300)}");
        }
    }
}
