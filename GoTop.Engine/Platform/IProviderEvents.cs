using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform;

/// <summary>A collection of events that the target itself writes to the system's tracing; disposing of it ends it.</summary>
public interface IProviderEvents : IDisposable
{
    /// <summary>Of each kind of event seen so far how many a second came since the last call, and the means of its numbers.</summary>
    ImmutableArray<SystemCounter> Take();
}
