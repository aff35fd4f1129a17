using System.Text;
using GoTop.Actions;
using Terminal.Gui.Drivers;
using Terminal.Gui.Input;

namespace GoTop.Screen;

/// <summary>From Terminal.Gui's keys to ours.</summary>
internal static class KeyTranslation
{
    /// <summary>Null for a modifier alone and for keys that we have no name for.</summary>
    public static KeyStroke? Translate(Key key)
    {
        if (key.IsModifierOnly) return null;
        KeyCode bare = key.KeyCode & ~(KeyCode.ShiftMask | KeyCode.CtrlMask | KeyCode.AltMask);
        if (Name(bare) is { } name)
        {
            // Terminals disagree whether Shift comes with Space; it means nothing to us there.
            return new KeyStroke(name, default, key.IsCtrl, key.IsAlt, key.IsShift && name != "space");
        }

        if (key.IsCtrl || key.IsAlt)
        {
            Rune character = Key.ToRune(key.IsCtrl ? bare : key.KeyCode & ~KeyCode.AltMask);
            return IsPrintable(character) ? new KeyStroke("", key.IsCtrl ? Rune.ToLowerInvariant(character) : character, key.IsCtrl, key.IsAlt) : null;
        }

        return key.TryGetPrintableRune(out Rune typed) && IsPrintable(typed) ? new KeyStroke("", typed) : null;
    }

    private static bool IsPrintable(Rune character) => character.Value > ' ' && !Rune.IsControl(character);

    private static string? Name(KeyCode code) => code switch
    {
        KeyCode.Esc => "esc",
        KeyCode.Enter => "enter",
        KeyCode.Tab => "tab",
        KeyCode.Backspace => "backspace",
        KeyCode.Space => "space",
        KeyCode.CursorUp => "up",
        KeyCode.CursorDown => "down",
        KeyCode.CursorLeft => "left",
        KeyCode.CursorRight => "right",
        KeyCode.Home => "home",
        KeyCode.End => "end",
        KeyCode.PageUp => "pgup",
        KeyCode.PageDown => "pgdn",
        KeyCode.Insert => "insert",
        KeyCode.Delete => "delete",
        KeyCode.F1 => "f1",
        KeyCode.F2 => "f2",
        KeyCode.F3 => "f3",
        KeyCode.F4 => "f4",
        KeyCode.F5 => "f5",
        KeyCode.F6 => "f6",
        KeyCode.F7 => "f7",
        KeyCode.F8 => "f8",
        KeyCode.F9 => "f9",
        KeyCode.F10 => "f10",
        KeyCode.F11 => "f11",
        KeyCode.F12 => "f12",
        _ => null,
    };
}
