namespace GoTop.Engine.Config;

/// <summary>The <c>[kernel]</c> table.</summary>
public sealed record KernelSettings
{
    public KernelEventsMode Events { get; init; }
}

/// <summary>When the kernel's events are collected.</summary>
public enum KernelEventsMode
{
    /// <summary>While a pane shows them.</summary>
    Shown,

    Always,
    Never,
}
