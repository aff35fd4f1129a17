using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Config;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class AlertRulesReaderTests
{
    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "gotop.toml");

    private static AlertRule Rule(string text)
    {
        LoadedConfig loaded = Parse($"[[alert]]\nname = \"mine\"\n{text}\n[[alerts.channel]]\ntype = \"eventlog\"\nname = \"ops\"\n");
        Assert.Empty(loaded.Problems);
        return loaded.Config.AlertRules.Single(rule => rule.Name == "mine");
    }

    [Fact]
    public void Every_kind_of_rule_says_what_it_looks_for_in_the_figures_unit()
    {
        Assert.Equal("go.heapLiveBytes above 1.5 GiB until not above 1.0 GiB", Rule("figure = \"go.heapLiveBytes\"\nabove = \"1.5 GiB\"\nclear = \"1GiB\"").Condition.Describe());
        Assert.Equal("go.schedulingLatencyP99Nanoseconds above 50.0 ms", Rule("figure = \"go.schedulingLatencyP99Nanoseconds\"\nabove = \"50ms\"").Condition.Describe());
        Assert.Equal("process.cpuPercent below 5.0%", Rule("figure = \"process.cpuPercent\"\nbelow = 5").Condition.Describe());
        Assert.Equal("process.residentBytes changed above 50.0% in 10m", Rule("figure = \"process.residentBytes\"\nchanged_above = \"50%\"\nover = \"10m\"").Condition.Describe());
        Assert.Equal("go.goroutines changed below -500 in 5m", Rule("figure = \"go.goroutines\"\nchanged_below = -500\nover = \"5m\"").Condition.Describe());
        Assert.Equal("go.goroutines missing for 2m", Rule("figure = \"go.goroutines\"\nmissing_for = \"2m\"").Condition.Describe());
        Assert.Equal("go.heapLiveBytes reaches go.memoryLimitBytes within 30m", Rule("figure = \"go.heapLiveBytes\"\nreaches = \"go.memoryLimitBytes\"\nwithin = \"30m\"").Condition.Describe());
        Assert.Equal("process.handles reaches 1,024 within 2h", Rule("figure = \"process.handles\"\nreaches = 1024\nwithin = \"2h\"").Condition.Describe());
        Assert.Equal("process.cpuPercent unusually high", Rule("figure = \"process.cpuPercent\"\nunusual = \"high\"").Condition.Describe());
        Assert.Equal("finding goroutine-leak", Rule("finding = \"goroutine-leak\"").Condition.Describe());
        Assert.Equal("finding of any kind, critical at least", Rule("finding = \"any\"\nat_least = \"critical\"").Condition.Describe());
        Assert.Equal("log lines of \"level>=error and msg~timeout\" above 10 a minute", Rule("log = \"level>=error and msg~timeout\"\nabove = 10").Condition.Describe());
        Assert.Equal("its process is not there", Rule("down = true").Condition.Describe());
    }

    [Fact]
    public void Everything_else_that_a_rule_says_is_kept()
    {
        AlertRule rule = Rule(
            """
            figure = "go.goroutines"
            above = "10k"
            for = "30s"
            clear_for = "2m"
            severity = "critical"
            targets = ["order-*"]
            labels = { stage = "production" }
            channels = ["ops"]
            repeat = "1h"
            advice = "look"
            """);
        Assert.Equal(10_000, Assert.IsType<ThresholdCondition>(rule.Condition).Bound.Limit);
        Assert.Equal((TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2), Severity.Critical, TimeSpan.FromHours(1), "look"), (rule.For, rule.ClearFor, rule.Severity, rule.Repeat, rule.Advice));
        Assert.Equal(["order-*", "production", "ops"], [.. rule.Targets, rule.Labels["stage"], .. rule.Channels]);
    }

    [Fact]
    public void A_forecast_looks_back_a_quarter_of_the_time_it_looks_ahead()
    {
        Assert.Equal(TimeSpan.FromMinutes(45), Assert.IsType<ForecastCondition>(Rule("figure = \"go.goroutines\"\nreaches = 1e6\nwithin = \"3h\"").Condition).Over);
        Assert.Equal(TimeSpan.FromMinutes(10), Assert.IsType<ForecastCondition>(Rule("figure = \"go.goroutines\"\nreaches = 1e6\nwithin = \"15m\"").Condition).Over);
    }

    [Fact]
    public void The_usual_rules_hold_but_for_those_that_are_replaced_or_off()
    {
        Assert.Equal(DefaultRules.All, Parse("").Config.AlertRules);
        LoadedConfig loaded = Parse("[[alert]]\nname = \"cpu\"\nfigure = \"process.cpuOfCoresPercent\"\nabove = 95\n[[alert]]\nname = \"gc-cpu\"\nenabled = false\n");
        Assert.Empty(loaded.Problems);
        Assert.Equal(DefaultRules.All.Length - 1, loaded.Config.AlertRules.Length);
        Assert.DoesNotContain(loaded.Config.AlertRules, rule => rule.Name == "gc-cpu");
        Assert.Equal(95, Assert.IsType<ThresholdCondition>(loaded.Config.AlertRules.Single(rule => rule.Name == "cpu").Condition).Bound.Limit);
    }

    [Theory]
    [InlineData("name = \"x\"", "a rule has exactly one of above, below, changed_above, changed_below, missing_for, reaches, unusual, log, finding, down")]
    [InlineData("name = \"x\"\nfigure = \"go.gorutines\"\nabove = 1", "there is no figure \"go.gorutines\"; did you mean \"go.goroutines\"?; \"gotop figures\" lists them")]
    [InlineData("name = \"x\"\nabove = 1", "a rule with \"above\" needs a figure")]
    [InlineData("name = \"x\"\nfigure = \"go.heapLiveBytes\"\nabove = \"much\"", "\"alert.above\" must be an amount such as \"1.5 GiB\", not \"much\"")]
    [InlineData("name = \"x\"\nfigure = \"go.goroutines\"\nabove = 10\nclear = 20", "\"alert.clear\" lies beyond \"alert.above\": it would end before it begins")]
    [InlineData("name = \"x\"\nfigure = \"go.goroutines\"\nreaches = 10", "\"alert.reaches\" needs \"within\" beside it")]
    [InlineData("name = \"x\"\nfinding = \"gorutine-leak\"", "there is no finding \"gorutine-leak\"; did you mean \"goroutine-leak\"?; there are any")]
    [InlineData("name = \"x\"\nfigure = \"go.goroutines\"\nabove = 10\nbelow = 1", "a rule has exactly one of")]
    [InlineData("figure = \"go.goroutines\"\nabove = 10", "a rule needs a name")]
    [InlineData("name = \"x\"\nlog = \"level>=error\"", "\"alert.log\" has above or below beside it, in lines a minute, and no other kind")]
    [InlineData("name = \"x\"\nlog = \"(level>=error\"\nabove = 1", "\"alert.log\": ")]
    [InlineData("name = \"cpux\"\nenabled = false", "there is no usual rule \"cpux\"; did you mean \"cpu\"?")]
    public void A_slip_is_told_and_leaves_the_usual_rules_alone(string table, string problem)
    {
        LoadedConfig loaded = Parse($"[[alert]]\n{table}\n");
        Assert.StartsWith(problem, Assert.Single(loaded.Problems).Message, StringComparison.Ordinal);
        Assert.Equal(DefaultRules.All.Select(rule => rule.Name), loaded.Config.AlertRules.Select(rule => rule.Name));
    }

    [Fact]
    public void A_channel_that_is_not_there_is_told_with_its_line_and_the_rule_holds()
    {
        LoadedConfig loaded = Parse("""
            [[alert]]
            name = "x"
            figure = "go.goroutines"
            above = 10
            channels = ["ops", "opps", "broken"]
            [[alerts.channel]]
            type = "eventlog"
            name = "ops"
            [[alerts.channel]]
            type = "slack"
            name = "broken"
            """);
        Assert.Equal(["5:20 there is no channel \"opps\"; did you mean \"ops\"?", "9:3 this channel needs \"alerts.channel.url\""], loaded.Problems.Select(problem => $"{problem.Line}:{problem.Column} {problem.Message}"));
        Assert.Equal(["ops", "opps", "broken"], loaded.Config.AlertRules.Single(rule => rule.Name == "x").Channels);
        Assert.Equal(
            "there is no channel \"ops\": gotop.toml has no [[alerts.channel]]",
            Assert.Single(Parse("[[alert]]\nname = \"x\"\ndown = true\nchannels = [\"ops\"]\n").Problems).Message);
    }

    [Theory]
    [InlineData("85%", Unit.Percent, 85)]
    [InlineData("1.5 GiB", Unit.Bytes, 1.5 * (1 << 30))]
    [InlineData("20 MB/s", Unit.BytesPerSecond, 20e6)]
    [InlineData("200/s", Unit.PerSecond, 200)]
    [InlineData("1m30s", Unit.Nanoseconds, 90e9)]
    [InlineData("250us", Unit.Nanoseconds, 250e3)]
    [InlineData("10k", Unit.Count, 10_000)]
    public void Values_have_the_units_of_their_figures(string text, Unit unit, double expected)
    {
        Assert.True(FigureValue.TryParse(text, unit, out double value));
        Assert.Equal(expected, value, 6);
    }
}
