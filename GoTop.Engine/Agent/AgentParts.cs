using GoTop.Engine.Discovery;
using GoTop.Engine.Platform;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent;

/// <summary>What an agent is made of.</summary>
public sealed record AgentParts(IPlatform Platform, GoProcessFinder Finder, TimeProvider Time, ILogger Log, string ToolVersion);
