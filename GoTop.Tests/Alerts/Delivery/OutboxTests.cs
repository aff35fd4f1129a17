using System.Collections.Immutable;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static GoTop.Tests.Alerts.Delivery.Telling;

namespace GoTop.Tests.Alerts.Delivery;

public sealed class OutboxTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-outbox-").FullName;
    private readonly KeptLog _log = new();

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_was_written_is_there_for_the_next_who_opens_it()
    {
        OpenAlert open = new() { Item = Item(), LastToldAt = Noon, Tellings = 1, ToldTo = ["ops"] };
        using (Outbox outbox = Open()) outbox.Write(new Dispatch([Queued(Item())], [open], []), Noon);
        using Outbox again = Open();
        OutboxRow row = Assert.Single(again.Queue("ops"));
        Assert.Equal((Item(), Noon, Noon + TimeSpan.FromSeconds(10), 0), (row.Item, row.QueuedAt, row.DueAt, row.Attempts));
        OpenAlert read = Assert.Single(again.ReadOpen());
        Assert.Equal((Item(), Noon, 1, "ops"), (read.Item, read.LastToldAt, read.Tellings, Assert.Single(read.ToldTo)));
        again.Write(new Dispatch([], [], [read]), Noon);
        Assert.Empty(again.ReadOpen());
    }

    [Fact]
    public void An_alerts_state_waits_once_and_with_the_newest_words()
    {
        using Outbox outbox = Open();
        outbox.Write(new Dispatch([Queued(Item())], [], []), Noon);
        outbox.Write(new Dispatch([Queued(Item() with { Telling = 2 }), Queued(Item(state: AlertState.Resolved))], [], []), Noon + TimeSpan.FromHours(4));
        Assert.Equal([(2, AlertState.Firing), (1, AlertState.Resolved)], outbox.Queue("ops").Select(row => (row.Item.Telling, row.Item.State)));
        Assert.Equal(Noon, outbox.Queue("ops")[0].QueuedAt);
    }

    [Fact]
    public void A_full_queue_loses_its_oldest_and_counts_them()
    {
        using Outbox outbox = Open();
        ImmutableArray<(string, int)> dropped = outbox.Write(
            new Dispatch([.. Enumerable.Range(0, Outbox.MostOfChannel + 3).Select(number => Queued(Item() with { Id = $"{number}" })), Queued(Item(), "other")], [], []), Noon);
        Assert.Equal([("ops", 3)], dropped);
        Assert.Equal((Outbox.MostOfChannel, "3"), (outbox.Queue("ops").Length, outbox.Queue("ops")[0].Item.Id));
        Assert.Equal(3, outbox.Standing(Channel("ops")).Dropped);
        Assert.Single(outbox.Queue("other"));
    }

    [Fact]
    public void Failures_are_kept_with_the_next_try_and_success_clears_them()
    {
        using Outbox outbox = Open();
        OpenAlert open = new() { Item = Item(), ToldTo = ["ops"] };
        outbox.Write(new Dispatch([Queued(Item())], [open], []), Noon);
        DateTimeOffset next = Noon + TimeSpan.FromSeconds(30);
        outbox.Failed("ops", outbox.Queue("ops"), "connection refused", attempted: true, next, Noon);
        OutboxRow row = Assert.Single(outbox.Queue("ops"));
        Assert.Equal((1, next, "connection refused"), (row.Attempts, row.DueAt, row.Problem));
        Assert.Equal(new ChannelTelling("ops", null, true, "connection refused", next), Assert.Single(outbox.Tellings(open)));
        Assert.Equal("connection refused", outbox.Standing(Channel("ops")).LastProblem);

        outbox.Sent("ops", [row], next);
        Assert.Empty(outbox.Queue("ops"));
        Assert.Equal(new ChannelTelling("ops", next, false, null, null), Assert.Single(outbox.Tellings(open)));
        Assert.Equal((1, null, next), outbox.Standing(Channel("ops")) is var standing ? (standing.Sent, standing.LastProblem, standing.LastSentAt) : default);
    }

    [Theory]
    [InlineData("this is no database at all, but long enough to be taken for one by its size")]
    [InlineData("")]
    public void A_damaged_file_is_set_aside_with_a_line_in_the_log(string damage)
    {
        string file = Path.Combine(_folder, "alerts.db");
        using (Outbox outbox = Open()) outbox.Write(new Dispatch([.. Enumerable.Range(0, 200).Select(number => Queued(Item() with { Id = $"{number}" }))], [], []), Noon);
        if (damage.Length > 0) File.WriteAllText(file, damage);
        else Overwrite(file);
        using (Outbox outbox = Open())
        {
            outbox.Write(new Dispatch([Queued(Item())], [], []), Noon);
            Assert.Single(outbox.Queue("ops"));
        }

        Assert.Contains("set aside", _log.All, StringComparison.Ordinal);
        Assert.Single(Directory.GetFiles(_folder, "alerts.db.damaged-*"), name => !name.EndsWith("-wal", StringComparison.Ordinal) && !name.EndsWith("-shm", StringComparison.Ordinal));
    }

    [Fact]
    public void Damage_that_shows_while_it_is_open_is_set_aside_too()
    {
        using Outbox outbox = Open();
        outbox.Write(new Dispatch([.. Enumerable.Range(0, 500).Select(number => Queued(Item() with { Id = $"{number}" }))], [], []), Noon);
        // Beyond what its cache holds nothing is read again, so another connection empties the log into the file first.
        using (Microsoft.Data.Sqlite.SqliteConnection other = new($"Data Source={Path.Combine(_folder, "alerts.db")};Pooling=False"))
        {
            other.Open();
            using Microsoft.Data.Sqlite.SqliteCommand command = other.CreateCommand();
            command.CommandText = "DELETE FROM queue; PRAGMA wal_checkpoint(TRUNCATE)";
            command.ExecuteNonQuery();
        }

        Overwrite(Path.Combine(_folder, "alerts.db"));
        outbox.Write(new Dispatch([Queued(Item())], [], []), Noon);
        Assert.Single(outbox.Queue("ops"));
        Assert.Contains("set aside", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public void Where_no_file_can_be_had_alerts_are_told_all_the_same()
    {
        string blocked = Path.Combine(_folder, "file");
        File.WriteAllText(blocked, "");
        using Outbox outbox = Outbox.Open(Path.Combine(blocked, "folder"), _log, TimeProvider.System);
        outbox.Write(new Dispatch([Queued(Item())], [], []), Noon);
        Assert.Single(outbox.Queue("ops"));
        Assert.Contains("kept in memory alone", _log.All, StringComparison.Ordinal);
    }

    [Fact]
    public async Task On_a_full_disk_alerts_go_on_in_memory_and_back_to_the_file_when_it_has_room()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 2);
        FakeTimeProvider time = new(Noon);
        using Outbox outbox = Outbox.Open(disk.Folder, _log, time);
        outbox.Write(new Dispatch([Queued(Item("before"))], [new OpenAlert { Item = Item("before") }], []), Noon);
        disk.Fill();
        // What its file has room for yet goes there.
        const int Many = 300;
        for (int number = 0; number < Many; number++) outbox.Write(new Dispatch([Queued(Item($"{number}"))], [new OpenAlert { Item = Item($"{number}") }], []), Noon);
        Assert.Contains("kept in memory alone", _log.All, StringComparison.Ordinal);
        outbox.Sent("ops", [outbox.Queue("ops")[0]], Noon);
        string[] queue = [.. outbox.Queue("ops").Select(row => row.Item.Rule)];
        Assert.Equal(Enumerable.Range(0, Many).Select(number => $"{number}"), queue);
        // It is looked after again, and there is still no room.
        time.Advance(TimeSpan.FromMinutes(1));
        Assert.Equal(Many, outbox.Queue("ops").Length);
        Assert.DoesNotContain("again", _log.All, StringComparison.Ordinal);

        disk.Free();
        time.Advance(TimeSpan.FromMinutes(1));
        OutboxRow[] rows = [.. outbox.Queue("ops")];
        Assert.EndsWith("again", _log.All, StringComparison.Ordinal);
        // What somebody read before is the same afterwards.
        outbox.Sent("ops", [rows[1]], Noon);
        outbox.Dispose();
        using Outbox next = Outbox.Open(disk.Folder, _log, time);
        Assert.Equal(queue.Where(rule => rule != "1"), next.Queue("ops").Select(row => row.Item.Rule));
        Assert.Equal(Many + 1, next.ReadOpen().Length);
        Assert.Equal(2, next.Standing(Channel("ops")).Sent);
    }

    [Fact]
    public async Task What_an_agent_before_left_in_a_file_that_could_not_be_opened_is_told_as_well_once_it_can()
    {
        string file = Path.Combine(_folder, "alerts.db");
        using (Outbox before = Open()) before.Write(new Dispatch([Queued(Item("left")), Queued(Item("both"))], [new OpenAlert { Item = Item("left") }], []), Noon);
        File.Move(file, file + ".away");
        Directory.CreateDirectory(file);
        FakeTimeProvider time = new(Noon);
        using Outbox outbox = Outbox.Open(_folder, _log, time);
        outbox.Write(new Dispatch([Queued(Item("new")), Queued(Item("both", why: "newer"))], [new OpenAlert { Item = Item("new") }], []), Noon);
        (ImmutableArray<OutboxRow> held, Task written) = outbox.Read("ops");
        Directory.Delete(file);
        File.Move(file + ".away", file);
        time.Advance(TimeSpan.FromMinutes(1));
        // Whoever looks at the state brings the file back, and who waits for the queue hears of it.
        outbox.Standing(Channel("ops"));
        await written.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
        Assert.Equal([("new", "97% is above 85%"), ("both", "newer"), ("left", "97% is above 85%")], outbox.Queue("ops").Select(row => (row.Item.Rule, row.Item.Why)));
        outbox.Sent("ops", [held[0]], Noon);
        outbox.Dispose();
        using Outbox next = Open();
        Assert.Equal(["both", "left"], next.Queue("ops").Select(row => row.Item.Rule));
        Assert.Equal(["left", "new"], next.ReadOpen().Select(open => open.Item.Rule).Order());
    }

    [Fact]
    public void What_is_older_than_a_day_is_given_up_and_counted_and_unknown_channels_are_forgotten()
    {
        using Outbox outbox = Open();
        outbox.Write(new Dispatch([Queued(Item())], [], []), Noon);
        outbox.Write(new Dispatch([Queued(Item() with { Id = "new" }), Queued(Item(), "gone")], [], []), Noon + TimeSpan.FromHours(1));
        Assert.Equal(1, outbox.GiveUp("ops", Noon + TimeSpan.FromMinutes(30)));
        Assert.Equal("new", Assert.Single(outbox.Queue("ops")).Item.Id);
        Assert.Equal(1, outbox.Standing(Channel("ops")).GivenUp);
        Assert.Equal(1, outbox.Forget(["ops"]));
        Assert.Empty(outbox.Queue("gone"));
    }

    private Outbox Open() => Outbox.Open(_folder, _log, TimeProvider.System);

    private static QueuedAlert Queued(AlertItem item, string channel = "ops") => new(channel, item, Noon + TimeSpan.FromSeconds(10));

    /// <summary>Pages in the middle; the header stays.</summary>
    private static void Overwrite(string file)
    {
        using FileStream stream = new(file, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        stream.Position = 4096;
        byte[] noise = new byte[(int)Math.Max(4096, stream.Length - 4096)];
        Array.Fill(noise, (byte)0xA5);
        stream.Write(noise);
    }
}
