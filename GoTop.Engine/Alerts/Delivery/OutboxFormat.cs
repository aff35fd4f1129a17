using GoTop.Engine.StateFiles;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>The tables of <c>alerts.db</c>, and how they come from memory into the file.</summary>
internal static class OutboxFormat
{
    /// <summary>"GTal".</summary>
    private const int ApplicationId = 0x4754616c;
    private const int Version = 1;

    private const string Merge =
        """
        INSERT OR IGNORE INTO main.queue(channel, alert, state, target, queued_ms, due_ms, attempts, problem, content)
            SELECT channel, alert, state, target, queued_ms, due_ms, attempts, problem, content FROM disk.queue ORDER BY id;
        INSERT OR IGNORE INTO main.open_alerts SELECT * FROM disk.open_alerts;
        INSERT OR IGNORE INTO main.delivered SELECT * FROM disk.delivered;
        INSERT INTO main.channels SELECT * FROM disk.channels WHERE true
            ON CONFLICT(name) DO UPDATE SET sent = sent + excluded.sent, dropped = dropped + excluded.dropped, given_up = given_up + excluded.given_up;
        """;

    public static StateDatabase Database { get; } = new(
        "outbox", ApplicationId, Version,
        [
            // Times are Unix milliseconds. One row for each channel, alert and state: a repeat that still waits takes the place of the one before.
            """
            CREATE TABLE queue(
                id INTEGER PRIMARY KEY AUTOINCREMENT, channel TEXT NOT NULL, alert TEXT NOT NULL, state INTEGER NOT NULL, target TEXT NOT NULL,
                queued_ms INTEGER NOT NULL, due_ms INTEGER NOT NULL, attempts INTEGER NOT NULL DEFAULT 0, problem TEXT, content TEXT NOT NULL,
                UNIQUE(channel, alert, state)) STRICT
            """,
            "CREATE TABLE open_alerts(rule TEXT NOT NULL, target TEXT NOT NULL, content TEXT NOT NULL, PRIMARY KEY(rule, target)) STRICT",
            "CREATE TABLE delivered(alert TEXT NOT NULL, channel TEXT NOT NULL, at_ms INTEGER NOT NULL, PRIMARY KEY(alert, channel)) STRICT",
            """
            CREATE TABLE channels(
                name TEXT PRIMARY KEY, sent INTEGER NOT NULL DEFAULT 0, dropped INTEGER NOT NULL DEFAULT 0, given_up INTEGER NOT NULL DEFAULT 0,
                sent_ms INTEGER, problem TEXT, problem_ms INTEGER) STRICT
            """,
        ])
    {
        // Alerts are few, and a machine that loses its power is what they may be about.
        SurvivesPowerLoss = true,
    };

    /// <summary>What is in memory takes the place of what is in a file of this format, in one step.</summary>
    /// <param name="merge">First what the file has and the memory has not goes into the memory; its ids are given anew.</param>
    /// <exception cref="SqliteException">Nothing is changed.</exception>
    public static void Move(SqliteConnection memory, string file, bool merge)
    {
        using (SqliteCommand attach = memory.CreateCommand())
        {
            attach.CommandText = "ATTACH DATABASE $file AS disk";
            attach.Parameters.AddWithValue("$file", Path.GetFullPath(file));
            attach.ExecuteNonQuery();
        }

        try
        {
            using SqliteTransaction transaction = memory.BeginTransaction();
            if (merge) Execute(memory, Merge, transaction);
            foreach (string table in (string[])["queue", "open_alerts", "delivered", "channels"]) Execute(memory, $"DELETE FROM disk.{table}; INSERT INTO disk.{table} SELECT * FROM main.{table}", transaction);
            transaction.Commit();
        }
        finally
        {
            Execute(memory, "DETACH DATABASE disk");
        }
    }

    private static void Execute(SqliteConnection connection, string text, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
