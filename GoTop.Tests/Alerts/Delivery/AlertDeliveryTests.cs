using System.Collections.Immutable;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config;
using GoTop.Tests.Support;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Delivery;

public sealed class AlertDeliveryTests : IDisposable
{
    private static readonly AlertRule Cpu = Rule("cpu"), Memory = Rule("memory");
    private static readonly TimeSpan GroupWait = TimeSpan.FromSeconds(10);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-delivery-").FullName;
    private readonly AwaitableTime _time = new();
    private readonly KeptLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private DateTimeOffset Now => _time.GetUtcNow();

    [Fact]
    public async Task What_comes_up_within_the_group_wait_is_one_message_and_then_its_end_another()
    {
        CollectingChannel channel = new();
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.TimerOfAsync(GroupWait);
        _time.Advance(TimeSpan.FromSeconds(4));
        delivery.Look([Fires(Memory, "order-api", Now)], None);
        await _time.TimerOfAsync(TimeSpan.FromSeconds(6));
        Assert.True(channel.IsQuiet);
        _time.Advance(TimeSpan.FromSeconds(6));
        AlertMessage message = await channel.NextAsync();
        Assert.Equal(["cpu", "memory"], message.Items.Select(item => item.Rule));
        Assert.Equal(("web1", "0.1.0"), (message.Host, message.ToolVersion));
        await Until.TrueAsync(() => delivery.Channels().Single() is { Sent: 1, Waiting: 0 });
        Assert.All(delivery.Standing(), standing => Assert.StartsWith("told at 2000-01-01 00:00:10Z by ops; repeats at 2000-01-01 04:00:0", standing.Words, StringComparison.Ordinal));

        delivery.Look([Ends(Cpu, "order-api", Now)], None);
        await _time.PassAsync(GroupWait);
        Assert.True((await channel.NextAsync()).IsResolved);
        Assert.Equal("memory", Assert.Single(delivery.Standing()).Rule);
    }

    [Fact]
    public async Task A_refusal_that_may_pass_is_tried_again_at_once_then_later_and_shown_meanwhile()
    {
        bool well = false;
        CollectingChannel channel = new((_, _) => well ? Task.FromResult("taken") : throw new ChannelException("it answered 503", isTransient: true));
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.PassAsync(GroupWait);
        await channel.NextAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        await channel.NextAsync();
        await _time.PassAsync(TimeSpan.FromSeconds(4));
        await channel.NextAsync();
        await _time.TimerOfAsync(DeliveryWorker.FirstPause);
        Assert.Equal("not yet told by ops: it answered 503; tried again at 2000-01-01 00:00:46Z; repeats at 2000-01-01 04:00:00Z", Assert.Single(delivery.Standing()).Words);
        well = true;
        _time.Advance(DeliveryWorker.FirstPause);
        Assert.Equal("cpu", Assert.Single((await channel.NextAsync()).Items).Rule);
        await Until.TrueAsync(() => delivery.Channels().Single() is { Sent: 1, Waiting: 0, LastProblem: null });
    }

    [Fact]
    public async Task A_channel_that_fails_again_and_again_is_left_alone_for_a_while_and_nothing_is_lost()
    {
        int tries = 0;
        CollectingChannel channel = new((_, _) => Interlocked.Increment(ref tries) <= 3 ? throw new ChannelException("connection refused", isTransient: true) : Task.FromResult("taken"));
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "a", Now), Fires(Cpu, "b", Now)], None);
        await _time.PassAsync(GroupWait);
        await _time.PassAsync(TimeSpan.FromSeconds(2));
        await _time.PassAsync(TimeSpan.FromSeconds(4));
        await Until.TrueAsync(() => delivery.Standing().All(standing => standing.Channels.Single().Problem == "connection refused"));
        // The second target's message was not even tried.
        Assert.Equal(3, tries);
        await _time.PassAsync(DeliveryWorker.FirstPause);
        for (int message = 0; message < 5; message++) await channel.NextAsync();
        await Until.TrueAsync(() => delivery.Channels().Single() is { Sent: 2, Waiting: 0 });
    }

    [Fact]
    public async Task A_channel_that_asks_to_be_left_alone_for_long_is_and_others_get_their_turn()
    {
        CollectingChannel channel = new((message, _) => message.Items[0].Target == "a"
            ? throw new ChannelException("too many requests", isTransient: true) { RetryAfter = TimeSpan.FromMinutes(5) }
            : Task.FromResult("taken"));
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "a", Now), Fires(Cpu, "b", Now)], None);
        await _time.PassAsync(GroupWait);
        Assert.Equal(["a", "b"], [(await channel.NextAsync()).Items[0].Target, (await channel.NextAsync()).Items[0].Target]);
        await Until.TrueAsync(() => delivery.Standing()[0].Channels.Single().NextTry == Now + TimeSpan.FromMinutes(5));
        Assert.True(channel.IsQuiet);
    }

    [Fact]
    public async Task A_channel_that_hangs_holds_nobody_up_and_its_message_stays()
    {
        CollectingChannel hangs = new((_, _) => new TaskCompletionSource<string>().Task), works = new();
        await using AlertDelivery delivery = Open(("hangs", hangs), ("works", works));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.TimerOfAsync(GroupWait);
        await _time.TimerOfAsync(GroupWait);
        _time.Advance(GroupWait);
        await hangs.NextAsync();
        await works.NextAsync();
        // Its deadline passes three times; it does not even heed it.
        _time.Advance(ChannelCommon.UsualDeadline);
        foreach (int pause in (int[])[2, 4])
        {
            await _time.PassAsync(TimeSpan.FromSeconds(pause));
            await hangs.NextAsync();
            _time.Advance(ChannelCommon.UsualDeadline);
        }

        await Until.TrueAsync(() => delivery.Channels().Single(channel => channel.Name == "hangs").LastProblem == "no answer within 15 s");
        Assert.Equal(1, delivery.Channels().Single(channel => channel.Name == "hangs").Waiting);
        Assert.Equal(0, delivery.Channels().Single(channel => channel.Name == "works").Waiting);
    }

    [Fact]
    public async Task What_was_not_told_within_a_day_is_given_up()
    {
        CollectingChannel channel = new((_, _) => throw new ChannelException("no such user", isTransient: false));
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.PassAsync(GroupWait);
        await channel.NextAsync();
        await _time.TimerOfAsync(DeliveryWorker.FirstPause);
        _time.Advance(TimeSpan.FromDays(1));
        await Until.TrueAsync(() => delivery.Channels().Single() is { GivenUp: 1, Waiting: 0 });
        await Until.TrueAsync(() => _log.All.Contains("1 alert for ops given up", StringComparison.Ordinal));
        Assert.Equal("not told by ops: dropped or given up; repeats at 2000-01-01 04:00:00Z", Assert.Single(delivery.Standing()).Words);
    }

    [Fact]
    public async Task An_agent_that_ended_within_the_group_wait_has_told_it_after_it_started_again()
    {
        CollectingChannel first = new(), second = new();
        await using (AlertDelivery delivery = Open(("ops", first))) delivery.Look([Fires(Cpu, "order-api", Now)], None);
        Assert.True(first.IsQuiet);
        // The timers of the first are none of the second's.
        AwaitableTime later = new();
        await using AlertDelivery again = Open(later, ("ops", second));
        await later.PassAsync(GroupWait);
        Assert.Equal("cpu", Assert.Single((await second.NextAsync()).Items).Rule);
        Assert.Equal(TellingState.Unconfirmed, Assert.Single(again.Standing()).State);
    }

    [Fact]
    public async Task Another_configuration_keeps_what_fires_and_forgets_the_queues_of_channels_that_are_gone()
    {
        CollectingChannel channel = new();
        await using AlertDelivery delivery = Open(("ops", channel), ("old", new CollectingChannel((_, _) => throw new ChannelException("gone", isTransient: false))));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await delivery.ApplyAsync(Settings(Channel("ops")));
        Assert.Contains("1 alert not told: the configuration no longer has the channels", _log.All, StringComparison.Ordinal);
        Assert.Equal("ops", Assert.Single(delivery.Channels()).Name);
        Assert.Equal("cpu", Assert.Single(delivery.Standing()).Rule);
    }

    [Fact]
    public async Task A_start_with_a_broken_configuration_keeps_what_waits_for_channels_that_could_not_be_read()
    {
        await using (AlertDelivery delivery = Open(("ops", new CollectingChannel()))) delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await using (AlertDelivery broken = AlertDelivery.Open(_folder, Settings(), new DeliveryParts(new AwaitableTime(), _log, "web1", "0.1.0"), isWhole: false)) Assert.Empty(broken.Channels());
        Assert.DoesNotContain("not told", _log.All, StringComparison.Ordinal);
        CollectingChannel channel = new();
        AwaitableTime later = new();
        await using AlertDelivery mended = Open(later, ("ops", channel));
        await later.PassAsync(GroupWait);
        Assert.Equal("cpu", Assert.Single((await channel.NextAsync()).Items).Rule);
    }

    [Fact]
    public async Task Channels_of_which_the_configuration_says_the_same_go_on()
    {
        List<string> made = [];
        CollectingChannel ops = new(), late = new();
        await using AlertDelivery delivery = AlertDelivery.Open(_folder, Settings(Channel("ops"), Channel("mail")), new DeliveryParts(_time, _log, "web1", "0.1.0"), create: settings =>
        {
            made.Add(settings.Name);
            return settings.Name == "ops" ? ops : late;
        });
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.TimerOfAsync(GroupWait);
        await _time.TimerOfAsync(GroupWait);
        await delivery.ApplyAsync(Settings(Channel("late"), Channel("ops"), Channel("mail", resolved: false)));
        Assert.Equal(["ops", "mail", "late", "mail"], made);
        Assert.Equal(["late", "ops", "mail"], delivery.Channels().Select(channel => channel.Name));
        // The new mail waits as the old one did; ops has never stopped waiting.
        await _time.TimerOfAsync(GroupWait);
        _time.Advance(GroupWait);
        Assert.Equal("cpu", Assert.Single((await ops.NextAsync()).Items).Rule);
        Assert.Equal("cpu", Assert.Single((await late.NextAsync()).Items).Rule);
    }

    [Fact]
    public async Task No_secret_reaches_the_log_or_a_standing_even_where_a_server_repeats_it()
    {
        const string Secret = "hunter2-and-more";
        CollectingChannel channel = new((_, _) => throw new ChannelException($"you sent {Secret}\r\nto me", isTransient: false)) { Secrets = [Secret, ""] };
        await using AlertDelivery delivery = Open(("ops", channel));
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        await _time.PassAsync(GroupWait);
        await Until.TrueAsync(() => delivery.Channels().Single().LastProblem is not null);
        string shown = _log.All + Assert.Single(delivery.Standing()).Words + delivery.Channels().Single().LastProblem;
        Assert.DoesNotContain(Secret, shown, StringComparison.Ordinal);
        Assert.Contains("you sent (secret)", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_silence_that_somebody_writes_holds_from_the_next_look_on()
    {
        CollectingChannel channel = new();
        await using AlertDelivery delivery = Open(("ops", channel));
        await new SilenceFile(_folder, _time).AddAsync(new Silence("1", "cpu", "*", Now, Now + TimeSpan.FromHours(2), "anna", ""), TestContext.Current.CancellationToken);
        delivery.Look([Fires(Cpu, "order-api", Now)], None);
        Assert.Equal("silenced by anna until 2000-01-01 02:00:00Z", Assert.Single(delivery.Standing()).Words);
    }

    private static ImmutableArray<RuleStatus> None() => [Status(Cpu, "order-api", AlertPhase.Firing, Noon), Status(Memory, "order-api", AlertPhase.Firing, Noon), Status(Cpu, "a", AlertPhase.Firing, Noon), Status(Cpu, "b", AlertPhase.Firing, Noon)];

    private AlertDelivery Open(params (string Name, CollectingChannel Channel)[] channels) => Open(_time, channels);

    private AlertDelivery Open(TimeProvider time, params (string Name, CollectingChannel Channel)[] channels)
    {
        AlertSettings settings = Settings([.. channels.Select(channel => Channel(channel.Name))]);
        return AlertDelivery.Open(
            _folder, settings, new DeliveryParts(time, _log, "web1", "0.1.0"), create: settings => channels.First(channel => channel.Name == settings.Name).Channel);
    }
}
