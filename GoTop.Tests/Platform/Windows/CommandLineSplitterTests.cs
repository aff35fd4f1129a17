using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>The answers are what Go 1.27's os.commandLineToArgv gave for these lines.</summary>
public sealed class CommandLineSplitterTests
{
    [Theory]
    [InlineData("", new string[0])]
    [InlineData(" \t ", new string[0])]
    [InlineData("a b\tc", new[] { "a", "b", "c" })]
    [InlineData("\"a b\" c", new[] { "a b", "c" })]
    [InlineData("a\"b c\"d", new[] { "ab cd" })]
    [InlineData(@"C:\dir\x.exe -o C:\out\", new[] { @"C:\dir\x.exe", "-o", @"C:\out\" })]
    [InlineData(@"""C:\Program Files\x.exe"" ""a\\"" b", new[] { @"C:\Program Files\x.exe", @"a\", "b" })]
    [InlineData(@"a\\\""b", new[] { @"a\""b" })]
    [InlineData(@"a\\\\""b c""", new[] { @"a\\b c" })]
    [InlineData("\"\"", new[] { "" })]
    [InlineData("\"a\"\"b\" c", new[] { "a\"b c" })]
    [InlineData("\"a\"\"\" b", new[] { "a\" b" })]
    [InlineData("\"a\"\" b", new[] { "a\"", "b" })]
    [InlineData("\"open", new[] { "open" })]
    public void A_line_splits_as_Go_splits_it(string line, string[] expected) => Assert.Equal(expected, CommandLineSplitter.Split(line));
}
