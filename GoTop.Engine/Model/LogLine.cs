namespace GoTop.Engine.Model;

/// <param name="Origin">File path, or <c>gotop</c> for our own log.</param>
/// <param name="Text">One line, stripped of control characters and capped.</param>
public readonly record struct LogLine(DateTimeOffset Time, string Origin, string Text);
