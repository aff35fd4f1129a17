using System.Globalization;
using GoTop.Actions;

namespace GoTop.App;

/// <summary>Editing of one line, at its end: filter and palette need no more.</summary>
public static class TextEntry
{
    private const int Longest = 200;

    /// <summary>The text after a key; null when the key does not edit.</summary>
    public static string? After(string text, KeyStroke key) => key switch
    {
        { Name: "backspace", Ctrl: false } => WithoutLast(text),
        { Name: "backspace" } or { Ctrl: true, Character.Value: 'w' } => WithoutLastWord(text),
        { Ctrl: true, Character.Value: 'u' } => "",
        { Name: "space", Ctrl: false, Alt: false } => Append(text, " "),
        { Name: "", Ctrl: false, Alt: false } => Append(text, key.Character.ToString()),
        _ => null,
    };

    /// <summary>Pasted text comes in as one line without control characters.</summary>
    public static string Append(string text, string more)
    {
        string clean = string.Concat(more.Select(c => char.IsControl(c) ? ' ' : c));
        string whole = text + clean;
        return whole.Length <= Longest ? whole : whole[..Longest];
    }

    private static string WithoutLast(string text)
    {
        int[] starts = StringInfo.ParseCombiningCharacters(text);
        return starts.Length == 0 ? "" : text[..starts[^1]];
    }

    private static string WithoutLastWord(string text)
    {
        string trimmed = text.TrimEnd();
        return trimmed[..(trimmed.LastIndexOf(' ') + 1)];
    }
}
