using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Rules;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Control.Rules;

public sealed class RulesTests
{
    // 2026-11-24 is a Tuesday.
    [Theory]
    [InlineData("Tue 00:00-02:00", "2026-11-24 00:00", true)]
    [InlineData("Tue 00:00-02:00", "2026-11-24 01:59", true)]
    [InlineData("Tue 00:00-02:00", "2026-11-24 02:00", false)]
    [InlineData("Tue 00:00-02:00", "2026-11-25 01:00", false)]
    [InlineData("Tue 22:00-05:00", "2026-11-24 23:00", true)]
    [InlineData("Tue 22:00-05:00", "2026-11-25 04:59", true)]
    [InlineData("Tue 22:00-05:00", "2026-11-25 05:00", false)]
    [InlineData("Tue 22:00-05:00", "2026-11-24 04:00", false)]
    [InlineData("Sat 22:00-05:00", "2026-11-29 01:00", true)]
    [InlineData("Mon-Fri 12:00-13:00", "2026-11-28 12:30", false)]
    [InlineData("Fri-Mon 12:00-13:00", "2026-11-29 12:30", true)]
    [InlineData("Fri-Mon 12:00-13:00", "2026-11-24 12:30", false)]
    [InlineData("Sat,Sun 00:00-24:00", "2026-11-29 23:59", true)]
    [InlineData("daily 00:00-24:00", "2026-11-24 12:00", true)]
    public void A_window_is_a_part_of_the_week(string text, string local, bool isIn)
    {
        Assert.True(MaintenanceWindow.TryParse(text, out MaintenanceWindow? window, out string? problem), problem);
        Assert.Equal(isIn, window.Contains(DateTimeOffset.Parse(local + "+01:00", CultureInfo.InvariantCulture)));
        Assert.Equal(text, window.ToString());
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tue")]
    [InlineData("tue 00:00-02:00")]
    [InlineData("Tuesday 00:00-02:00")]
    [InlineData("Tue 0:00-2:00")]
    [InlineData("Tue 00:00-25:00")]
    [InlineData("Tue 00:60-02:00")]
    [InlineData("Tue 02:00-02:00")]
    [InlineData("Tue 24:00-02:00")]
    [InlineData("Tue  00:00-02:00")]
    [InlineData("Tue 00:00 - 02:00")]
    [InlineData("Tue 00:00-02:00 UTC")]
    [InlineData("Mon-Wed-Fri 00:00-02:00")]
    [InlineData("Tue, 00:00-02:00")]
    [InlineData("Tue +1:00-02:00")]
    public void Anything_else_is_none(string text)
    {
        Assert.False(MaintenanceWindow.TryParse(text, out _, out string? problem));
        Assert.NotEmpty(problem);
    }

    [Fact]
    public void Outside_of_its_windows_an_action_is_refused_with_the_reason()
    {
        FakeTimeProvider time = new(new DateTimeOffset(2026, 11, 24, 0, 30, 0, TimeSpan.Zero));
        time.SetLocalTimeZone(TimeZoneInfo.CreateCustomTimeZone("east", TimeSpan.FromHours(1), "east", "east"));
        ActionRules rules = Load("windows = [\"Tue 00:00-02:00\"]").Rules;
        ActionGate gate = ControlFixtures.Open(time, rules);
        Assert.Null(gate.Check(ControlCatalog.Restart));
        // 02:00 there, 01:00 in UTC.
        time.Advance(TimeSpan.FromMinutes(30));
        Assert.Equal("the target's rules allow it Tue 00:00-02:00, and now it is Tue 02:00", gate.Check(ControlCatalog.Restart));
    }

    [Fact]
    public void Rules_say_what_and_by_whom()
    {
        ActionRules rules = Load("allow = [\"pin\", \"restart\"]\nby = [\"anna\"]\nproduction = true").Rules;
        Assert.True(rules.Production);
        ActionGate gate = ControlFixtures.Open(TimeProvider.System, rules);
        Assert.Null(gate.Check(ControlCatalog.Pin));
        Assert.Contains("do not allow stop", gate.Check(ControlCatalog.Stop), StringComparison.Ordinal);
        ActionGate bob = new(rules, new("bob", null, null), readOnly: false, TimeProvider.System);
        Assert.Contains("to anna, and you are bob", bob.Check(ControlCatalog.Pin), StringComparison.Ordinal);
        Assert.Contains("--readonly", new ActionGate(ActionRules.None, ControlFixtures.Anna, readOnly: true, TimeProvider.System).Check(ControlCatalog.Pin), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("windows = [\"Tue 0:00-2:00\"]", "no window")]
    [InlineData("allow = [\"restrat\"]", "restart")]
    [InlineData("window = [\"Tue 00:00-02:00\"]", "windows")]
    [InlineData("by = 3", "array")]
    [InlineData("production = \"yes\"", "true or false")]
    public void A_slip_in_rules_is_reported_and_allows_nothing(string line, string told)
    {
        (ActionRules rules, LoadedConfig loaded) = Load(line);
        Assert.Contains(told, Assert.Single(loaded.Problems).ToString(), StringComparison.Ordinal);
        Assert.Contains("gotop config check", ControlFixtures.Open(TimeProvider.System, rules).Check(ControlCatalog.Pin), StringComparison.Ordinal);
    }

    private static (ActionRules Rules, LoadedConfig Loaded) Load(string rules)
    {
        LoadedConfig loaded = new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse($"[[target]]\nname = \"shop\"\nprocess = \"shop\"\n[target.rules]\n{rules}\n", "gotop.toml");
        return (Assert.Single(loaded.Config.Targets).Rules, loaded);
    }
}
