using System.Diagnostics.CodeAnalysis;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>What is wrong with a filter's text, and where.</summary>
/// <param name="Position">Of the first character at fault, from 0.</param>
public sealed record LogFilterError(string Message, int Position)
{
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Message} (at {Position + 1})");
}

/// <summary>
/// Which lines are meant: <c>level&gt;=warn and user=42</c>, <c>msg~"timeout" or not (path:/healthz)</c>. Bare words and quoted
/// ones are searched for in the whole line, without regard to case; terms side by side must all hold. Fields are compared with
/// <c>=</c>, <c>!=</c>, <c>&lt;</c>, <c>&lt;=</c>, <c>&gt;</c>, <c>&gt;=</c> (as numbers where both are), <c>:</c> (contains) and
/// <c>~</c>, <c>!~</c> (regular expression). <c>level</c>, <c>msg</c>, <c>text</c> and <c>origin</c> are there for every line;
/// <c>*</c> as a value asks whether the field is there. A leading <c>!</c> inverts the term behind it.
/// </summary>
public sealed class LogFilter
{
    private readonly LogTerm? _root;

    internal LogFilter(string text, LogTerm? root)
    {
        Text = text;
        _root = root;
    }

    public static LogFilter Everything { get; } = new("", null);

    public string Text { get; }

    public bool IsEmpty => _root is null;

    /// <returns>False with the first error, and its place.</returns>
    public static bool TryParse(string text, [NotNullWhen(true)] out LogFilter? filter, [NotNullWhen(false)] out LogFilterError? error)
    {
        try
        {
            filter = new LogFilter(text, new LogFilterParser(text).Parse());
            error = null;
            return true;
        }
        catch (LogFilterException wrong)
        {
            filter = null;
            error = new LogFilterError(wrong.Message, wrong.Position);
            return false;
        }
    }

    public bool Matches(LogEntry entry) => _root is null || _root.Matches(entry);
}
