namespace GoTop.Engine.Model;

/// <summary>Makes text from outside safe to show.</summary>
public static class PlainText
{
    public static string Clean(ReadOnlySpan<char> text, int maxChars)
    {
        if (text.Length > maxChars) text = text[..maxChars];
        return string.Create(text.Length, text, (span, source) =>
        {
            for (int i = 0; i < source.Length; i++) span[i] = char.IsControl(source[i]) ? ' ' : source[i];
        });
    }
}
