using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>What the newest profile of each kind says; each kind with its own reason where there is nothing.</summary>
public sealed class ProfileFigures
{
    private readonly ImmutableArray<Outcome> _kinds;

    internal ProfileFigures(ImmutableArray<Outcome> kinds) => _kinds = kinds;

    public static ProfileFigures None { get; } = new([.. ProfileCaptures.Kinds.Select(_ => default(Outcome))]);

    public Reading<ProfileFigure> this[ProfileKind kind] => _kinds[(int)kind].Figure;

    internal Outcome OutcomeOf(ProfileKind kind) => _kinds[(int)kind];

    /// <summary>These, without what weighs most.</summary>
    internal ProfileFigures Thinned(string reason) =>
        new([.. _kinds.Select(kind => kind.Figure.HasValue ? new Outcome(null, Reading.NotSupported<ProfileFigure>(reason)) : kind)]);

    /// <param name="Capture">What was parsed, with whatever result; null when there was nothing to parse.</param>
    internal readonly record struct Outcome(ProfileCapture? Capture, Reading<ProfileFigure> Figure);
}

/// <summary>A profile, and the one of the same kind before it.</summary>
public sealed class ProfileFigure
{
    private readonly Lazy<AnalysedProfile?> _added;

    internal ProfileFigure(ProfileCapture capture, AnalysedProfile profile, ProfileFigure? previous)
    {
        (Capture, Profile, PreviousCapture, PreviousProfile) = (capture, profile, previous?.Capture, previous?.Profile);
        _added = new Lazy<AnalysedProfile?>(() => ProfileGrowth.Between(capture.Kind, PreviousProfile?.Profile, profile.Profile));
    }

    public ProfileCapture Capture { get; }

    public AnalysedProfile Profile { get; }

    /// <summary>Null for the first one seen.</summary>
    public ProfileCapture? PreviousCapture { get; }

    /// <summary>What a pane shows change against.</summary>
    public AnalysedProfile? PreviousProfile { get; }

    /// <summary>
    /// Of a profile that counts since the start of the process (heap, allocs, mutex, block): what was added since the one
    /// before; of the heap's memory in use, by how much it grew. Null for other kinds, for the first one seen, and when the
    /// process has begun anew. Worked out when first asked for.
    /// </summary>
    public AnalysedProfile? Added => _added.Value;

    /// <summary>
    /// Not one sample. Of mutex and block this means that the service has not called <c>runtime.SetMutexProfileFraction</c> or
    /// <c>runtime.SetBlockProfileRate</c>, or that nobody has waited since it did.
    /// </summary>
    public bool IsEmpty => Profile.Profile.SampleCount == 0;
}

/// <summary>What is added to a profile that counts since the start of the process.</summary>
internal static class ProfileGrowth
{
    /// <summary>Sample types that never go back while a process lives.</summary>
    private static readonly string[] Growing = ["alloc_objects", "alloc_space", "contentions", "delay"];

    public static AnalysedProfile? Between(ProfileKind kind, Profile? earlier, Profile later)
    {
        if (earlier is null || kind is not (ProfileKind.Heap or ProfileKind.Allocs or ProfileKind.Mutex or ProfileKind.Block)) return null;
        Profile added;
        try
        {
            added = ProfileSubtraction.Subtract(later, earlier);
        }
        catch (ArgumentException)
        {
            // The service has changed what it counts.
            return null;
        }

        int[] growing = [.. Enumerable.Range(0, added.SampleTypes.Length).Where(type => Growing.Contains(added.SampleTypes[type].Type))];
        for (int sample = 0; sample < added.SampleCount; sample++)
        {
            foreach (int type in growing)
            {
                if (added.ValuesOf(sample)[type] < 0) return null;
            }
        }

        return new AnalysedProfile(added);
    }
}
