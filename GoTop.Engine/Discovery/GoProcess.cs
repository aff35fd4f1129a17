using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Discovery;

/// <summary>A Go process found on this machine, and which sources could serve it.</summary>
public sealed record GoProcess(TargetIdentity Identity, ImmutableArray<SourceStatus> Sources);
