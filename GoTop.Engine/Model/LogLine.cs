namespace GoTop.Engine.Model;

/// <summary>
/// A line as it arrived. What it says of itself, its level, time and fields, is read from its text, so that recordings hold the
/// text alone.
/// </summary>
/// <param name="Time">When it arrived.</param>
/// <param name="Origin">File path, <c>journal:UNIT</c>, <c>eventlog:LOG</c>, or <c>gotop</c> for our own log.</param>
/// <param name="Text">One line, stripped of control characters and capped.</param>
public readonly record struct LogLine(DateTimeOffset Time, string Origin, string Text)
{
    public const int MostChars = 2000;
}
