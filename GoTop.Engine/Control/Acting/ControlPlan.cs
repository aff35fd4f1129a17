using System.Collections.Immutable;

namespace GoTop.Engine.Control.Acting;

/// <summary>
/// What an action would do, step by step, made before anything is done: the dry run prints it, the confirmation shows it, and
/// <see cref="ControlSession"/> carries out these very steps.
/// </summary>
public sealed record ControlPlan
{
    public required ControlKind Kind { get; init; }

    /// <summary>The target's name.</summary>
    public required string Target { get; init; }

    /// <summary>One sentence, e.g. <c>pin shop (process 12) to cores 0-3</c>.</summary>
    public required string Summary { get; init; }

    /// <summary>How it is now, for the audit log and for undoing.</summary>
    public required string Before { get; init; }

    public required ImmutableArray<ControlStep> Steps { get; init; }

    /// <summary>What the person should know first.</summary>
    public ImmutableArray<string> Warnings { get; init; } = [];

    /// <summary>What is written, line by line, for the person to read first; empty where the steps say it all.</summary>
    public ImmutableArray<string> Written { get; init; } = [];

    /// <summary>Reads how it is afterwards: never what a call returned.</summary>
    public required Func<CancellationToken, Task<string>> ReadBack { get; init; }

    /// <summary>What takes it back; null where nothing does.</summary>
    public ControlPlan? Undo { get; init; }
}

/// <summary>One step.</summary>
/// <param name="Title">What it does, as a sentence without a full stop.</param>
/// <param name="Run">Does it; throws <see cref="ControlException"/> when it cannot.</param>
public sealed record ControlStep(string Title, Func<StepWork, Task> Run)
{
    /// <summary>Its failure is told and holds nothing up: evidence, conveniences.</summary>
    public bool MayFail { get; init; }

    /// <summary>From here on cancelling has no effect: half of it, a service that was stopped and not started, would be worse than all of it.</summary>
    public bool NoReturn { get; init; }

    /// <summary>Is taken also when one before it failed after <see cref="NoReturn"/>: it sets right what can be set right.</summary>
    public bool Mends { get; init; }
}

/// <summary>What a running step may use.</summary>
/// <param name="Tell">Says how far it is, or what came of it; the last words stay.</param>
public sealed record StepWork(Action<string> Tell, CancellationToken Cancellation);
