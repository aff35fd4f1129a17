namespace GoTop.App;

/// <summary>Finds what was meant by a few letters: they must all occur, in order; those together and at the beginnings of words count more.</summary>
public static class FuzzyMatch
{
    private const int AtWordStart = 8;
    private const int Together = 5;
    private const int Anywhere = 1;

    /// <summary>Higher is better; null when it does not match. An empty pattern matches all alike.</summary>
    public static int? Score(string pattern, string text)
    {
        int score = 0, at = 0, last = -2;
        foreach (char wanted in pattern)
        {
            if (wanted == ' ') continue;
            int found = Find(text, wanted, at, last);
            if (found < 0) return null;
            score += found == last + 1 ? Together : StartsWord(text, found) ? AtWordStart : Anywhere;
            last = found;
            at = found + 1;
        }

        // Of equal ones the shorter is nearer to what was typed.
        return (score * 100) - text.Length;
    }

    /// <summary>The next letter of the same run, or else the start of a word, or else anywhere.</summary>
    private static int Find(string text, char wanted, int from, int last)
    {
        if (from == last + 1 && from < text.Length && Same(text[from], wanted)) return from;
        int anywhere = -1;
        for (int i = from; i < text.Length; i++)
        {
            if (!Same(text[i], wanted)) continue;
            if (StartsWord(text, i)) return i;
            if (anywhere < 0) anywhere = i;
        }

        return anywhere;
    }

    private static bool Same(char one, char other) => char.ToLowerInvariant(one) == char.ToLowerInvariant(other);

    private static bool StartsWord(string text, int index) => index == 0 || (!char.IsLetterOrDigit(text[index - 1]) && char.IsLetterOrDigit(text[index]));
}
