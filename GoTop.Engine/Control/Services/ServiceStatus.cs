using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services;

public enum ServiceState : byte
{
    Unknown,
    Stopped,
    Starting,
    Running,
    Pausing,
    Paused,
    Continuing,
    Stopping,

    /// <summary>It is not running since it failed.</summary>
    Failed,
}

/// <summary>A service at one moment.</summary>
public sealed record ServiceStatus
{
    public required string Name { get; init; }

    public required string Manager { get; init; }

    public string? DisplayName { get; init; }

    public required ServiceState State { get; init; }

    /// <summary>In the manager's own words, e.g. <c>active (running)</c>.</summary>
    public required string StateWords { get; init; }

    /// <summary>Of its main process; null while none runs.</summary>
    public int? ProcessId { get; init; }

    /// <summary>One life of it; two lives have different ones. Null where the manager does not tell.</summary>
    public string? Life { get; init; }

    public bool CanPause { get; init; }

    /// <summary>Running ones that stop with it, in the order in which they stop.</summary>
    public ImmutableArray<string> Dependants { get; init; } = [];

    /// <summary>What must run for it to run.</summary>
    public ImmutableArray<string> DependsOn { get; init; } = [];

    /// <summary>Why it is not running, in its manager's words; null where nothing is wrong.</summary>
    public string? Error { get; init; }

    /// <summary>What happens when it fails, in words.</summary>
    public Reading<string> Recovery { get; init; }

    /// <summary>The same as it could be set.</summary>
    public RecoveryPolicy? RecoveryPolicy { get; init; }

    /// <summary>What its manager adds to its environment.</summary>
    public Reading<ImmutableArray<KeyValuePair<string, string>>> Environment { get; init; }

    /// <summary>In a line: <c>active (running), process 4242</c>.</summary>
    public override string ToString()
    {
        string process = ProcessId is { } id ? string.Create(CultureInfo.InvariantCulture, $", process {id}") : "";
        return $"{StateWords}{process}{(Error is null ? "" : $": {Error}")}";
    }
}

public enum RestartCondition : byte
{
    No,
    OnFailure,
    Always,
}

/// <summary>What a service manager does when the service ends by itself.</summary>
/// <param name="Delay">Before it starts it again.</param>
public sealed record RecoveryPolicy(RestartCondition Restart, TimeSpan Delay)
{
    public override string ToString() => Restart switch
    {
        RestartCondition.No => "no restart",
        RestartCondition.OnFailure => FormattableString.Invariant($"restart on failure after {Delay.TotalSeconds:0.###} s"),
        _ => FormattableString.Invariant($"restart always after {Delay.TotalSeconds:0.###} s"),
    };
}
