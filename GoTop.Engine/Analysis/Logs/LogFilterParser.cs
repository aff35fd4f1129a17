using System.Text;
using System.Text.RegularExpressions;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Logs;

internal sealed class LogFilterException(string message, int position) : Exception(message)
{
    public int Position { get; } = position;
}

/// <summary>
/// <c>or</c> binds least, then <c>and</c> (also by mere juxtaposition), then <c>not</c>. Depth and length are capped, since alert
/// rules bring filters from files.
/// </summary>
internal sealed class LogFilterParser(string text)
{
    private const int LongestText = 1000;
    private const int Deepest = 32;

    // The longer first.
    private static readonly (string Sign, Comparison Comparison)[] Signs =
    [
        ("<=", Comparison.LessOrEqual), (">=", Comparison.GreaterOrEqual), ("!=", Comparison.NotEqual), ("!~", Comparison.MatchesNot), ("==", Comparison.Equal),
        ("=", Comparison.Equal), ("<", Comparison.Less), (">", Comparison.Greater), ("~", Comparison.Matches), (":", Comparison.Contains),
    ];

    private int _at;
    private int _depth;

    public LogTerm? Parse()
    {
        if (text.Length > LongestText) throw new LogFilterException($"a filter has at most {LongestText} characters", LongestText);
        SkipBlanks();
        if (_at == text.Length) return null;
        LogTerm term = ParseOr();
        return _at == text.Length ? term : throw new LogFilterException("there is no ( for this )", _at);
    }

    private LogTerm ParseOr()
    {
        LogTerm left = ParseAnd();
        while (TakeWord("or") || TakeSign("||")) left = new AnyOf(left, ParseAnd());
        return left;
    }

    private LogTerm ParseAnd()
    {
        LogTerm left = ParseNot();
        while (true)
        {
            bool said = TakeWord("and") || TakeSign("&&");
            if (!said && (_at == text.Length || text[_at] == ')' || IsWord("or") || IsSign("||"))) return left;
            left = new AllOf(left, ParseNot());
        }
    }

    private LogTerm ParseNot()
    {
        if (++_depth > Deepest) throw new LogFilterException($"more than {Deepest} parentheses within one another", _at);
        try
        {
            if (TakeWord("not") || TakeSign("!")) return new Not(ParseNot());
            if (!TakeSign("(")) return ParseTerm();
            int open = _at;
            if (_at < text.Length && text[_at] == ')') throw new LogFilterException("nothing stands between these parentheses", _at);
            LogTerm inner = ParseOr();
            return TakeSign(")") ? inner : throw new LogFilterException("this ( has no )", Math.Max(0, open - 1));
        }
        finally
        {
            _depth--;
        }
    }

    private LogTerm ParseTerm()
    {
        if (_at == text.Length) throw new LogFilterException("something is missing at the end", _at);
        if (text[_at] == ')') throw new LogFilterException("something is missing before this )", _at);
        if (IsWord("and") || IsWord("or")) throw new LogFilterException($"something is missing before \"{(IsWord("and") ? "and" : "or")}\"", _at);
        int begin = _at;
        if (text[_at] is '"' or '\'') return new ContainsText(TakeQuoted());
        // A bare word may hold anything a key may not, such as a time of day.
        string key = TakeWhile(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' or '-' or '@' or '/');
        if (key.Length > 0 && IsKey(key) && FindSign() is { } sign) return Compare(key, begin, sign);
        _at = begin;
        string word = TakeWhile(c => c is not (' ' or '\t' or '(' or ')' or '"'));
        if (word.Length == 0) throw new LogFilterException($"'{text[_at]}' means nothing here", _at);
        SkipBlanks();
        return new ContainsText(word);
    }

    private LogTerm Compare(string key, int begin, (string Sign, Comparison Comparison) sign)
    {
        SkipBlanks();
        _at += sign.Sign.Length;
        SkipBlanks();
        int valueAt = _at;
        if (_at == text.Length || text[_at] is ')') throw new LogFilterException($"a value is missing after {key}{sign.Sign}", _at);
        string value = text[_at] is '"' or '\'' ? TakeQuoted() : TakeWhile(c => c is not (' ' or '\t' or ')'));
        SkipBlanks();
        if (key is "level" or "lvl" or "severity")
        {
            LineLevel level = LevelWords.Of(Encoding.UTF8.GetBytes(value));
            if (level == LineLevel.Unknown) throw new LogFilterException($"\"{value}\" is no level: trace, debug, info, warn, error or fatal", valueAt);
            return sign.Comparison is Comparison.Contains or Comparison.Matches or Comparison.MatchesNot
                ? throw new LogFilterException("levels are compared with =, !=, <, <=, > and >=", begin + key.Length)
                : new LevelTerm(sign.Comparison, level);
        }

        return new FieldTerm(key, sign.Comparison, value, sign.Comparison is Comparison.Matches or Comparison.MatchesNot ? Pattern(value, valueAt) : null);
    }

    private static Regex Pattern(string value, int at)
    {
        try
        {
            // Takes time in proportion to the line, whatever the expression and the line are.
            return new Regex(value, RegexOptions.IgnoreCase | RegexOptions.CultureInvariant | RegexOptions.NonBacktracking);
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            throw new LogFilterException($"no regular expression that can be used: {PlainText.Clean(wrong.Message, 150)}", at);
        }
    }

    /// <summary>The sign that stands here, blanks before it allowed but for ":", which ends words in prose.</summary>
    private (string Sign, Comparison Comparison)? FindSign()
    {
        int at = _at;
        while (at < text.Length && text[at] == ' ') at++;
        foreach ((string sign, Comparison comparison) in Signs)
        {
            if (string.CompareOrdinal(text, at, sign, 0, sign.Length) != 0) continue;
            return at > _at && sign is ":" or "!" ? null : (sign, comparison);
        }

        return null;
    }

    private static bool IsKey(string key) => char.IsAsciiLetter(key[0]) || key[0] is '_' or '@';

    private string TakeQuoted()
    {
        char quote = text[_at];
        int open = _at++;
        StringBuilder value = new();
        while (_at < text.Length && text[_at] != quote)
        {
            // Only the mark itself is escaped, so that regular expressions keep their own.
            if (text[_at] == '\\' && _at + 1 < text.Length && text[_at + 1] == quote) _at++;
            value.Append(text[_at++]);
        }

        if (_at == text.Length) throw new LogFilterException("this quotation mark has no other", open);
        _at++;
        SkipBlanks();
        return value.Length > 0 ? value.ToString() : throw new LogFilterException("nothing stands between these quotation marks", open);
    }

    private string TakeWhile(Func<char, bool> holds)
    {
        int begin = _at;
        while (_at < text.Length && holds(text[_at])) _at++;
        return text[begin.._at];
    }

    private bool IsWord(string word) =>
        string.Compare(text, _at, word, 0, word.Length, StringComparison.OrdinalIgnoreCase) == 0
        && (_at + word.Length == text.Length || text[_at + word.Length] is ' ' or '\t' or '(' or ')');

    private bool TakeWord(string word)
    {
        if (!IsWord(word)) return false;
        _at += word.Length;
        SkipBlanks();
        return true;
    }

    private bool IsSign(string sign) => string.CompareOrdinal(text, _at, sign, 0, sign.Length) == 0;

    private bool TakeSign(string sign)
    {
        if (!IsSign(sign)) return false;
        _at += sign.Length;
        SkipBlanks();
        return true;
    }

    private void SkipBlanks()
    {
        while (_at < text.Length && text[_at] is ' ' or '\t') _at++;
    }
}
