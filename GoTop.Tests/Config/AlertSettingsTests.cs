using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Engine.Diagnosis;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class AlertSettingsTests
{
    [Fact]
    public void Channels_silences_and_what_mutes_what_are_read()
    {
        LoadedConfig loaded = Parse("""
            [alerts]
            group_wait = "30s"
            repeat = "1h"
            storm_targets = 9

            [[alerts.channel]]
            type = "email"
            name = "ops-mail"
            severity = "warning"
            resolved = false
            timeout = "5s"
            server = "mail.example"
            user = "gotop"
            password = "env:PASSWORD"
            from = "GoTop <gotop@example.com>"
            to = ["ops@example.com"]

            [[alerts.channel]]
            type = "sms"
            name = "on-call"
            url = "https://sms.example/send"
            token = "abc"
            to = "+1"
            form = { number = "{to}", text = "{short}" }

            [[alerts.silence]]
            targets = ["billing"]
            windows = ["daily 02:00-03:00"]
            comment = "import"

            [[alerts.inhibit]]
            when = "service-down"
            mute = []

            [[alerts.inhibit]]
            when = "memory"
            mute = ["gc-*"]
            """);
        Assert.Empty(loaded.Problems);
        AlertSettings alerts = loaded.Config.Alerts;
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromHours(1), 9), (alerts.GroupWait, alerts.Repeat, alerts.StormTargets));
        EmailSettings mail = Assert.IsType<EmailSettings>(alerts.Channels[0]);
        Assert.Equal(new ChannelCommon("ops-mail", Severity.Warning, false, TimeSpan.FromSeconds(5)), mail.Common);
        Assert.Equal(("mail.example", 587, MailSecurity.StartTls, "from the environment"), (mail.Server, mail.Port, mail.Security, mail.Password));
        Assert.Equal(["number", "text"], Assert.IsType<SmsSettings>(alerts.Channels[1]).Form.Select(field => field.Name));
        Assert.Equal("import", Assert.Single(alerts.Silences).Comment);
        Assert.Equal([("service-down", 0), ("memory", 1)], alerts.Inhibits.Select(rule => (rule.When, rule.Mute.Length)));
        Assert.DoesNotContain("from the environment", $"{mail}", StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_word_service_down_mutes_the_others_and_nobody_is_told() =>
        Assert.Equal((InhibitRule.Defaults.Single(), 0), (Assert.Single(Parse("").Config.Alerts.Inhibits), Parse("[alerts]\n").Config.Alerts.Channels.Length));

    [Theory]
    [InlineData("type = \"emial\"\nname = \"a\"", 2, "did you mean \"email\"")]
    [InlineData("name = \"a\"", 1, "needs its \"type\"")]
    [InlineData("type = \"slack\"\nurl = \"https://a\"", 1, "a channel needs a \"name\"")]
    [InlineData("type = \"slack\"\nname = \"a\"", 1, "this channel needs \"alerts.channel.url\"")]
    [InlineData("type = \"slack\"\nname = \"a\"\nurl = \"hooks.example/top-secret\"", 4, "must be an address")]
    [InlineData("type = \"slack\"\nname = \"a\"\nurl = \"env:NONE\"", 4, "\"alerts.channel.url\": the environment variable NONE is not set")]
    [InlineData("type = \"email\"\nname = \"a\"\nserver = \"m\"\nfrom = \"a@b\"\nto = [\"no address\"]", 6, "must hold mail addresses")]
    [InlineData("type = \"email\"\nname = \"a\"\nserver = \"m\"\nfrom = \"a@b\"\nto = []", 6, "\"alerts.channel.to\" is empty")]
    [InlineData("type = \"email\"\nname = \"a\"\nserver = \"m\"\ntls = \"none\"\nuser = \"u\"\npassword = \"p\"\nfrom = \"a@b\"\nto = [\"a@b\"]", 5, "without TLS a password would cross the network")]
    [InlineData("type = \"webhook\"\nname = \"a\"\nurl = \"https://a\"\nbody = \"{subjct}\"", 5, "did you mean \"subject\"")]
    [InlineData("type = \"webhook\"\nname = \"a\"\nurl = \"https://a\"\nheaders = { Host = \"b\" }", 5, "is set by GoTop itself")]
    [InlineData("type = \"webhook\"\nname = \"a\"\nurl = \"https://a\"\nheaders = { X = \"a\\r\\nB: c\" }", 5, "holds what a header cannot")]
    [InlineData("type = \"webhook\"\nname = \"a\"\nurl = \"https://a\"\nheaders = { X = \"env:NONE\" }", 5, "the environment variable NONE is not set")]
    [InlineData("type = \"webhook\"\nname = \"a\"\nurl = \"https://a\"\nca = \"\"", 5, "\"alerts.channel.ca\" is empty")]
    [InlineData("type = \"sms\"\nname = \"a\"\nurl = \"https://a\"\nto = [\"+1\"]\nuser = \"u\"", 6, "need each other")]
    [InlineData("type = \"command\"\nname = \"a\"\nrun = [\"x\", \"{nope}\"]", 4, "there is no {nope}")]
    [InlineData("type = \"command\"\nname = \"a\"\nrun = [\"x\"]\nshell = true", 5, "unknown key \"shell\"")]
    public void What_is_wrong_is_told_with_its_line_and_without_a_secret(string table, int line, string message)
    {
        LoadedConfig loaded = Parse("[[alerts.channel]]\n" + table + "\n");
        ConfigProblem problem = Assert.Single(loaded.Problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("top-secret", problem.Message, StringComparison.Ordinal);
        if (!message.Contains("unknown key", StringComparison.Ordinal)) Assert.Empty(loaded.Config.Alerts.Channels);
    }

    [Theory]
    [InlineData("[alerts]\nrepeat = \"5s\"", 2, "at least \"1m\"")]
    [InlineData("[[alerts.silence]]\nrules = [\"cpu\"]", 1, "needs \"windows\"")]
    [InlineData("[[alerts.silence]]\nwindows = [\"Someday 1-2\"]", 2, "is no window")]
    [InlineData("[[alerts.inhibit]]\nwhen = \"cpu\"", 1, "needs \"mute\"")]
    [InlineData("[[alerts.channel]]\ntype = \"eventlog\"\nname = \"a\"\n[[alerts.channel]]\ntype = \"eventlog\"\nname = \"A\"", 6, "already a channel \"A\", in line 1")]
    public void So_are_slips_elsewhere(string text, int line, string message)
    {
        ConfigProblem problem = Assert.Single(Parse(text + "\n").Problems);
        Assert.Equal(line, problem.Line);
        Assert.Contains(message, problem.Message, StringComparison.Ordinal);
    }

    /// <summary>Each kind of channel, with a list in it where it has any.</summary>
    private const string AllKinds = """
        [[alerts.channel]]
        type = "email"
        name = "mail"
        server = "mail.example"
        from = "gotop@example.com"
        to = ["ops@example.com", "anna@example.com"]
        [[alerts.channel]]
        type = "webhook"
        name = "hook"
        url = "https://hook.example/a"
        body = "{json}"
        headers = { X-Token = "abc" }
        [[alerts.channel]]
        type = "slack"
        name = "slack"
        url = "https://hooks.example/a"
        [[alerts.channel]]
        type = "sms"
        name = "sms"
        url = "https://sms.example/send"
        to = ["+1", "+2"]
        form = { number = "{to}", text = "{short}" }
        [[alerts.channel]]
        type = "eventlog"
        name = "log"
        [[alerts.channel]]
        type = "command"
        name = "command"
        run = ["page", "{subject}"]
        """;

    [Fact]
    public void A_file_that_is_saved_again_says_the_same_of_every_channel()
    {
        LoadedConfig first = Parse(AllKinds), second = Parse("interval = \"3s\"\n" + AllKinds);
        Assert.Empty(first.Problems);
        Assert.Equal(ChannelCatalog.All.Length, first.Config.Alerts.Channels.Length);
        Assert.All(first.Config.Alerts.Channels.Zip(second.Config.Alerts.Channels), pair => Assert.True(pair.First.SaysTheSame(pair.Second), pair.First.Name));
    }

    [Theory]
    [InlineData("mail", "anna@", "bert@")]
    [InlineData("mail", "name = \"mail\"", "name = \"mail\"\nresolved = false")]
    [InlineData("hook", "\"abc\"", "\"abd\"")]
    [InlineData("hook", "{json}", "{text}")]
    [InlineData("slack", "hooks.example/a", "hooks.example/b")]
    [InlineData("sms", "\"+2\"", "\"+3\"")]
    [InlineData("sms", "{short}", "{subject}")]
    [InlineData("command", "{subject}", "{why}")]
    public void Whatever_is_changed_of_one_makes_another_of_it_alone(string name, string old, string changed)
    {
        Assert.Contains(old, AllKinds, StringComparison.Ordinal);
        int at = AllKinds.IndexOf($"name = \"{name}\"", StringComparison.Ordinal);
        string after = AllKinds[..at] + AllKinds[at..].Replace(old, changed, StringComparison.Ordinal);
        IEnumerable<(ChannelSettings First, ChannelSettings Second)> pairs = Parse(AllKinds).Config.Alerts.Channels.Zip(Parse(after).Config.Alerts.Channels);
        Assert.Contains(name, pairs.Where(pair => !pair.First.SaysTheSame(pair.Second)).Select(pair => pair.First.Name));
        Assert.Contains(pairs, pair => pair.First.SaysTheSame(pair.Second));
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, name => name == "PASSWORD" ? "from the environment" : null).Parse(text, "gotop.toml");
}
