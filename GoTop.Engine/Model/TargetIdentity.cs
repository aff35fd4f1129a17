using System.Collections.Immutable;

namespace GoTop.Engine.Model;

/// <summary>Who is watched: what does not change while it lives.</summary>
public sealed record TargetIdentity
{
    /// <summary>For the screen: the name from the configuration, the process's name or the URL's host.</summary>
    public required string Name { get; init; }

    /// <summary>Null for a target that is only known by its URL.</summary>
    public ProcessKey? Process { get; init; }

    public Reading<string> Path { get; init; }

    public Reading<GoBuildInfo> Build { get; init; }

    public Reading<string> User { get; init; }

    public Reading<DateTimeOffset> StartedAt { get; init; }

    public Reading<string> Service { get; init; }

    /// <summary>TCP ports it listens on, ascending.</summary>
    public Reading<ImmutableArray<int>> Ports { get; init; }

    /// <summary>Base of its pprof pages, ending in <c>/debug/pprof/</c>.</summary>
    public Reading<string> PprofUrl { get; init; }
}

/// <summary>What <c>go version -m</c> prints of a binary.</summary>
/// <param name="GoVersion">e.g. <c>go1.25.1</c>, with any suffix such as <c>X:nodwarf5</c>.</param>
/// <param name="MainPackage">The <c>path</c> line; empty when there is none.</param>
/// <param name="Module">Main module's path; empty for a build outside a module.</param>
/// <param name="ModuleVersion">e.g. <c>(devel)</c> or <c>v1.2.3</c>.</param>
/// <param name="Settings">The <c>build</c> lines, e.g. <c>vcs.revision</c>, <c>GOARCH</c>, <c>-ldflags</c>.</param>
public sealed record GoBuildInfo(
    string GoVersion, string MainPackage, string Module, string ModuleVersion,
    ImmutableSortedDictionary<string, string> Settings)
{
    public string? VcsRevision => Settings.GetValueOrDefault("vcs.revision");
}
