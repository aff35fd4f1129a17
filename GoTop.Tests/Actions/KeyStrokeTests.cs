using GoTop.Actions;
using GoTop.Screen;
using Terminal.Gui.Drivers;
using Xunit;
using Key = Terminal.Gui.Input.Key;

namespace GoTop.Tests.Actions;

public sealed class KeyStrokeTests
{
    [Theory]
    [InlineData("x", "x")]
    [InlineData("G", "G")]
    [InlineData("?", "?")]
    [InlineData("-", "-")]
    [InlineData("ctrl--", "ctrl--")]
    [InlineData("CTRL-X", "ctrl-x")]
    [InlineData("f5", "F5")]
    [InlineData("Space", "space")]
    [InlineData("shift-tab", "shift-tab")]
    [InlineData("alt-enter", "alt-enter")]
    [InlineData("ctrl-alt-pgup", "ctrl-alt-pgup")]
    [InlineData("ł", "ł")]
    [InlineData("😀", "😀")]
    public void A_key_is_read_and_written(string text, string written)
    {
        Assert.True(KeyStroke.TryParse(text, out KeyStroke key, out string? problem), problem);
        Assert.Equal(written, key.ToString());
        Assert.True(KeyStroke.TryParse(written, out KeyStroke again, out _));
        Assert.Equal(key, again);
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("xy")]
    [InlineData("F13")]
    [InlineData("shift-g")]
    [InlineData("ctrl-")]
    [InlineData("\u0007")]
    public void Anything_else_is_refused_by_name(string text)
    {
        Assert.False(KeyStroke.TryParse(text, out _, out string? problem));
        Assert.Contains($"\"{text}\"", problem, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData((int)(KeyCode.G | KeyCode.ShiftMask), "G")]
    [InlineData((int)KeyCode.G, "g")]
    [InlineData('?', "?")]
    [InlineData((int)(KeyCode.C | KeyCode.CtrlMask), "ctrl-c")]
    [InlineData((int)(KeyCode.Tab | KeyCode.ShiftMask), "shift-tab")]
    [InlineData((int)KeyCode.Space, "space")]
    [InlineData((int)KeyCode.PageUp, "pgup")]
    [InlineData((int)KeyCode.F5, "F5")]
    [InlineData((int)KeyCode.Enter, "enter")]
    public void Terminal_keys_become_ours(int code, string expected) =>
        Assert.Equal(expected, KeyTranslation.Translate(new Key((KeyCode)code))?.ToString());
}
