namespace GoTop.Engine.Model;

/// <summary>A counter of the system's own that the configuration names: on Windows one of PerfMon's.</summary>
/// <param name="Path">As it is configured: <c>\Memory\Pages/sec</c>.</param>
/// <param name="Value">In the counter's own unit; a rate is the one since the reading before.</param>
public sealed record SystemCounter(string Path, Reading<double> Value);
