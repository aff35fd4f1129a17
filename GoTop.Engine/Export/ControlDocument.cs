using System.Collections.Immutable;
using GoTop.Engine.Control.Acting;

namespace GoTop.Engine.Export;

/// <summary>What an action did, or would do.</summary>
/// <param name="Outcome"><c>planned</c> (a dry run), <c>done</c>, <c>refused</c>, <c>failed</c> or <c>cancelled</c>.</param>
/// <param name="After">As read back; null when nothing was done.</param>
/// <param name="Undo">What takes it back, in a sentence; null where nothing does.</param>
public sealed record ControlDocument(
    string Action, string Target, string Summary, string Outcome, string? Reason, string Before, string? After, string? Undo,
    ImmutableArray<string> Warnings, ImmutableArray<ControlStepPart> Steps, string? AuditProblem)
{
    public static ControlDocument Planned(ControlPlan plan, string? refusal) => new(
        plan.Kind.Id, plan.Target, plan.Summary, "planned", refusal, plan.Before, null, plan.Undo?.Summary, plan.Warnings,
        [.. plan.Steps.Select(step => new ControlStepPart(step.Title, "waiting", null, 0))], null);

    public static ControlDocument Of(ControlProgress progress) => new(
        progress.Plan.Kind.Id, progress.Plan.Target, progress.Plan.Summary, JsonNames.Of(progress.Outcome), progress.Reason, progress.Plan.Before, progress.After,
        progress.Plan.Undo?.Summary, progress.Plan.Warnings,
        [.. progress.Steps.Select(step => new ControlStepPart(step.Title, JsonNames.Of(step.State), step.Told, Math.Round(step.Seconds, 3)))], progress.AuditProblem);
}

/// <param name="State"><c>waiting</c>, <c>running</c>, <c>done</c>, <c>failed</c> or <c>skipped</c>.</param>
public sealed record ControlStepPart(string Title, string State, string? Told, double Seconds);
