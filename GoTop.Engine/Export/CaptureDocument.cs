using System.Collections.Immutable;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary><c>manifest.json</c> of a capture, and what <c>gotop capture --json</c> prints: see docs/json.md.</summary>
public sealed record CaptureDocument(
    string Tool, DateTimeOffset StartedAt, DateTimeOffset? EndedAt, string State, string Folder, CaptureTargetPart Target, int Seconds, bool Forced,
    ImmutableArray<CapturePart> Captures)
{
    public static CaptureDocument Of(CaptureSession session, DateTimeOffset startedAt, DateTimeOffset? endedAt)
    {
        CaptureProgress progress = session.Progress;
        string state = endedAt is null ? "running"
            : progress.IsCancelled ? "cancelled"
            : progress.Failed > 0 ? "failed"
            : "done";
        return new CaptureDocument(
            $"gotop {session.Plan.ToolVersion}", startedAt, endedAt, state, progress.Folder, CaptureTargetPart.Of(session.Target.Target, session.PprofUrl), session.Plan.Seconds, session.Plan.Force,
            [.. progress.Items.Select(CapturePart.Of)]);
    }
}

/// <summary>Who was captured. Build settings are left out: values set by linker flags may be secrets.</summary>
public sealed record CaptureTargetPart(
    string Name, int? Pid, string? Path, string? GoVersion, string? Module, string? ModuleVersion, string? VcsRevision, DateTimeOffset? StartedAt, string? PprofUrl)
{
    /// <param name="pprofUrl">Where its pages were found; null when they were not.</param>
    public static CaptureTargetPart Of(TargetIdentity target, string? pprofUrl)
    {
        GoBuildInfo? build = target.Build.ValueOr(null);
        return new CaptureTargetPart(
            target.Name, target.Process?.ProcessId, target.Path.ValueOr(null), build?.GoVersion, string.IsNullOrEmpty(build?.Module) ? null : build.Module,
            string.IsNullOrEmpty(build?.ModuleVersion) ? null : build.ModuleVersion, build?.VcsRevision, target.StartedAt.HasValue ? target.StartedAt.Value : null,
            pprofUrl ?? target.PprofUrl.ValueOr(null));
    }
}

public sealed record CapturePart(
    string Kind, string Title, string Result, string? Reason, string? Note, double? PlannedSeconds, DateTimeOffset? TakenAt, double? TookMilliseconds, string CostToTarget,
    ImmutableArray<CaptureFilePart> Files)
{
    public static CapturePart Of(CaptureItem item) => new(
        item.Kind.Id, item.Kind.Title, JsonNames.Of(item.State), item.Reason, item.Note, item.PlannedSeconds > 0 ? item.PlannedSeconds : null, item.TakenAt,
        item.TakenAt is null ? null : Math.Round(item.Seconds * 1000, 1), item.Kind.CostToTarget, [.. item.Files.Select(file => new CaptureFilePart(file.Name, file.Bytes, file.Sha256, file.OpenCommand))]);
}

public sealed record CaptureFilePart(string Name, long Bytes, string Sha256, string? Open);
