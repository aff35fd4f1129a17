using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Model;

namespace GoTop.Engine.Discovery;

/// <summary>A target that can be watched.</summary>
public sealed record ResolvedTarget(TargetIdentity Identity, TargetSettings Settings);

public enum TargetProblemKind
{
    NotFound,
    NotPermitted,
    Ambiguous,
    NotGo,
}

/// <summary>Why a text names no target, and what to do next.</summary>
/// <param name="Message">For the person at the screen; may have several lines.</param>
/// <param name="Candidates">The processes among which to choose; empty unless ambiguous.</param>
public sealed record TargetProblem(TargetProblemKind Kind, string Message, ImmutableArray<TargetIdentity> Candidates);

/// <summary>Either a target or a problem.</summary>
public sealed record TargetResolution
{
    public ResolvedTarget? Target { get; init; }

    public TargetProblem? Problem { get; init; }

    internal static TargetResolution Found(TargetIdentity identity, TargetSettings settings) =>
        new() { Target = new ResolvedTarget(identity, settings) };

    internal static TargetResolution Not(TargetProblemKind kind, string message) =>
        new() { Problem = new TargetProblem(kind, message, []) };
}
