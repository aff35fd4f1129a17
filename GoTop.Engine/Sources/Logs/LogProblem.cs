namespace GoTop.Engine.Sources.Logs;

internal enum LogProblemKind : byte
{
    /// <summary>Something is left out; the rest is read.</summary>
    Partial,

    /// <summary>The log is not there yet.</summary>
    Missing,

    /// <summary>It is there, or should be, and cannot be read.</summary>
    Unreadable,
}

/// <summary>What is wrong with one log.</summary>
/// <param name="Text">In words for the screen; may hold names from outside, not yet cleaned.</param>
internal readonly record struct LogProblem(LogProblemKind Kind, string Text);
