using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Support;
using GoTop.Widgets;
using Xunit;

namespace GoTop.Tests.Widgets;

public sealed class DrawingTests
{
    [Theory]
    [InlineData(0x202E)]
    [InlineData(0x202A)]
    [InlineData(0x2066)]
    [InlineData(0x2069)]
    [InlineData(0x200F)]
    [InlineData(0x061C)]
    [InlineData(0x1B)]
    [InlineData(0x07)]
    [InlineData(0x9B)]
    [InlineData(0x0A)]
    public void Characters_that_command_the_terminal_or_turn_the_text_never_reach_a_cell(int hostile)
    {
        string screen = Write($"ab{char.ConvertFromUtf32(hostile)}cd", 20);
        Assert.DoesNotContain(char.ConvertFromUtf32(hostile), screen.TrimEnd('\n'), StringComparison.Ordinal);
        Assert.Contains("ab", screen, StringComparison.Ordinal);
        Assert.Contains("cd", screen, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(Fit.End, "github.com/acme/api/orders.Create", 12, "github.com/…")]
    [InlineData(Fit.Start, "/src/acme/api/orders/handler.go:88", 14, "…handler.go:88")]
    [InlineData(Fit.GoName, "github.com/acme/api/orders.(*Handler).Create", 24, "orders.(*Handler).Create")]
    [InlineData(Fit.GoName, "github.com/acme/api/orders.(*Handler).Create", 60, "github.com/acme/api/orders.(*Handler).Create")]
    [InlineData(Fit.GoName, "github.com/acme/api/orders.(*Handler).Create", 10, "orders.(*…")]
    [InlineData(Fit.GoName, "github.com/acme/api.Map[github.com/acme/x.T]", 30, "api.Map[github.com/acme/x.T]")]
    [InlineData(Fit.End, "日本語の関数", 7, "日本語…")]
    [InlineData(Fit.Start, "日本語の関数", 7, "…の関数")]
    public void What_is_too_long_gives_up_the_part_that_tells_least(Fit fit, string text, int width, string expected) =>
        Assert.Equal(expected, Write(text, width, fit).TrimEnd('\n'));

    [Fact]
    public void Text_is_broken_at_spaces_and_its_lines_can_be_counted_beforehand()
    {
        const string Text = "reading the memory of pid 4242 is not allowed: run gotop as root";
        Canvas canvas = new(24, 5);
        DrawContext context = new(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode);
        int lines = context.WriteWrapped(0, 0, 24, 5, Text, context.Theme.Text);
        Assert.Equal("reading the memory of\npid 4242 is not allowed:\nrun gotop as root\n\n\n", canvas.ToString());
        Assert.Equal(3, lines);
        Assert.Equal(3, Drawing.WrappedLines(24, Text));
        Assert.Equal(3, Drawing.WrappedLines(10, new string('x', 25)));
    }

    [Fact]
    public void Without_unicode_our_own_signs_have_a_likeness_and_others_a_question_mark()
    {
        Canvas canvas = new(30, 1);
        DrawContext context = new(canvas.All, GoldenScreens.Theme, GlyphSet.Ascii);
        context.Write(0, 0, "12 µs ≥ – × ▲ 日 é", Tone.Normal);
        Assert.Equal("12 us > - x ^ ? ?\n", canvas.ToString());
    }

    private static string Write(string text, int width, Fit fit = Fit.End)
    {
        Canvas canvas = new(width, 1);
        DrawContext context = new(canvas.All, GoldenScreens.Theme, GlyphSet.Unicode);
        context.Write(0, 0, width, text, context.Theme.Text, fit);
        return canvas.ToString();
    }
}
