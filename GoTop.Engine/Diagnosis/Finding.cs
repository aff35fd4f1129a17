namespace GoTop.Engine.Diagnosis;

public enum Severity
{
    Notice,
    Warning,
    Critical,
}

/// <summary>A verdict in words, for the first screen.</summary>
/// <param name="Rule">The rule's stable name, e.g. <c>goroutine-leak</c>.</param>
/// <param name="Title">One line: what is wrong, with the figure.</param>
/// <param name="Detail">The evidence: where, since when, compared with what.</param>
/// <param name="Advice">What to look at or do next.</param>
public sealed record Finding(string Rule, Severity Severity, string Title, string Detail, string Advice);
