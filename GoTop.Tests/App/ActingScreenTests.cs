using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.App.Acting;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Tests.Control;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.App;

public sealed class ActingScreenTests : IDisposable
{
    private static readonly ControlPlan Restart = ControlFixtures.Plan(ControlFixtures.Step("capture evidence, at most 10 s"), ControlFixtures.Step("systemctl restart shop.service")) with
    {
        Warnings = ["these depend on it: web.service"],
        Undo = ControlFixtures.Plan(),
    };

    private readonly AppUnderTest _test = new();

    public ActingScreenTests()
    {
        _test.Host.WhyNoActing = null;
        Set(status => status with { Service = Reading.Of(Shop), Cores = Reading.Of("0-7 (9 threads)"), Priority = Reading.Of("nice 0") });
    }

    private static ServiceStatus Shop { get; } = new()
    {
        Name = "shop.service",
        Manager = "systemd",
        State = ServiceState.Running,
        StateWords = "active (running)",
        ProcessId = 4242,
        Dependants = ["web.service"],
        Recovery = Reading.Of("Restart=on-failure, RestartSec=100ms"),
        Environment = Reading.Of<ImmutableArray<KeyValuePair<string, string>>>([KeyValuePair.Create("GOGC", "100"), KeyValuePair.Create("PASSWORD", "secret")]),
    };

    public void Dispose() => _test.Dispose();

    [Fact]
    public void Nothing_of_it_is_there_when_nothing_may_be_changed()
    {
        Assert.DoesNotContain(ActionCatalog.Allowed(readOnly: true), action => action.Id is "cores" or "service" or "restart-with");
        using AppUnderTest careful = new(AppUnderTest.Options with { ReadOnly = true });
        careful.Host.WhyNoActing = null;
        Assert.DoesNotContain("Service ", careful.Press("r"), StringComparison.Ordinal);
        careful.Press("a enter y");
        Assert.Empty(careful.Host.Planned);
    }

    [Fact]
    public void The_delay_of_a_restart_by_itself_is_chosen()
    {
        _test.Press("r down down down down down");
        Assert.Contains("On failure: restart after 15 s", _test.Press("+ +"), StringComparison.Ordinal);
        Assert.Contains("Always: restart after 10 s", _test.Press("-"), StringComparison.Ordinal);
        _test.Press("down enter");
        Assert.Equal(new ActingRequest.Recovery(new RecoveryPolicy(RestartCondition.Always, TimeSpan.FromSeconds(10))), Assert.Single(_test.Host.Planned));
    }

    [Fact]
    public void A_restart_is_shown_before_it_is_confirmed_and_only_y_confirms_it()
    {
        string screen = _test.Press("r");
        Assert.Contains("active (running), process 4242", screen, StringComparison.Ordinal);
        Assert.Contains("GOGC=100", screen, StringComparison.Ordinal);
        Assert.DoesNotContain("secret", screen, StringComparison.Ordinal);
        Assert.Contains("working out", _test.Press("enter"), StringComparison.Ordinal);
        Assert.Equal(new ActingRequest.Restart(true, []), Assert.Single(_test.Host.Planned));

        _test.Press("y");
        Assert.Equal(0, _test.Host.ActingRun);
        _test.Press("enter");
        Set(status => status with { Planned = [Restart] });
        screen = _test.Screen();
        Assert.Contains("1. capture evidence", screen, StringComparison.Ordinal);
        Assert.Contains("2. systemctl restart shop.service", screen, StringComparison.Ordinal);
        Assert.Contains("these depend on it: web.service", screen, StringComparison.Ordinal);
        Assert.Contains("Nothing was done", _test.Press("enter"), StringComparison.Ordinal);
        Assert.Equal(0, _test.Host.ActingRun);

        _test.Press("enter");
        Set(status => status with { Planned = [Restart] });
        _test.Press("y");
        Assert.Equal(1, _test.Host.ActingRun);
        Set(status => status with { Progress = Over(), CanUndo = true });
        Assert.Contains("now: active (running), process 4300", _test.Screen(), StringComparison.Ordinal);
        _test.Press("u");
        Assert.IsType<ActingRequest.Undo>(_test.Host.Planned[^1]);
    }

    [Fact]
    public void Production_takes_a_second_yes_in_capitals()
    {
        _test.Press("r enter");
        Set(status => status with { Planned = [Restart], Production = true });
        Assert.Contains("is production", _test.Press("y"), StringComparison.Ordinal);
        _test.Press("y");
        Assert.Equal(0, _test.Host.ActingRun);
        _test.Press("enter");
        Set(status => status with { Planned = [Restart], Production = true });
        _test.Press("y Y");
        Assert.Equal(1, _test.Host.ActingRun);
    }

    [Fact]
    public void What_a_rule_refuses_cannot_be_confirmed()
    {
        _test.Press("r enter");
        Set(status => status with { Planned = [Restart], Refusal = "the target's rules allow it Tue 00:00-02:00, and now it is Wed 12:00" });
        Assert.Contains("would be refused: the target's rules", _test.Screen(), StringComparison.Ordinal);
        _test.Press("y");
        Assert.Equal(0, _test.Host.ActingRun);
    }

    [Fact]
    public void What_cannot_be_done_now_is_not_planned()
    {
        Assert.Contains("Start: it runs", _test.Press("r j j enter"), StringComparison.Ordinal);
        Assert.Contains("it accepts no pause", _test.Press("j enter"), StringComparison.Ordinal);
        Assert.Empty(_test.Host.Planned);
        _test.Press("k k enter");
        Assert.Equal(new ActingRequest.Simple(ControlCatalog.Stop), Assert.Single(_test.Host.Planned));
    }

    [Fact]
    public void Other_variables_are_typed_in_the_palette()
    {
        _test.Press(":");
        _test.Type("restart-with GOGC=200 GODEBUG=");
        _test.Press("enter");
        ActingRequest.Restart asked = Assert.IsType<ActingRequest.Restart>(Assert.Single(_test.Host.Planned));
        Assert.Equal(["GOGC=200", "GODEBUG="], asked.Environment);
    }

    [Fact]
    public void A_recording_cannot_be_acted_on()
    {
        _test.Host.WhyNoActing = "A live process must be watched: nothing can be done to a recording.";
        Assert.Contains("nothing can be done to a recording", _test.Press("a"), StringComparison.Ordinal);
        Assert.Contains("nothing can be done to a recording", _test.Press("r"), StringComparison.Ordinal);
    }

    [Fact]
    public void Keys_choose_cores()
    {
        CoreGrid grid = new(ControlFixtures.TwoNodes, 76);
        CoreSet now = CoreSet.Parse("0-7");
        CoreChoice choice = new(now, now, 0, null);
        // A node's heading, its cores with siblings side by side, the other's.
        Assert.Equal([0, 4, 0, 4], grid.Rows.Select(row => row.Cores.Length));
        Assert.Equal([0, 4, 1, 5], grid.Rows[1].Cores.Select(core => core.Id));

        Assert.Equal("1-7", Press("space").Chosen.ToString());
        Assert.Equal("1-3,5-7", Press("s").Chosen.ToString());
        Assert.Equal("2-3,6-7", Press("j n").Chosen.ToString());
        Assert.Equal("2-3,6-7", Press("f").Chosen.ToString());
        Assert.Equal("0-3", Press("o").Chosen.ToString());
        Assert.Equal("0-7", Press("o c").Chosen.ToString());
        Assert.Equal("0-7", Press("n a").Chosen.ToString());
        Assert.Equal((2, "below-normal"), (Press("j p p").Core, Press("p p").Priority));
        Assert.Equal((7, 0), (Press("right right right right right right right right right").Core, Press("up left").Core));

        CoreChoice Press(string keys)
        {
            CoreChoice at = choice;
            foreach (string text in keys.Split(' '))
            {
                Assert.True(KeyStroke.TryParse(text, out KeyStroke key, out _));
                at = grid.After(at, key);
            }

            return at;
        }
    }

    [Theory]
    [InlineData(80, 22)]
    [InlineData(120, 38)]
    public void The_overlays_are_as_pinned(int width, int height)
    {
        ActingChoice choice = new(ActingFace.Cores, ActingFace.Cores, 0) { Cores = new CoreChoice(CoreSet.Parse("2-3,6-7"), CoreSet.Parse("0-7"), 6, "below-normal") };
        ActingStatus status = _test.Host.Facts.Acting with { Planned = [Restart], Progress = Over() };
        GoldenScreens.AssertSame($"acting-cores-{width}x{height}", Overlay(choice, status, width, height));
        GoldenScreens.AssertSame($"acting-cores-{width}x{height}-ascii", Overlay(choice, status, width, height, GlyphSet.Ascii));
        GoldenScreens.AssertSame($"acting-service-{width}x{height}", Overlay(choice with { Face = ActingFace.Service, Row = 1 }, status, width, height));
        GoldenScreens.AssertSame($"acting-confirm-{width}x{height}", Overlay(choice with { Face = ActingFace.Confirm }, status, width, height));
        GoldenScreens.AssertSame($"acting-outcome-{width}x{height}", Overlay(choice with { Face = ActingFace.Outcome }, status, width, height));
        ActingStatus denied = status with { Service = Reading.Denied<ServiceStatus>("systemd refuses: Access denied (run GoTop as root, or allow it with polkit)") };
        GoldenScreens.AssertSame($"acting-service-{width}x{height}-denied", Overlay(choice with { Face = ActingFace.Service }, denied, width, height));
    }

    private static ControlProgress Over() => new(
        Restart,
        [new("capture evidence, at most 10 s", StepState.Failed, "the disk is full"), new("systemctl restart shop.service", StepState.Done, "active (running), process 4300")],
        ControlOutcome.Done)
    { After = "active (running), process 4300" };

    private static string Overlay(ActingChoice choice, ActingStatus status, int width, int height, GlyphSet? glyphs = null)
    {
        Canvas canvas = new(width, height);
        DrawContext context = new(canvas.All, GoldenScreens.Theme, glyphs ?? GlyphSet.Unicode);
        context.Surface.Fill(context.Theme.Text);
        ActingOverlay.Draw(choice, ControlFixtures.TwoNodes, status, "shop", context);
        return canvas.ToString();
    }

    private void Set(Func<ActingStatus, ActingStatus> change)
    {
        _test.Host.Facts = _test.Host.Facts with { Acting = change(_test.Host.Facts.Acting) };
        _test.Screen();
    }
}
