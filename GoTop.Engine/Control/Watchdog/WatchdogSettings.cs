using System.Collections.Immutable;
using GoTop.Engine.Control.Rules;

namespace GoTop.Engine.Control.Watchdog;

/// <summary>The <c>watchdog</c> of a <c>[[target]]</c>: how its health is told, and what is done without it.</summary>
public sealed record WatchdogSettings
{
    /// <summary>From the end of a look to the start of the next.</summary>
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>So many looks in a row have to fail.</summary>
    public int Failures { get; init; } = 2;

    /// <summary>False: it only tells.</summary>
    public bool Restart { get; init; } = true;

    /// <summary>Most restarts until it is healthy for <see cref="Healthy"/>; then it is given up.</summary>
    public int Restarts { get; init; } = 3;

    /// <summary>From a restart to the next at least; doubled with each.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>So long it may take to start up: nothing but its end counts.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Healthy for so long, it has its restarts again.</summary>
    public TimeSpan Healthy { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>Addresses that have to accept connections.</summary>
    public ImmutableArray<TcpPlace> Tcp { get; init; } = [];

    /// <summary>A page that has to answer; null for none.</summary>
    public Uri? Http { get; init; }

    /// <summary>What it may answer with; empty for 200 to 399.</summary>
    public ImmutableArray<int> HttpStatus { get; init; } = [];

    /// <summary>Has to stand in its answer; null for anything.</summary>
    public string? HttpBody { get; init; }

    /// <summary>A connection or an answer may take so long.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>Whether it gets anywhere is looked at as well.</summary>
    public bool Progress { get; init; } = true;

    /// <summary>Nothing has to have gone on for so long.</summary>
    public TimeSpan HangAfter { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>It writes to its logs at least so often; null for one that need not.</summary>
    public TimeSpan? LogEvery { get; init; }

    /// <summary>When it is let be.</summary>
    public ImmutableArray<MaintenanceWindow> Maintenance { get; init; } = [];
}

/// <param name="Host">A name or an address.</param>
public sealed record TcpPlace(string Host, int Port)
{
    public override string ToString() => FormattableString.Invariant($"{(Host.Contains(':', StringComparison.Ordinal) ? $"[{Host}]" : Host)}:{Port}");
}
