using System.Text;

namespace GoTop.Engine.Sources.Pprof;

/// <summary>Text that a server supplied, made fit to stand in a reason.</summary>
internal static class ForeignText
{
    private const int MaxLength = 120;

    /// <summary>Without control characters and other invisible ones, and cut to 120 characters.</summary>
    public static string Clean(string? text)
    {
        if (string.IsNullOrEmpty(text)) return "";
        StringBuilder clean = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (clean.Length >= MaxLength) return clean.Append('…').ToString();
            bool isVisible = Rune.GetUnicodeCategory(rune) is not (System.Globalization.UnicodeCategory.Control
                or System.Globalization.UnicodeCategory.Format or System.Globalization.UnicodeCategory.OtherNotAssigned
                or System.Globalization.UnicodeCategory.LineSeparator or System.Globalization.UnicodeCategory.ParagraphSeparator
                or System.Globalization.UnicodeCategory.PrivateUse or System.Globalization.UnicodeCategory.Surrogate);
            clean.Append(isVisible ? rune.ToString() : "·");
        }

        return clean.ToString();
    }
}
