using System.Globalization;

namespace GoTop.Engine.Model;

/// <summary>How many of something, in words: <c>1 sample</c>, <c>1,204 samples</c>.</summary>
public static class Counted
{
    /// <param name="one">Singular of the noun.</param>
    /// <param name="many">Its plural, where that is not an s more.</param>
    public static string Of(long count, string one, string? many = null) => string.Create(CultureInfo.InvariantCulture, $"{count:#,0} {Noun(count, one, many)}");

    /// <summary>The noun, or any word that depends on the number, alone.</summary>
    /// <inheritdoc cref="Of"/>
    public static string Noun(long count, string one, string? many = null) => count == 1 ? one : many ?? one + "s";
}
