using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet;

/// <summary>Whether a target answers.</summary>
public enum FleetState : byte
{
    /// <summary>Not asked yet.</summary>
    NotYet,

    Up,

    /// <summary>It answers, or its port does, but gives no metrics.</summary>
    Unread,

    Down,
}

/// <summary>One target of the fleet as it was last read.</summary>
/// <param name="Id">Stays the same over readings: selection and history go by it.</param>
/// <param name="Name">Of the target itself: its name in gotop.toml, or its instance.</param>
/// <param name="Service">What it is one of: peers are of one service. By labels, or by the module that it was built from.</param>
public sealed record FleetRow(string Id, string Name, string Service)
{
    public FleetState State { get; init; }

    /// <summary>Why it is not up; null when it is.</summary>
    public string? Reason { get; init; }

    public Reading<string> Host { get; init; }

    /// <summary><c>linux</c>, <c>windows</c>, …</summary>
    public Reading<string> Os { get; init; }

    /// <summary>Of the service.</summary>
    public Reading<string> Version { get; init; }

    public Reading<string> GoVersion { get; init; }

    public Reading<DateTimeOffset> StartedAt { get; init; }

    /// <summary>By <see cref="FleetFigureCatalog"/>.</summary>
    public ImmutableArray<Reading<double>> Figures { get; init; } = FleetRaw.NoFigures;

    /// <summary>Alerts and findings that the engine or an agent tells of it.</summary>
    public ImmutableArray<FleetAlert> Alerts { get; init; } = [];

    /// <summary>Name of its source.</summary>
    public string Source { get; init; } = "";

    /// <summary><c>host:port</c> that its metrics are read from, by whoever reads them; null when that is not known.</summary>
    public string? Authority { get; init; }

    /// <summary>What <c>gotop TARGET</c> opens it by: its name in gotop.toml or the address of its pprof pages; null when neither is known.</summary>
    public string? Target { get; init; }

    public Reading<double> this[FleetFigure figure] => Figures[(int)figure];
}

/// <param name="Name">The rule's.</param>
public sealed record FleetAlert(string Name, Severity Severity);
