using GoTop.Engine.Control.Capture;
using Xunit;

namespace GoTop.Tests.Control.Capture;

public sealed class CommandTemplateTests
{
    [Theory]
    [InlineData("go tool pprof -http=: {file}", "go", "tool|pprof|-http=:|/tmp/a b.pb.gz")]
    [InlineData("pprof", "pprof", "/tmp/a b.pb.gz")]
    [InlineData("\"C:\\Program Files\\x.exe\" --in='{file}' 'two words' \"\"", "C:\\Program Files\\x.exe", "--in=/tmp/a b.pb.gz|two words|")]
    [InlineData("  less   -R\t{file} ", "less", "-R|/tmp/a b.pb.gz")]
    public void A_file_takes_its_place_as_one_argument(string text, string program, string arguments)
    {
        CommandTemplate template = CommandTemplate.TryParse(text)!;
        Assert.Equal(program, template.Program);
        Assert.Equal(arguments.Split('|'), template.For("/tmp/a b.pb.gz"));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("\"\" {file}")]
    [InlineData("pprof \"{file}")]
    [InlineData("{file}")]
    public void What_is_no_command_is_none(string text) => Assert.Null(CommandTemplate.TryParse(text));
}
