using System.Collections.Immutable;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export;

/// <summary>One element of the array that <c>gotop ps --json</c> prints: see docs/json.md.</summary>
public sealed record ProcessDocument(
    int Pid, string Name, string? Path, string? GoVersion, string? Module, string? ModuleVersion, string? VcsRevision, string? User,
    DateTimeOffset? StartedAt, ImmutableArray<int>? Ports, string? PprofUrl, string? Service, ImmutableArray<ProcessSourcePart> Sources)
{
    public static ProcessDocument Of(GoProcess process)
    {
        TargetIdentity target = process.Identity;
        GoBuildInfo? build = target.Build.ValueOr(null);
        return new ProcessDocument(
            target.Process?.ProcessId ?? 0,
            target.Name,
            target.Path.ValueOr(null),
            build?.GoVersion,
            string.IsNullOrEmpty(build?.Module) ? null : build.Module,
            string.IsNullOrEmpty(build?.ModuleVersion) ? null : build.ModuleVersion,
            build?.VcsRevision,
            target.User.ValueOr(null),
            target.StartedAt.HasValue ? target.StartedAt.Value : null,
            target.Ports.HasValue ? target.Ports.Value : null,
            target.PprofUrl.ValueOr(null),
            target.Service.ValueOr(null),
            [.. process.Sources.Select(s => new ProcessSourcePart(s.Name, JsonNames.Of(s.State), s.Reason))]);
    }
}

public sealed record ProcessSourcePart(string Name, string State, string? Reason);
