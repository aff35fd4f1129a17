using GoTop.Screen;
using Xunit;

namespace GoTop.Tests.Screen;

public sealed class TerminalTraitsTests
{
    [Theory]
    [InlineData("TERM=xterm-256color COLORTERM=truecolor", ColourDepth.TrueColour)]
    [InlineData("TERM=xterm-256color", ColourDepth.TwoHundredFiftySix)]
    [InlineData("TERM=tmux-256color COLORTERM=24bit", ColourDepth.TrueColour)]
    [InlineData("TERM=xterm-kitty", ColourDepth.TrueColour)]
    [InlineData("TERM=linux", ColourDepth.Sixteen)]
    [InlineData("TERM=vt100", ColourDepth.None)]
    [InlineData("TERM=xterm-256color COLORTERM=truecolor NO_COLOR=1", ColourDepth.None)]
    [InlineData("TERM=xterm-256color NO_COLOR=", ColourDepth.TwoHundredFiftySix)]
    public void Colours_follow_the_environment(string environment, ColourDepth expected) =>
        Assert.Equal(expected, Detect(environment).Colours);

    [Theory]
    [InlineData("LANG=en_US.UTF-8", true)]
    [InlineData("LANG=C.utf8", true)]
    [InlineData("LANG=en_US.UTF-8 LC_ALL=C", false)]
    [InlineData("LANG=POSIX", false)]
    [InlineData("", false)]
    [InlineData("LANG=C LC_CTYPE=pl_PL.UTF-8", true)]
    public void Blocks_and_braille_need_a_unicode_locale(string environment, bool expected) =>
        Assert.Equal(expected, Detect("TERM=xterm " + environment).Unicode);

    [Theory]
    [InlineData(65001, "", true)]
    [InlineData(437, "", false)]
    [InlineData(437, "WT_SESSION=x", true)]
    public void On_windows_the_code_page_decides(int codePage, string environment, bool expected)
    {
        TerminalTraits traits = TerminalTraits.Detect(Reader(environment), windows: true, codePage, redirected: false);
        Assert.Equal(expected, traits.Unicode);
        Assert.Equal("windows", traits.Driver);
        Assert.Null(traits.Refusal);
    }

    [Theory]
    [InlineData("TERM=dumb", false)]
    [InlineData("", false)]
    [InlineData("TERM=xterm", true)]
    public void A_terminal_that_cannot_show_the_screen_is_refused_with_a_way_out(string environment, bool redirected) =>
        Assert.Contains("gotop top --batch", TerminalTraits.Detect(Reader(environment), windows: false, 0, redirected).Refusal, StringComparison.Ordinal);

    [Theory]
    [InlineData(255, 0, 0, 196)]
    [InlineData(0, 0, 0, 16)]
    [InlineData(255, 255, 255, 231)]
    [InlineData(128, 128, 128, 244)]
    public void The_nearest_of_256_colours_is_found(byte r, byte g, byte b, int expected) =>
        Assert.Equal(expected, ColourPalette.Nearest256(Paint.Rgb(r, g, b)));

    private static TerminalTraits Detect(string environment) => TerminalTraits.Detect(Reader(environment), windows: false, 0, redirected: false);

    private static Func<string, string?> Reader(string environment)
    {
        Dictionary<string, string> values = environment.Split(' ', StringSplitOptions.RemoveEmptyEntries)
            .Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);
        return name => values.GetValueOrDefault(name);
    }
}
