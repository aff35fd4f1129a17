using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Platform;

/// <summary>Counters of the system that were asked for by name. Not for use by two tasks at once.</summary>
public interface ICounterQuery : IDisposable
{
    /// <summary>In the order in which they were asked for. One that cannot be read says why.</summary>
    ImmutableArray<SystemCounter> Read();
}
