using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sampling;

/// <summary>What the newest profile of each kind says; each kind with its own reason where there is nothing.</summary>
public sealed class ProfileFigures
{
    private readonly ImmutableArray<Reading<ProfileFigure>> _kinds;

    internal ProfileFigures(ImmutableArray<Reading<ProfileFigure>> kinds) => _kinds = kinds;

    public static ProfileFigures None { get; } = new([.. ProfileCaptures.Kinds.Select(_ => default(Reading<ProfileFigure>))]);

    public Reading<ProfileFigure> this[ProfileKind kind] => _kinds[(int)kind];
}

/// <summary>A profile, and the one of the same kind before it.</summary>
public sealed record ProfileFigure
{
    public required ProfileCapture Capture { get; init; }

    /// <summary>Null for the first one seen.</summary>
    public ProfileCapture? PreviousCapture { get; init; }
}
