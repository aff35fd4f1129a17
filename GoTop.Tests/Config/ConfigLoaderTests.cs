using GoTop.Engine.Config;
using Microsoft.Extensions.Logging;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class ConfigLoaderTests
{
    private static readonly ConfigVocabulary Vocabulary = new()
    {
        Actions = ["target.restart", "target.pin", "help"],
        Panes = ["overview", "goroutines", "heap"],
        Themes = ["gotop-dark", "gotop-light"],
        IsKey = text => text is "r" or "F1" or "Ctrl+R",
    };

    [Fact]
    public void Every_setting_is_read()
    {
        LoadedConfig loaded = Parse("""
            interval = "1m30s"
            theme = "gotop-light"
            mouse = false
            colours = "256"
            glyphs = "ascii"
            driver = "windows"
            readonly = true
            panes = { order = ["heap", "overview"], initial = "overview" }
            [log]
            file = "logs/gotop.log"
            level = "debug"
            [keys]
            target.restart = ["r", "Ctrl+R"]
            "help" = "F1"
            "target.pin" = []
            [[target]]
            name = "shop"
            process = "shop.exe"
            logs = ["/var/log/shop.log", "shop-error.log"]
            labels = { team = "shop" }
            timeout = "500ms"
            [[target]]
            pid = 42
            [[target]]
            service = "billing"
            [[target]]
            url = "https://example:6060/debug/pprof/"
            user = "me"
            password = "env:PASSWORD"
            """);

        Assert.Empty(loaded.Problems);
        GoTopConfig config = loaded.Config;
        Assert.Equal(TimeSpan.FromSeconds(90), config.Interval);
        Assert.Equal("gotop-light", config.Theme);
        Assert.False(config.Mouse);
        Assert.Equal((ColourMode.Palette256, GlyphMode.Ascii, DriverMode.Windows), (config.Colours, config.Glyphs, config.Driver));
        Assert.True(config.ReadOnly);
        Assert.Equal(["heap", "overview"], config.Panes.Order);
        Assert.Equal("overview", config.Panes.Initial);
        Assert.Equal(Path.GetFullPath("/etc/gotop/logs/gotop.log"), config.Log.File);
        Assert.Equal(LogLevel.Debug, config.Log.Level);
        Assert.Equal(["r", "Ctrl+R"], config.Keys["target.restart"]);
        Assert.Equal(["F1"], config.Keys["help"]);
        Assert.Empty(config.Keys["target.pin"]);
        Assert.Equal(["shop", null, null], config.Targets.Select(t => t.ProcessName).Take(3));
        Assert.Equal(42, config.Targets[1].ProcessId);
        Assert.Equal("billing", config.Targets[2].Service);
        Assert.Equal("https://example:6060/debug/pprof/", config.Targets[3].Url?.AbsoluteUri);
        Assert.Equal(("me", "from the environment"), (config.Targets[3].Http.User, config.Targets[3].Http.Password));
        Assert.Equal([Path.GetFullPath("/var/log/shop.log"), Path.GetFullPath("/etc/gotop/shop-error.log")], config.Targets[0].Logs);
        Assert.Equal("shop", config.Targets[0].Labels["team"]);
        Assert.Equal(TimeSpan.FromMilliseconds(500), config.Targets[0].Http.Timeout);
    }

    [Fact]
    public void All_problems_are_reported_at_once_each_at_its_place()
    {
        LoadedConfig loaded = Parse("""
            intervall = "1s"
            interval = "10ms"
            mouse = "yes"
            theme = "gotop-drak"
            colours = "truecolour"
              glyphs = 16
            [panes]
            order = ["heap", "heap", "stacks"]
            [keys]
            target.restrat = ["r"]
            help = ["F99"]
            [[target]]
            name = "a"
            pid = 0
            [[target]]
            name = "A"
            url = "ftp://example"
            service = "x"
            [[target]]
            logs = "x.log"
            """);

        Assert.Equal(
            [
                "1:1 unknown key \"intervall\"; did you mean \"interval\"?",
                "2:12 \"interval\" must lie between 100ms and 1h, not 10ms",
                "3:9 \"mouse\" must be true or false, not a string",
                "4:9 there is no theme \"gotop-drak\"; did you mean \"gotop-dark\"?",
                "5:11 \"colours\" must be one of auto, truecolor, 256, 16, none, not \"truecolour\"; did you mean \"truecolor\"?",
                "6:12 \"glyphs\" must be a string, not an integer",
                "8:18 pane \"heap\" stands in \"panes.order\" twice",
                "8:26 there is no pane \"stacks\"; there are overview, goroutines, heap",
                "10:1 there is no action \"target.restrat\"; did you mean \"target.restart\"?",
                "11:9 \"F99\" is not a key",
                "14:7 \"target.pid\" must lie between 1 and 2147483647, not 0",
                "16:8 there is already a target \"A\", in line 12",
                "17:7 \"target.url\" must be an address that starts with http:// or https://",
                "18:1 a target has one of pid, process, service and url, not url and service",
                "19:3 a target needs one of pid, process, service and url",
            ],
            loaded.Problems.Select(p => $"{p.Line}:{p.Column} {p.Message}"));
        Assert.All(loaded.Problems, p => Assert.Equal("/etc/gotop/gotop.toml", p.File));
        Assert.Equal(GoTopConfig.Default.Interval, loaded.Config.Interval);
    }

    [Theory]
    [InlineData("", null, true, null)]
    [InlineData("metrics = \"http://example:9100/own\"", "http://example:9100/own", true, null)]
    [InlineData("metrics = \"off\"", null, false, null)]
    [InlineData("metrics = \"on\"", null, true, "\"target.metrics\" must be an address that starts with http:// or https://, or \"off\"")]
    [InlineData("metrics = \"http://me:secret@example\"", null, true, "\"target.metrics\" must not hold a user or password; use the keys user and password")]
    [InlineData("metrics = \" \"", null, true, "\"target.metrics\" is empty")]
    [InlineData("metrics = 7", null, true, "\"metrics\" must be a string, not an integer")]
    public void The_page_of_metrics_is_an_address_or_off(string line, string? url, bool reads, string? problem)
    {
        LoadedConfig loaded = Parse($"[[target]]\npid = 42\n{line}\n");
        Assert.Equal((url, reads), (loaded.Config.Targets[0].MetricsUrl?.AbsoluteUri, loaded.Config.Targets[0].ReadsMetrics));
        if (problem is null) Assert.Empty(loaded.Problems);
        else Assert.EndsWith(problem, Assert.Single(loaded.Problems).Message.Replace("target.metrics\" must be a string", "metrics\" must be a string", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("process = \"shop\"", "service = \"Shop\"", "there is already a target \"Shop\", in line 1: give one of them a name")]
    [InlineData("name = \"shop\"\npid = 1", "process = \"shop.exe\"", "there is already a target \"shop\", in line 1: give one of them a name")]
    [InlineData("process = \"shop\"", "name = \"shop\"\npid = 1", "there is already a target \"shop\", in line 1")]
    [InlineData("url = \"http://a:6060/x\"", "url = \"http://a:6060/y\"", "there is already a target \"a:6060\", in line 1: give one of them a name")]
    public void Two_targets_do_not_go_by_one_name_also_where_none_is_written(string first, string second, string problem)
    {
        LoadedConfig loaded = Parse($"[[target]]\n{first}\n[[target]]\n{second}\n");
        ConfigProblem told = Assert.Single(loaded.Problems);
        Assert.Equal(problem, told.Message);
        Assert.Equal(2 + first.Split('\n').Length, told.Line - (second.StartsWith("name", StringComparison.Ordinal) ? 1 : 0));
        Assert.Single(loaded.Config.Targets);
    }

    [Fact]
    public void A_syntax_error_does_not_hide_problems_elsewhere()
    {
        LoadedConfig loaded = Parse("interval = \nmouse = 3\n[log\nlevel = \"loud\"\n");
        Assert.Equal([1, 2, 3], loaded.Problems.Select(p => p.Line).Distinct().Take(3));
        Assert.Contains(loaded.Problems, p => p.Line == 2 && p.Message.Contains("\"mouse\"", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("mouse = true\nmouse = false", 2)]
    [InlineData("[log]\n[panes]\n[log]", 3)]
    [InlineData("log = 1\n[log.x]", 2)]
    public void What_is_defined_twice_is_a_problem_at_the_second_place(string text, int line) =>
        Assert.Contains(Parse(text).Problems, p => p.Line == line);

    [Theory]
    [InlineData("readonly = \"yes\"")]
    [InlineData("readonly = 1")]
    public void A_slip_in_readonly_does_not_make_actions_available(string text)
    {
        LoadedConfig loaded = Parse(text);
        Assert.Single(loaded.Problems);
        Assert.True(loaded.Config.ReadOnly);
    }

    [Theory]
    [InlineData("user = \"u\"", "needs a password")]
    [InlineData("password = \"p\"", "needs a user")]
    [InlineData("user = \"u\"\npassword = \"p\"\ntoken = \"t\"", "not both")]
    [InlineData("token = \"t\"\ntoken_file = \"f\"", "not both")]
    [InlineData("token = \"env:NOT_SET\"", "NOT_SET is not set")]
    [InlineData("token_file = \"missing\"", "cannot be read")]
    [InlineData("ca = \"missing.pem\"", "there is no file")]
    [InlineData("client_key = \"missing.pem\"", "client_certificate")]
    [InlineData("timeout = \"2m\"", "between 100ms and 1m")]
    [InlineData("labels = { a = 1 }", "label \"a\" must be a string")]
    public void Credentials_that_do_not_fit_together_are_problems(string keys, string expected) =>
        Assert.Contains(Parse("[[target]]\nurl = \"http://example\"\n" + keys).Problems, p => p.Message.Contains(expected, StringComparison.Ordinal));

    [Fact]
    public void No_problem_and_no_text_of_the_settings_holds_a_secret()
    {
        LoadedConfig loaded = Parse("""
            [[target]]
            url = "http://user:hunter2@example"
            user = "me"
            password = "hunter2"
            token = "hunter2"
            """);
        Assert.NotEmpty(loaded.Problems);
        Assert.DoesNotContain("hunter2", string.Join('\n', loaded.Problems), StringComparison.Ordinal);
        LoadedConfig good = Parse("[[target]]\nurl=\"http://example\"\nuser = \"me\"\npassword = \"hunter2\"");
        Assert.Equal("hunter2", good.Config.Targets[0].Http.Password);
        Assert.DoesNotContain("hunter2", good.Config.Targets[0].ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_may_lie_in_a_file_beside_the_configuration()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gotop-config-");
        File.WriteAllText(Path.Combine(folder.FullName, "token"), "s3cret\n");
        LoadedConfig loaded = Loader().Parse("[[target]]\nurl=\"http://example\"\ntoken_file = \"token\"", Path.Combine(folder.FullName, "gotop.toml"));
        Assert.Empty(loaded.Problems);
        Assert.Equal("s3cret", loaded.Config.Targets[0].Http.BearerToken);
        folder.Delete(recursive: true);
    }

    [Fact]
    public void Hostile_nesting_is_a_problem_and_not_a_crash()
    {
        Assert.NotEmpty(Parse("a=" + new string('[', 200_000)).Problems);
        Assert.NotEmpty(Parse("a=" + string.Concat(Enumerable.Repeat("{a=", 100_000))).Problems);
        Assert.Contains(Parse(string.Concat(Enumerable.Repeat("a.", 100_000)) + "a=1").Problems, p => p.Message.Contains("too many parts", StringComparison.Ordinal));
        Assert.Contains(Parse("[" + string.Concat(Enumerable.Repeat("a.", 100_000)) + "a]").Problems, p => p.Message.Contains("too many parts", StringComparison.Ordinal));
    }

    [Fact]
    public void Control_characters_of_the_file_never_reach_a_message()
    {
        LoadedConfig loaded = Parse("theme = \"\\u001b[2J\"\n\"a\\u001b[31m\" = 1");
        Assert.Equal(2, loaded.Problems.Length);
        Assert.DoesNotContain(loaded.Problems, p => p.Message.Any(char.IsControl));
    }

    [Fact]
    public void The_number_of_problems_is_bounded() =>
        Assert.Equal(100, Parse(string.Join('\n', Enumerable.Range(0, 5000).Select(i => $"key{i} = 1"))).Problems.Length);

    [Fact]
    public void A_missing_or_oversized_file_is_a_problem_of_the_file()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("gotop-config-");
        string file = Path.Combine(folder.FullName, "gotop.toml");
        Assert.Equal($"{file}: there is no such file", Assert.Single(Loader().LoadFile(file).Problems).ToString());
        File.WriteAllText(file, new string('#', 1024 * 1024) + "\n");
        Assert.Equal($"{file}: the file is larger than 1 MB", Assert.Single(Loader().LoadFile(file).Problems).ToString());
        folder.Delete(recursive: true);
    }

    [Fact]
    public void A_given_file_comes_before_the_users_and_that_before_the_one_beside_the_executable()
    {
        DirectoryInfo user = Directory.CreateTempSubdirectory("gotop-user-"), program = Directory.CreateTempSubdirectory("gotop-program-");
        ConfigLocations locations = new(user.FullName, program.FullName);
        Assert.Null(locations.Find(null));
        Assert.True(Loader().Load(locations, null) is { IsSound: true, File: null });
        File.WriteAllText(Path.Combine(program.FullName, "gotop.toml"), "");
        Assert.Equal(Path.Combine(program.FullName, "gotop.toml"), locations.Find(null));
        File.WriteAllText(Path.Combine(user.FullName, "gotop.toml"), "");
        Assert.Equal(Path.Combine(user.FullName, "gotop.toml"), locations.Find(null));
        string given = Path.Combine(user.FullName, "other.toml");
        Assert.Equal(given, locations.Find(given));
        Assert.False(Loader().Load(locations, given).IsSound);
        user.Delete(recursive: true);
        program.Delete(recursive: true);
    }

    [Fact]
    public void A_password_without_quotation_marks_is_not_repeated()
    {
        ConfigProblem problem = Assert.Single(Parse("[[target]]\nname = \"a\"\nurl = \"http://x:1\"\npassword = hunter2\n").Problems);
        Assert.Equal(4, problem.Line);
        Assert.DoesNotContain("hunter", problem.Message, StringComparison.Ordinal);
    }

    private static ConfigLoader Loader() => new(Vocabulary, name => name == "PASSWORD" ? "from the environment" : null);

    private static LoadedConfig Parse(string text) => Loader().Parse(text, "/etc/gotop/gotop.toml");
}
