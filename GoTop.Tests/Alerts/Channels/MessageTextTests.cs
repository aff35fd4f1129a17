using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Channels;

public sealed class MessageTextTests
{
    [Fact]
    public void What_fires_is_told_with_everything_that_helps() => Assert.Equal(
        """
        CRITICAL memory on order-api, host web1, since 2026-03-03 12:00:00Z
          97% is above 85%
          What to do: The Cpu pane names the functions.
          Version: v1.4.2
          Look: gotop order-api
          Recording: gotop replay /var/lib/gotop/order-api.gotop
          Captured: /var/lib/gotop/captures/1

        GoTop 0.1.0 on web1, 2026-03-03 12:00:00Z

        """,
        MessageText.Full(Message(Item("memory", severity: Severity.Critical) with { EvidenceFolder = "/var/lib/gotop/captures/1" })));

    [Fact]
    public void What_is_over_is_told_with_its_length() =>
        Assert.StartsWith("RESOLVED cpu on order-api, host web1: fired 2026-03-03 12:00:00Z, over after 12m00s\n", MessageText.Full(Message(Item(state: AlertState.Resolved))), StringComparison.Ordinal);

    [Fact]
    public void Subjects_say_what_where_and_how_bad()
    {
        Assert.Equal("[warning] cpu on order-api (web1)", MessageText.Subject(Message()));
        Assert.Equal("[warning] cpu on order-api (web1), for 4h00m", MessageText.Subject(Message(Item() with { Telling = 2, At = Noon + TimeSpan.FromHours(4) })));
        Assert.Equal("[resolved] cpu on order-api (web1), after 12m00s", MessageText.Subject(Message(Item(state: AlertState.Resolved))));
        Assert.Equal("[critical] 3 alerts on order-api (web1): memory, cpu", MessageText.Subject(Message(Item(), Item("memory", severity: Severity.Critical), Item("cpu", state: AlertState.Resolved))));
        Assert.Equal("[warning] 2 alerts on 2 targets (web1): a, b", MessageText.Subject(Message(Item(target: "b"), Item(target: "a"))));
        Assert.InRange(MessageText.Subject(Message([.. Enumerable.Range(0, 100).Select(number => Item(target: $"target-{number}"))])).Length, 100, 180);
    }

    [Fact]
    public void A_storm_counts_those_it_leaves_out()
    {
        string text = MessageText.Full(Message([.. Enumerable.Range(0, 100).Select(number => Item(target: $"target-{number}"))]));
        Assert.Contains("And 70 more alerts.", text, StringComparison.Ordinal);
        Assert.True(text.Length < 20_000);
    }

    [Fact]
    public void A_test_says_that_it_is_one_and_who_sent_it()
    {
        AlertMessage test = AlertMessage.Test("anna", "web1", "0.1.0", Noon);
        Assert.Equal("[test] GoTop on web1", MessageText.Subject(test));
        Assert.Contains("this is a test message that anna sent; nothing is wrong", MessageText.Full(test), StringComparison.Ordinal);
    }

    [Fact]
    public void A_placeholder_that_is_none_is_told_with_what_was_meant()
    {
        Assert.Null(MessageTemplate.TryParse("{subjct}", [], out string? problem));
        Assert.StartsWith("there is no {subjct}; did you mean \"subject\"?", problem, StringComparison.Ordinal);
    }
}
