using System.Collections.Immutable;
using GoTop.Engine.Alerts.Delivery;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Delivery;

public sealed class MessageGroupingTests
{
    private const int StormTargets = 3;

    [Fact]
    public void Nothing_is_due_before_the_first_alert_is()
    {
        (ImmutableArray<PlannedMessage> due, DateTimeOffset? next) = MessageGrouping.Plan([Row(1, "a", 10), Row(2, "b", 4)], StormTargets, Noon);
        Assert.Empty(due);
        Assert.Equal(Noon + TimeSpan.FromSeconds(4), next);
        Assert.Equal((0, null), MessageGrouping.Plan([], StormTargets, Noon) is var (none, never) ? (none.Length, never) : default);
    }

    [Fact]
    public void All_of_a_target_goes_with_its_first_and_other_targets_wait_for_their_own()
    {
        ImmutableArray<PlannedMessage> due = MessageGrouping.Plan([Row(1, "a", 0), Row(2, "b", 5), Row(3, "a", 8, rule: "memory")], StormTargets, Noon).Due;
        Assert.Equal([1L, 3L], Assert.Single(due).Rows.Select(row => row.Id));
    }

    [Fact]
    public void That_it_is_over_takes_the_place_of_that_it_fires()
    {
        PlannedMessage message = Assert.Single(MessageGrouping.Plan([Row(1, "a", 0), Row(2, "a", 8, AlertState.Resolved)], StormTargets, Noon).Due);
        Assert.Equal(2, message.Rows.Length);
        Assert.Equal(AlertState.Resolved, Assert.Single(message.Items).State);
    }

    [Fact]
    public void Many_targets_are_one_message_with_those_that_came_a_moment_later()
    {
        PlannedMessage message = Assert.Single(MessageGrouping.Plan([.. Enumerable.Range(1, 20).Select(number => Row(number, $"t{number}", number - 1))], StormTargets, Noon).Due);
        Assert.Equal(20, message.Items.Length);
    }

    [Fact]
    public void A_clock_that_was_set_back_holds_nothing_up() =>
        Assert.Single(MessageGrouping.Plan([Row(1, "a", 10)], StormTargets, Noon - TimeSpan.FromHours(1)).Due);

    [Fact]
    public void What_failed_and_waits_does_not_make_a_storm() =>
        Assert.Equal(
            ["new"],
            MessageGrouping.Plan([.. Enumerable.Range(1, 5).Select(number => Row(number, $"t{number}", 30) with { Attempts = 1 }), Row(9, "new", 0)], StormTargets, Noon).Due.Select(message => message.Items.Single().Target));

    private static OutboxRow Row(long id, string target, int dueInSeconds, AlertState state = AlertState.Firing, string rule = "cpu") =>
        new(id, Item(rule, target, state), Noon, Noon + TimeSpan.FromSeconds(dueInSeconds), 0, null);
}
