using System.Globalization;

namespace GoTop.Engine.GoRuntime.Symbols;

/// <summary>The part of Go's version that decides how its data is laid out.</summary>
internal static class GoVersionNumber
{
    /// <summary>25 for <c>go1.25.1</c> and <c>devel go1.25-abcdef</c>; null when it says none, and then it is newer than any known.</summary>
    public static int? Minor(string goVersion)
    {
        int at = goVersion.IndexOf("go1.", StringComparison.Ordinal);
        if (at < 0) return null;
        ReadOnlySpan<char> digits = goVersion.AsSpan(at + 4);
        int end = digits.IndexOfAnyExceptInRange('0', '9');
        return int.TryParse(end < 0 ? digits : digits[..end], NumberStyles.None, CultureInfo.InvariantCulture, out int minor) ? minor : null;
    }
}
