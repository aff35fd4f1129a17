using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace GoTop.Actions;

/// <summary>
/// A key as pressed, whatever library delivered it. A character stands for itself with Shift already in it
/// (<c>G</c>, <c>?</c>); other keys have names.
/// </summary>
/// <param name="Name">In lower case: <c>f5</c>, <c>esc</c>, <c>pgup</c>; empty for a character.</param>
public readonly record struct KeyStroke(string Name, Rune Character, bool Ctrl = false, bool Alt = false, bool Shift = false)
{
    private static readonly HashSet<string> Names =
    [
        "esc", "enter", "tab", "backspace", "space", "up", "down", "left", "right", "home", "end", "pgup", "pgdn", "insert", "delete",
        "f1", "f2", "f3", "f4", "f5", "f6", "f7", "f8", "f9", "f10", "f11", "f12",
    ];

    public static KeyStroke Of(char character) => character == ' ' ? Named("space") : new("", new Rune(character));

    public static KeyStroke Named(string name) => new(name, default);

    /// <summary>
    /// Reads <c>x</c>, <c>G</c>, <c>?</c>, <c>space</c>, <c>esc</c>, <c>F5</c>, <c>shift-tab</c>, <c>ctrl-x</c>,
    /// <c>alt-enter</c>. Shift goes with named keys only: the character of a shifted key is another one.
    /// </summary>
    public static bool TryParse(string text, out KeyStroke key, [NotNullWhen(false)] out string? problem)
    {
        key = default;
        problem = null;
        string rest = text;
        bool ctrl = false, alt = false, shift = false;
        while (true)
        {
            if (Takes(ref rest, "ctrl-")) ctrl = true;
            else if (Takes(ref rest, "alt-")) alt = true;
            else if (Takes(ref rest, "shift-")) shift = true;
            else break;
        }

        string name = rest.ToLowerInvariant();
        if (Names.Contains(name))
        {
            key = new KeyStroke(name, default, ctrl, alt, shift);
            return true;
        }

        if (Rune.DecodeFromUtf16(rest, out Rune character, out int used) != System.Buffers.OperationStatus.Done || used != rest.Length || Rune.IsControl(character) || character.Value == ' ')
        {
            problem = $"\"{text}\" is not a key; write one character (x, G, ?), a name (space, esc, enter, tab, up, pgdn, F5 …), and ctrl-, alt- or shift- before it";
            return false;
        }

        if (shift)
        {
            problem = $"\"{text}\": write the shifted character itself, e.g. G rather than shift-g";
            return false;
        }

        // Terminals send the same byte for ctrl-x and ctrl-X.
        key = new KeyStroke("", ctrl ? Rune.ToLowerInvariant(character) : character, ctrl, alt);
        return true;

        static bool Takes(ref string rest, string prefix)
        {
            if (rest.Length <= prefix.Length || !rest.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) return false;
            rest = rest[prefix.Length..];
            return true;
        }
    }

    /// <summary>As written in help, footer and configuration.</summary>
    public override string ToString()
    {
        string name = Name.Length == 0 ? Character.ToString() : Name[0] == 'f' && Name.Length > 1 && char.IsAsciiDigit(Name[1]) ? Name.ToUpperInvariant() : Name;
        return $"{(Ctrl ? "ctrl-" : "")}{(Alt ? "alt-" : "")}{(Shift ? "shift-" : "")}{name}";
    }
}
