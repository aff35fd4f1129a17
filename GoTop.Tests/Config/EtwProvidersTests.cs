using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class EtwProvidersTests
{
    [Fact]
    public void Providers_are_read_by_name_or_guid()
    {
        LoadedConfig loaded = Parse("""
            [[etw.provider]]
            name = "Shop.Checkout"

            [[etw.provider]]
            guid = "599a2a76-4d91-4910-9ac7-7d33f2e97a6c"
            level = "verbose"
            keywords = "0x5"
            """);
        Assert.Empty(loaded.Problems);
        Assert.Equal(
            [
                new EtwProviderSettings("Shop.Checkout", null, EtwLevel.Information, ulong.MaxValue),
                new EtwProviderSettings(null, new Guid("599a2a76-4d91-4910-9ac7-7d33f2e97a6c"), EtwLevel.Verbose, 5),
            ],
            loaded.Config.EtwProviders);
    }

    [Theory]
    [InlineData("level = \"error\"", 1, "needs its \"name\" or its \"guid\"")]
    [InlineData("name = \"\"", 2, "1 to 200 characters")]
    [InlineData("guid = \"7\"", 2, "is not a GUID")]
    [InlineData("name = \"a\"\nlevel = \"loud\"", 3, "\"etw.provider.level\" must be one of")]
    [InlineData("name = \"a\"\nkeywords = \"5\"", 3, "must be hexadecimal")]
    [InlineData("name = \"a\"\nkeyword = \"0x5\"", 3, "unknown key \"keyword\"")]
    [InlineData("name = \"a\"\n[[etw.provider]]\nname = \"A\"", 4, "twice")]
    public void What_is_wrong_is_told_with_its_line(string table, int line, string message)
    {
        ConfigProblem problem = Assert.Single(Parse("[[etw.provider]]\n" + table + "\n").Problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "gotop.toml");
}
