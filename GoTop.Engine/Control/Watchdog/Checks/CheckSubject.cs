using GoTop.Engine.Sources;

namespace GoTop.Engine.Control.Watchdog.Checks;

/// <summary>Who is looked at.</summary>
/// <param name="Ended">How its process ended; null while it is there, as far as the agent has seen.</param>
/// <param name="Progress">What its observations told.</param>
internal sealed record CheckSubject(TargetContext Target, string? Ended, ProgressMemory Progress);
