using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Sources;

/// <summary>What a source may need of its surroundings.</summary>
/// <param name="Settings">The target's own settings; defaults when it is not in the configuration.</param>
public sealed record TargetContext(TargetIdentity Target, IPlatform Platform, TargetSettings Settings, TimeProvider Time);
