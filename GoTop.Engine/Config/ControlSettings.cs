namespace GoTop.Engine.Config;

/// <summary>The <c>[control]</c> table: acting on services.</summary>
public sealed record ControlSettings
{
    /// <summary>Evidence is captured before a restart.</summary>
    public bool CaptureBeforeRestart { get; init; } = true;

    /// <summary>A restart waits no longer for it than this.</summary>
    public TimeSpan CaptureDeadline { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Length of the CPU profile among it; 0 for none.</summary>
    public int CaptureCpuSeconds { get; init; } = 2;

    /// <summary>Last lines of its log among it.</summary>
    public int LogLines { get; init; } = 200;

    /// <summary>How long a stop may take; a plain process is ended for good after it.</summary>
    public TimeSpan StopDeadline { get; init; } = TimeSpan.FromSeconds(30);

    public TimeSpan StartDeadline { get; init; } = TimeSpan.FromSeconds(30);
}
