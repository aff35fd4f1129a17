using GoTop.Engine.Config;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class ExportSettingsTests
{
    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, name => name == "TOKEN" ? "0123456789abcdef" : null).Parse(text, "gotop.toml");

    [Fact]
    public void Nothing_is_exported_without_its_table() => Assert.Equal(new ExportSettings(), GoTopConfig.Default.Export);

    [Theory]
    [InlineData("127.0.0.1:9399", "127.0.0.1:9399")]
    [InlineData("localhost:9399", "127.0.0.1:9399")]
    [InlineData("[::1]:9399", "[::1]:9399")]
    public void Loopback_needs_no_secret(string listen, string address)
    {
        LoadedConfig loaded = Parse($"[export.prometheus]\nlisten = \"{listen}\"\n");
        Assert.Empty(loaded.Problems);
        Assert.Equal(address, loaded.Config.Export.Prometheus!.Listen.ToString());
    }

    [Theory]
    [InlineData("0.0.0.0:9399")]
    [InlineData("[::]:9399")]
    [InlineData("192.168.1.5:9399")]
    public void Beyond_loopback_it_is_refused_without_a_token_or_certificates(string listen)
    {
        LoadedConfig loaded = Parse($"interval = \"1s\"\n[export.prometheus]\nlisten = \"{listen}\"\n");
        ConfigProblem problem = Assert.Single(loaded.Problems);
        Assert.Equal(3, problem.Line);
        Assert.Contains("beyond this machine", problem.Message, StringComparison.Ordinal);
        Assert.Null(loaded.Config.Export.Prometheus);
        LoadedConfig sound = Parse($"[export.prometheus]\nlisten = \"{listen}\"\ntoken = \"env:TOKEN\"\n");
        Assert.Empty(sound.Problems);
        Assert.DoesNotContain("0123456789abcdef", sound.Config.Export.Prometheus!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Certificates_of_clients_take_the_place_of_a_token_and_need_TLS()
    {
        using TestCertificates files = new();
        Assert.Empty(Parse($"[export.prometheus]\nlisten = \"0.0.0.0:9399\"\ncertificate = '{files.ClientFile}'\nkey = '{files.ClientKeyFile}'\nclient_ca = '{files.AuthorityFile}'\n").Problems);
        Assert.Contains("need \"certificate\"", Assert.Single(Parse($"[export.prometheus]\nlisten = \"127.0.0.1:9399\"\nclient_ca = '{files.AuthorityFile}'\n").Problems).Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("listen = \"127.0.0.1\"", "with a port")]
    [InlineData("listen = \"shop.example:9399\"", "with a port")]
    [InlineData("listen = \"127.0.0.1:0\"", "with a port")]
    [InlineData("", "needs \"listen\"")]
    [InlineData("listen = \"127.0.0.1:9399\"\ntoken = \"short\"", "16 characters")]
    [InlineData("listen = \"127.0.0.1:9399\"\ncertificate = \"not-there.pem\"", "there is no file")]
    [InlineData("listen = \"127.0.0.1:9399\"\nlisten_on = \"x\"", "unknown key")]
    public void What_is_wrong_is_told(string text, string part)
    {
        LoadedConfig loaded = Parse($"[export.prometheus]\n{text}\n");
        Assert.Contains(loaded.Problems, problem => problem.Message.Contains(part, StringComparison.Ordinal));
        Assert.Null(loaded.Config.Export.Prometheus);
    }
}
