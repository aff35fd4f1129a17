using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Model;

public sealed class PlainTextTests
{
    [Theory]
    [InlineData("plain text", "plain text")]
    [InlineData("", "")]
    [InlineData("grüße 世界 👩‍💻", "grüße 世界 👩‍💻")]
    [InlineData("\u001b[31mred\u001b[0m", "red")]
    [InlineData("\u009b31mred", "red")]
    [InlineData("a\u001b]0;title\u0007b", "ab")]
    [InlineData("a\u001b]8;;http://x\u001b\\link\u001b]8;;\u001b\\b", "alinkb")]
    [InlineData("a\u001bPq#0\u001b\\b", "ab")]
    [InlineData("a\u001b(Bb\u001b7c", "abc")]
    [InlineData("an unended \u001b]0;string hides nothing", "an unended 0;string hides nothing")]
    [InlineData("broken off \u001b[31", "broken off ")]
    [InlineData("\u001b", "")]
    [InlineData("a\tb\nc\rd\u2028e", "a b c d e")]
    [InlineData("a\0\u0008\u007f\u0085b", "a b")]
    [InlineData("user\u202egpj.exe\u2066x\u200f\u061c\ufeff", "usergpj.exex")]
    [InlineData("tag\U000e0041", "tag")]
    public void Only_what_may_be_shown_is_left(string text, string shown) => Assert.Equal(shown, PlainText.Clean(text, 200));

    [Theory]
    [InlineData("abcdef", 6, "abcdef")]
    [InlineData("abcdef", 5, "abcd…")]
    [InlineData("\u001b[1mabcdef", 6, "abcdef")]
    [InlineData("ab👩👩", 4, "ab…")]
    [InlineData("ab👩👩", 5, "ab👩…")]
    [InlineData("abc", 1, "…")]
    public void What_is_cut_says_so_and_splits_no_pair(string text, int maxChars, string shown) =>
        Assert.Equal(shown, PlainText.Clean(text, maxChars));

    // Not a theory: attributes cannot hold halves of pairs.
    [Fact]
    public void Halves_of_surrogate_pairs_are_replaced() =>
        Assert.Equal("half \ufffd pair \ufffd", PlainText.Clean("half \ud83d pair \udc69", 200));

    [Fact]
    public void Text_of_sequences_alone_is_not_read_for_ever()
    {
        string text = string.Concat(Enumerable.Repeat("\u001b[1m", 100_000));
        Assert.Equal("…", PlainText.Clean(text, 10));
    }

    [Fact]
    public void Nothing_that_steers_a_terminal_survives_any_input()
    {
        Random random = new(7);
        char[] pieces = ['\u001b', '[', ']', 'm', '\u0007', '\\', 'P', '\u009b', '\u009c', 'x', '\u202e', '\ud83d', '\udc69', '\n', '5', ';'];
        for (int round = 0; round < 20_000; round++)
        {
            string text = string.Concat(Enumerable.Range(0, random.Next(30)).Select(_ => pieces[random.Next(pieces.Length)]));
            string clean = PlainText.Clean(text, 20);
            Assert.True(clean.Length <= 20);
            Assert.DoesNotContain(clean, c => char.IsControl(c) || c == '\u202e');
        }
    }
}
