using System.Collections.Immutable;

namespace GoTop.Engine.Discovery;

/// <summary>The Go processes of this machine.</summary>
/// <param name="Processes">Ascending by process id.</param>
/// <param name="NotPermitted">
/// Processes whose executable we may not look at, so that some of them may be Go's: another user's, without privileges.
/// </param>
public sealed record GoProcessList(ImmutableArray<GoProcess> Processes, int NotPermitted);
