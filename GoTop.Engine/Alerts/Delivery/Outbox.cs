using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>The outbox could not be written: the disk is full, … What was in it stands.</summary>
public sealed class OutboxException(string message, Exception inner) : Exception(message, inner);

/// <summary>An alert in a channel's queue.</summary>
/// <param name="DueAt">When it is sent, or tried again.</param>
/// <param name="Attempts">How often it was tried.</param>
public sealed record OutboxRow(long Id, AlertItem Item, DateTimeOffset QueuedAt, DateTimeOffset DueAt, int Attempts, string? Problem);

/// <summary>
/// <c>alerts.db</c> in the agent's folder: what has to be told, and what fires. What a call has written is there after kill -9, and each
/// alert is told at least once. A damaged file is set aside and a new one begun; while the disk is full it is kept in memory. Several tasks
/// may call at once.
/// </summary>
public sealed class Outbox : IDisposable
{
    /// <summary>Alerts in a channel's queue; above it the oldest are dropped, and counted.</summary>
    public const int MostOfChannel = 1000;

    private readonly OutboxDatabase _database;

    /// <summary>Of those who read a queue since the last write.</summary>
    private TaskCompletionSource _written = NewWritten();

    private Outbox(string file, ILogger log, TimeProvider time) => _database = new OutboxDatabase(file, log, time) { Merged = TellWritten };

    /// <summary>Never fails: where no file can be had, alerts are kept in memory, and the log says so.</summary>
    public static Outbox Open(string folder, ILogger log, TimeProvider time) => new(Path.Combine(folder, "alerts.db"), log, time);

    /// <summary>Alerts that fired when it was last written.</summary>
    public ImmutableArray<OpenAlert> ReadOpen() => Do(connection => Rows(connection, "SELECT content FROM open_alerts", row => Decode(row.GetString(0), DeliveryJsonContext.Compact.OpenAlert)).OfType<OpenAlert>().ToImmutableArray());

    /// <summary>Writes down in one step what a look at the alerts led to.</summary>
    /// <returns>Channels whose queue was too full, and how many alerts they lost.</returns>
    /// <exception cref="OutboxException">Nothing of it is written.</exception>
    public ImmutableArray<(string Channel, int Dropped)> Write(Dispatch dispatch, DateTimeOffset now) => Do(connection =>
    {
        foreach (QueuedAlert queued in dispatch.Queued)
        {
            Execute(
                connection,
                """
                INSERT INTO queue(channel, alert, state, target, queued_ms, due_ms, content) VALUES ($channel, $alert, $state, $target, $now, $due, $content)
                ON CONFLICT(channel, alert, state) DO UPDATE SET content = excluded.content
                """,
                ("$channel", queued.Channel), ("$alert", queued.Item.Id), ("$state", (int)queued.Item.State), ("$target", queued.Item.Target), ("$now", now.ToUnixTimeMilliseconds()),
                ("$due", queued.DueAt.ToUnixTimeMilliseconds()), ("$content", JsonSerializer.Serialize(queued.Item, DeliveryJsonContext.Compact.AlertItem)));
        }

        foreach (OpenAlert alert in dispatch.Saved)
        {
            Execute(
                connection, "INSERT OR REPLACE INTO open_alerts VALUES ($rule, $target, $content)",
                ("$rule", alert.Rule), ("$target", alert.Target), ("$content", JsonSerializer.Serialize(alert, DeliveryJsonContext.Compact.OpenAlert)));
        }

        foreach (OpenAlert alert in dispatch.Closed)
        {
            Execute(connection, "DELETE FROM open_alerts WHERE rule = $rule AND target = $target", ("$rule", alert.Rule), ("$target", alert.Target));
            Execute(connection, "DELETE FROM delivered WHERE alert = $alert", ("$alert", alert.Item.Id));
        }

        ImmutableArray<(string, int)>.Builder full = ImmutableArray.CreateBuilder<(string, int)>();
        foreach (string channel in dispatch.Queued.Select(queued => queued.Channel).Distinct())
        {
            int dropped = Execute(
                connection, "DELETE FROM queue WHERE channel = $channel AND id <= (SELECT id FROM queue WHERE channel = $channel ORDER BY id DESC LIMIT 1 OFFSET $most)",
                ("$channel", channel), ("$most", MostOfChannel));
            if (dropped == 0) continue;
            Count(connection, channel, "dropped", dropped);
            full.Add((channel, dropped));
        }

        return full.ToImmutable();
    }, committed: TellWritten);

    /// <summary>All that waits for a channel, oldest first.</summary>
    /// <returns>Also a task that ends with the next <see cref="Write"/>: who waits for it misses nothing and looks at nothing twice.</returns>
    /// <exception cref="OutboxException"></exception>
    public (ImmutableArray<OutboxRow> Rows, Task Written) Read(string channel) => Do(connection => (QueueOf(connection, channel), _written.Task));

    /// <inheritdoc cref="Read"/>
    public ImmutableArray<OutboxRow> Queue(string channel) => Read(channel).Rows;

    /// <summary>A message with these alerts was taken.</summary>
    /// <exception cref="OutboxException"></exception>
    public void Sent(string channel, ImmutableArray<OutboxRow> rows, DateTimeOffset now) => Do(connection =>
    {
        foreach (OutboxRow row in rows)
        {
            Delete(connection, row.Id);
            // Of an alert that is over nobody asks any more.
            if (!row.Item.IsResolved)
            {
                Execute(
                    connection, "INSERT OR REPLACE INTO delivered SELECT $alert, $channel, $now WHERE EXISTS (SELECT 1 FROM open_alerts WHERE rule = $rule AND target = $target)",
                    ("$alert", row.Item.Id), ("$channel", channel), ("$now", now.ToUnixTimeMilliseconds()), ("$rule", row.Item.Rule), ("$target", row.Item.Target));
            }
        }

        Count(connection, channel, "sent", 1);
        return Execute(connection, "UPDATE channels SET sent_ms = $now, problem = NULL, problem_ms = NULL WHERE name = $name", ("$now", now.ToUnixTimeMilliseconds()), ("$name", channel));
    });

    /// <summary>A message with these alerts was not taken.</summary>
    /// <param name="attempted">False where it was not even tried, since the channel is left alone for a while.</param>
    /// <exception cref="OutboxException"></exception>
    public void Failed(string channel, ImmutableArray<OutboxRow> rows, string problem, bool attempted, DateTimeOffset nextTry, DateTimeOffset now) => Do(connection =>
    {
        string told = PlainText.Clean(problem, OutboxDatabase.LongestProblem);
        foreach (OutboxRow row in rows)
        {
            Execute(
                connection, "UPDATE queue SET attempts = attempts + $one, due_ms = $next, problem = $problem WHERE id = $id",
                ("$one", attempted ? 1 : 0), ("$next", nextTry.ToUnixTimeMilliseconds()), ("$problem", told), ("$id", row.Id));
        }

        Count(connection, channel, "sent", 0);
        return Execute(connection, "UPDATE channels SET problem = $problem, problem_ms = $now WHERE name = $name", ("$problem", told), ("$now", now.ToUnixTimeMilliseconds()), ("$name", channel));
    });

    /// <summary>Alerts that nobody needs to hear any more.</summary>
    /// <returns>How many were given up.</returns>
    /// <exception cref="OutboxException"></exception>
    public int GiveUp(string channel, DateTimeOffset queuedBefore) => Do(connection =>
    {
        int old = Execute(connection, "DELETE FROM queue WHERE channel = $channel AND queued_ms < $before", ("$channel", channel), ("$before", queuedBefore.ToUnixTimeMilliseconds()));
        if (old > 0) Count(connection, channel, "given_up", old);
        return old;
    });

    /// <summary>What waits for channels that the configuration no longer has.</summary>
    /// <returns>How many alerts that were.</returns>
    /// <exception cref="OutboxException"></exception>
    public int Forget(ImmutableArray<string> known) => Do(connection =>
    {
        int forgotten = 0;
        foreach (string? channel in Rows(connection, "SELECT DISTINCT channel FROM queue", row => row.GetString(0)))
        {
            if (!known.Contains(channel!)) forgotten += Execute(connection, "DELETE FROM queue WHERE channel = $channel", ("$channel", channel!));
        }

        return forgotten;
    });

    /// <summary>What became of an alert in the channels it was handed to.</summary>
    /// <exception cref="OutboxException"></exception>
    public ImmutableArray<ChannelTelling> Tellings(OpenAlert alert) => Do(connection =>
    {
        ImmutableArray<ChannelTelling>.Builder tellings = ImmutableArray.CreateBuilder<ChannelTelling>();
        foreach (string channel in alert.ToldTo)
        {
            DateTimeOffset? delivered = Rows(
                connection, "SELECT at_ms FROM delivered WHERE alert = $alert AND channel = $channel", row => (object)Time(row.GetInt64(0)), ("$alert", alert.Item.Id), ("$channel", channel)).FirstOrDefault() as DateTimeOffset?;
            (DateTimeOffset Due, string? Problem)? waiting = Rows(
                connection, "SELECT due_ms, problem FROM queue WHERE alert = $alert AND channel = $channel", row => (object)(Time(row.GetInt64(0)), row.IsDBNull(1) ? null : row.GetString(1)),
                ("$alert", alert.Item.Id), ("$channel", channel)).FirstOrDefault() as (DateTimeOffset, string?)?;
            tellings.Add(new ChannelTelling(channel, delivered, waiting is not null, waiting?.Problem, waiting?.Due));
        }

        return tellings.ToImmutable();
    });

    /// <summary>How a channel is.</summary>
    /// <exception cref="OutboxException"></exception>
    public ChannelStanding Standing(Channels.ChannelSettings channel) => Do(connection =>
    {
        int waiting = (int)(Rows(connection, "SELECT count(*) FROM queue WHERE channel = $channel", row => (object)row.GetInt64(0), ("$channel", channel.Name)).First() as long? ?? 0);
        return Rows(
            connection, "SELECT sent, dropped, given_up, sent_ms, problem, problem_ms FROM channels WHERE name = $channel",
            row => new ChannelStanding(
                channel.Name, channel.Kind, channel.Where, waiting, row.GetInt64(0), row.GetInt64(1), row.GetInt64(2), row.IsDBNull(3) ? null : Time(row.GetInt64(3)),
                row.IsDBNull(4) ? null : row.GetString(4), row.IsDBNull(5) ? null : Time(row.GetInt64(5))),
            ("$channel", channel.Name)).FirstOrDefault() ?? new ChannelStanding(channel.Name, channel.Kind, channel.Where, waiting, 0, 0, 0, null, null, null);
    });

    public void Dispose() => _database.Dispose();

    private T Do<T>(Func<SqliteConnection, T> work, Action? committed = null) => _database.Do(work, committed);

    private void TellWritten()
    {
        TaskCompletionSource before = _written;
        _written = NewWritten();
        before.SetResult();
    }

    private static ImmutableArray<OutboxRow> QueueOf(SqliteConnection connection, string channel) => Rows(
        connection, "SELECT id, content, queued_ms, due_ms, attempts, problem FROM queue WHERE channel = $channel ORDER BY id",
        row => Decode(row.GetString(1), DeliveryJsonContext.Compact.AlertItem) is { } item
            ? new OutboxRow(row.GetInt64(0), item, Time(row.GetInt64(2)), Time(row.GetInt64(3)), row.GetInt32(4), row.IsDBNull(5) ? null : row.GetString(5))
            : null,
        ("$channel", channel)).OfType<OutboxRow>().ToImmutableArray();

    private static T? Decode<T>(string json, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(json, type);
        }
        catch (JsonException)
        {
            // Of another version; it cannot be told.
            return null;
        }
    }

    private static List<T?> Rows<T>(SqliteConnection connection, string text, Func<SqliteDataReader, T?> read, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = Command(connection, text, parameters);
        using SqliteDataReader rows = command.ExecuteReader();
        List<T?> all = [];
        while (rows.Read()) all.Add(read(rows));
        return all;
    }

    private static void Count(SqliteConnection connection, string channel, string column, int by)
    {
        Execute(connection, "INSERT OR IGNORE INTO channels(name) VALUES ($name)", ("$name", channel));
        if (by > 0) Execute(connection, $"UPDATE channels SET {column} = {column} + $by WHERE name = $name", ("$by", by), ("$name", channel));
    }

    private static void Delete(SqliteConnection connection, long id) => Execute(connection, "DELETE FROM queue WHERE id = $id", ("$id", id));

    private static int Execute(SqliteConnection connection, string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = Command(connection, text, parameters);
        return command.ExecuteNonQuery();
    }

    private static SqliteCommand Command(SqliteConnection connection, string text, ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private static TaskCompletionSource NewWritten() => new(TaskCreationOptions.RunContinuationsAsynchronously);

    private static DateTimeOffset Time(long milliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(milliseconds);
}
