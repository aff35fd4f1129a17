using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>The tables of <c>alerts.db</c>, and how it is opened so that what was committed is there after any kill.</summary>
internal static class OutboxFormat
{
    /// <summary>"GTal".</summary>
    private const int ApplicationId = 0x4754616c;
    private const int Version = 1;

    private static readonly ImmutableArray<string> Schema =
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
    ];

    private const string Merge =
        """
        INSERT OR IGNORE INTO main.queue(channel, alert, state, target, queued_ms, due_ms, attempts, problem, content)
            SELECT channel, alert, state, target, queued_ms, due_ms, attempts, problem, content FROM disk.queue ORDER BY id;
        INSERT OR IGNORE INTO main.open_alerts SELECT * FROM disk.open_alerts;
        INSERT OR IGNORE INTO main.delivered SELECT * FROM disk.delivered;
        INSERT INTO main.channels SELECT * FROM disk.channels WHERE true
            ON CONFLICT(name) DO UPDATE SET sent = sent + excluded.sent, dropped = dropped + excluded.dropped, given_up = given_up + excluded.given_up;
        """;

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or another kind of database.</exception>
    public static SqliteConnection Open(string file)
    {
        // No pool: it would keep the file open after Dispose. The full path: SQLite would take a bare name for an address.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(file), Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            return Prepare(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Where no file can be had: alerts are told all the same, and forgotten when the program ends.</summary>
    public static SqliteConnection OpenInMemory()
    {
        SqliteConnection connection = new("Data Source=:memory:;Pooling=False");
        connection.Open();
        return Prepare(connection);
    }

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

    private static SqliteConnection Prepare(SqliteConnection connection)
    {
        long id = Scalar(connection, "PRAGMA application_id"), version = Scalar(connection, "PRAGMA user_version");
        if (id == 0 && Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            using SqliteTransaction transaction = connection.BeginTransaction();
            foreach (string statement in Schema) Execute(connection, statement, transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}"), transaction);
            transaction.Commit();
        }
        else if (id != ApplicationId || version != Version)
        {
            throw new InvalidDataException("it is no outbox of this version");
        }

        // FULL: alerts are few, and a machine that loses its power is what they may be about.
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL");
        using SqliteCommand check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        return check.ExecuteScalar() as string == "ok" ? connection : throw new InvalidDataException("its pages are damaged");
    }

    private static long Scalar(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar() as long? ?? 0;
    }

    private static void Execute(SqliteConnection connection, string text, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
