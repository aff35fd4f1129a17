using GoTop.Engine.Config;
using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Export.Push;
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

    /// <summary>An empty name once passed for a file, and the page was open to everybody.</summary>
    [Theory]
    [InlineData("certificate = \"\"", "\"export.prometheus.certificate\" is empty")]
    [InlineData("certificate = \" \"", "need \"certificate\"")]
    [InlineData("certificate = \"not-there.pem\"", "need \"certificate\"")]
    public void Certificates_of_clients_without_one_that_can_be_used_are_refused(string certificate, string part)
    {
        using TestCertificates files = new();
        LoadedConfig loaded = Parse($"[export.prometheus]\nlisten = \"0.0.0.0:9399\"\n{certificate}\nclient_ca = '{files.AuthorityFile}'\n");
        Assert.Contains(loaded.Problems, problem => problem.Message.Contains(part, StringComparison.Ordinal));
        Assert.Null(loaded.Config.Export.Prometheus);
    }

    [Theory]
    [InlineData("[export.prometheus]\nlisten = \"127.0.0.1:9399\"\nclient_ca = \"\"", "client_ca\" is empty")]
    [InlineData("[export.otlp]\nendpoint = \"https://c\"\nca = \"\"", "ca\" is empty")]
    [InlineData("[export.push]\nurl = \"https://c\"\nclient_certificate = \"\"", "client_certificate\" is empty")]
    public void The_name_of_no_file_is_empty(string text, string part)
    {
        LoadedConfig loaded = Parse(text + "\n");
        Assert.Contains(part, Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(new ExportSettings(), loaded.Config.Export);
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

    [Fact]
    public void Receivers_have_their_secrets_from_elsewhere_and_no_text_shows_them()
    {
        LoadedConfig loaded = Parse(
            """
            [export.otlp]
            endpoint = "https://collector.example:4317/t0ken"
            protocol = "grpc"
            headers = { Authorization = "env:TOKEN" }
            every = "1m"
            logs = "level>=error"
            compress = false
            [export.push]
            url = "https://collect.example/gotop"
            secret = "env:TOKEN"
            max_megabytes = 5
            """);
        Assert.Empty(loaded.Problems);
        OtlpSettings otlp = loaded.Config.Export.Otlp!;
        Assert.Equal((OtlpProtocol.Grpc, TimeSpan.FromMinutes(1), "level>=error", false, ("Authorization", "0123456789abcdef")), (otlp.Protocol, otlp.Every, otlp.Logs!.Text, otlp.Compress, otlp.Http.Headers[0]));
        PushSettings push = loaded.Config.Export.Push!;
        Assert.Equal((TimeSpan.FromSeconds(10), 5, "0123456789abcdef"), (push.Every, push.MaxMegabytes, push.Secret));
        Assert.Equal(("https://collector.example:4317", "https://collect.example"), (otlp.ToString(), push.ToString()));
    }

    /// <summary>Else each saved file would end what is being sent.</summary>
    [Fact]
    public void Settings_that_say_the_same_are_equal()
    {
        const string text = "[export.otlp]\nendpoint = \"http://collector.example\"\nheaders = { A = \"1\" }\n[export.push]\nurl = \"http://collect.example\"\nheaders = { A = \"1\" }\n[export.prometheus]\nlisten = \"127.0.0.1:9399\"\n";
        Assert.Equal(Parse(text).Config.Export, Parse(text).Config.Export);
        Assert.NotEqual(Parse(text).Config.Export, Parse(text.Replace("A = \"1\"", "A = \"2\"", StringComparison.Ordinal)).Config.Export);
    }

    [Theory]
    [InlineData("[export.otlp]\nprotocol = \"http\"", "needs \"endpoint\"")]
    [InlineData("[export.otlp]\nendpoint = \"collector:4318\"", "starts with http")]
    [InlineData("[export.otlp]\nendpoint = \"http://c\"\nprotocol = \"json\"", "must be one of http, grpc")]
    [InlineData("[export.otlp]\nendpoint = \"http://c\"\nlogs = \"level>=\"", "filter of log lines")]
    [InlineData("[export.otlp]\nendpoint = \"http://c\"\nmetrics = false\nlogs = \"off\"", "neither metrics nor logs")]
    [InlineData("[export.otlp]\nendpoint = \"http://c\"\nheaders = { Host = \"x\" }", "set by GoTop itself")]
    [InlineData("[export.push]\nurl = \"env:NOT_THERE\"", "NOT_THERE is not set")]
    [InlineData("[export.push]\nurl = \"https://a:b@c\"", "without a user or password")]
    [InlineData("[export.push]\nurl = \"https://c\"\nevery = \"10ms\"", "must lie between")]
    public void What_is_wrong_with_a_receiver_is_told_and_nothing_is_sent(string text, string part)
    {
        LoadedConfig loaded = Parse(text + "\n");
        Assert.Contains(part, Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(new ExportSettings(), loaded.Config.Export);
    }
}
