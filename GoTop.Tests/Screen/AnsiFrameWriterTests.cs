using GoTop.Screen;
using Xunit;

namespace GoTop.Tests.Screen;

public sealed class AnsiFrameWriterTests
{
    private static readonly Style Plain = new(Paint.Rgb(211, 215, 207), Paint.Rgb(16, 18, 24));
    private static readonly Style Loud = new(Paint.Rgb(240, 90, 90), Paint.Rgb(16, 18, 24), Emphasis.Bold);

    [Fact]
    public void The_first_frame_clears_and_is_one_synchronized_update()
    {
        AnsiFrameWriter writer = new(ColourDepth.TrueColour, unicode: true);
        string frame = writer.Frame(Filled(80, 24)).ToString();
        Assert.StartsWith("\e[?2026h\e[0m\e[?25l\e[2J", frame, StringComparison.Ordinal);
        Assert.EndsWith("\e[?2026l", frame, StringComparison.Ordinal);
    }

    [Fact]
    public void An_identical_frame_sends_nothing()
    {
        AnsiFrameWriter writer = new(ColourDepth.TrueColour, unicode: true);
        writer.Frame(Filled(80, 24));
        Assert.Equal("", writer.Frame(Filled(80, 24)).ToString());
    }

    [Fact]
    public void One_changed_cell_costs_a_move_and_a_character()
    {
        AnsiFrameWriter writer = new(ColourDepth.TrueColour, unicode: true);
        Canvas canvas = Filled(120, 40);
        writer.Frame(canvas);
        canvas.All.Write(99, 30, "7", Plain);
        Assert.Equal("\e[31;100H7", writer.Frame(canvas).ToString());
        canvas.All.Write(99, 31, "7", Loud);
        string coloured = writer.Frame(canvas).ToString();
        Assert.Equal("\e[32;100H\e[1;38;2;240;90;90m7", coloured);
        Assert.True(coloured.Length < 40);
    }

    [Fact]
    public void Only_the_part_of_a_style_that_changes_is_sent()
    {
        AnsiFrameWriter writer = new(ColourDepth.TrueColour, unicode: true);
        Canvas canvas = new(20, 1);
        canvas.All.Write(0, 0, "a", Loud);
        canvas.All.Write(1, 0, "b", Plain);
        canvas.All.Write(2, 0, "c", Plain with { Background = Paint.Rgb(1, 2, 3) });
        canvas.All.Write(3, 0, "d", default);
        Assert.EndsWith(
            "\e[H\e[1;38;2;240;90;90;48;2;16;18;24ma\e[22;38;2;211;215;207mb\e[48;2;1;2;3mc\e[md", writer.Frame(canvas).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_short_gap_is_written_over_and_a_long_one_jumped()
    {
        AnsiFrameWriter writer = new(ColourDepth.None, unicode: true);
        Canvas canvas = new(40, 1);
        canvas.All.Write(0, 0, "aaaaaaaaaaaaaaaaaaaa", default);
        writer.Frame(canvas);
        canvas.All.Write(0, 0, "X", default);
        canvas.All.Write(3, 0, "Y", default);
        canvas.All.Write(15, 0, "Z", default);
        Assert.Equal("\e[HXaaY\e[11CZ", writer.Frame(canvas).ToString());
    }

    [Fact]
    public void A_wide_character_takes_two_columns_and_what_half_covers_it_is_repaired()
    {
        AnsiFrameWriter writer = new(ColourDepth.None, unicode: true);
        Canvas canvas = new(6, 1);
        canvas.All.Write(0, 0, "日本x", default);
        Assert.EndsWith("\e[H日本x", writer.Frame(canvas).ToString(), StringComparison.Ordinal);
        Assert.True(writer.Frame(canvas).IsEmpty);

        // Its second half is overwritten: the first half cannot be shown any more.
        canvas.All.Write(1, 0, "!", default);
        Assert.Equal("\e[H !", writer.Frame(canvas).ToString());
        Assert.True(writer.Frame(canvas).IsEmpty);
    }

    [Fact]
    public void A_terminal_without_unicode_gets_ascii_alone()
    {
        AnsiFrameWriter writer = new(ColourDepth.None, unicode: false);
        Canvas canvas = new(6, 1);
        canvas.All.Write(0, 0, "é日x", default);
        string frame = writer.Frame(canvas).ToString();
        Assert.All(frame, c => Assert.True(c < 128));
        Assert.EndsWith("\e[H?? x", frame, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColourDepth.TrueColour, "\e[38;2;255;0;0mx")]
    [InlineData(ColourDepth.TwoHundredFiftySix, "\e[38;5;196mx")]
    [InlineData(ColourDepth.Sixteen, "\e[91mx")]
    [InlineData(ColourDepth.None, "x")]
    public void Colours_are_told_in_what_the_terminal_has(ColourDepth depth, string expected)
    {
        AnsiFrameWriter writer = new(depth, unicode: true);
        Canvas canvas = new(2, 1);
        canvas.All.Write(0, 0, "x", new Style(Paint.Rgb(255, 0, 0), default));
        Assert.EndsWith("\e[H" + expected, writer.Frame(canvas).ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(ColourDepth.Sixteen, "\e[91m")]
    [InlineData(ColourDepth.None, "\e[1m")]
    public void Emphasis_needs_no_colours(ColourDepth depth, string unexpectedOrExpected)
    {
        AnsiFrameWriter writer = new(depth, unicode: true);
        Canvas canvas = new(2, 1);
        canvas.All.Write(0, 0, "x", new Style(default, default, Emphasis.Bold));
        Assert.Equal(depth == ColourDepth.None, writer.Frame(canvas).ToString().Contains(unexpectedOrExpected, StringComparison.Ordinal));
    }

    [Fact]
    public void After_another_size_or_another_writer_the_frame_is_whole()
    {
        AnsiFrameWriter writer = new(ColourDepth.None, unicode: true);
        writer.Frame(Filled(10, 2));
        Assert.Contains("\e[2J", writer.Frame(Filled(11, 2)).ToString(), StringComparison.Ordinal);
        writer.Invalidate();
        Assert.Contains("\e[2J", writer.Frame(Filled(11, 2)).ToString(), StringComparison.Ordinal);
        Assert.True(writer.Frame(Filled(11, 2)).IsEmpty);
    }

    [Fact]
    public void What_is_sent_draws_the_canvas_on_a_terminal()
    {
        Random random = new(7);
        AnsiFrameWriter writer = new(ColourDepth.TrueColour, unicode: true);
        TerminalModel terminal = new(30, 8);
        Canvas canvas = new(30, 8);
        string[] pieces = ["a", "  ", "日", "xyz", "▁▂", "é", "        "];
        for (int frame = 0; frame < 300; frame++)
        {
            for (int change = 0; change < random.Next(6); change++)
            {
                Style style = new(Paint.Rgb((byte)random.Next(3), 0, 0), Paint.Rgb(0, (byte)random.Next(2), 0), (Emphasis)random.Next(4));
                canvas.All.Write(random.Next(-1, 30), random.Next(8), pieces[random.Next(pieces.Length)], style);
            }

            terminal.Feed(writer.Frame(canvas));
            Assert.Equal(TerminalModel.Expected(canvas), terminal.ToString());
        }
    }

    private static Canvas Filled(int width, int height)
    {
        Canvas canvas = new(width, height);
        for (int y = 0; y < height; y++) canvas.All.Write(0, y, new string((char)('a' + (y % 26)), width), Plain);
        return canvas;
    }
}
