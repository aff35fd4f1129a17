using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.StateFiles;

/// <summary>A kind of small SQLite databases: how one is begun, known again, and opened so that what was committed is there after any kill.</summary>
/// <param name="Noun">What it is, for messages: <c>outbox</c>.</param>
/// <param name="ApplicationId">https://www.sqlite.org/pragma.html#pragma_application_id.</param>
/// <param name="Schema">Statements that make the tables.</param>
internal sealed record StateDatabase(string Noun, int ApplicationId, int Version, ImmutableArray<string> Schema)
{
    private const int Corrupt = 11;
    private const int NotADatabase = 26;

    /// <summary>What was committed is there after a loss of power, too; otherwise that may cost the last of it, and the file stays whole.</summary>
    public bool SurvivesPowerLoss { get; init; }

    /// <summary>What was deleted gives its pages back.</summary>
    public bool Shrinks { get; init; }

    /// <summary>Every page of a larger file is not looked at when it is opened, which would take minutes: its damage shows when it is met.</summary>
    public long MostBytesLookedThrough { get; init; } = long.MaxValue;

    /// <summary>It must be set aside; nothing else that fails says so.</summary>
    public static bool IsDamage(Exception failure) => failure is InvalidDataException or SqliteException { SqliteErrorCode: Corrupt or NotADatabase };

    /// <exception cref="SqliteException">It cannot be opened.</exception>
    /// <exception cref="InvalidDataException">It is damaged, or another kind of database.</exception>
    public SqliteConnection Open(string file)
    {
        // No pool: it would keep the file open after Dispose. The full path: SQLite would take a bare name for an address.
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = Path.GetFullPath(file), Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
        try
        {
            connection.Open();
            Prepare(connection);
            if (new FileInfo(file).Length <= MostBytesLookedThrough) RequireSound(connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Where no file can be had: it is forgotten when the program ends.</summary>
    public SqliteConnection OpenInMemory()
    {
        SqliteConnection connection = new("Data Source=:memory:;Pooling=False");
        connection.Open();
        Prepare(connection);
        return connection;
    }

    private void Prepare(SqliteConnection connection)
    {
        long id = Scalar(connection, "PRAGMA application_id"), version = Scalar(connection, "PRAGMA user_version");
        if (id == 0 && Scalar(connection, "SELECT count(*) FROM sqlite_schema") == 0)
        {
            // Before the first table, else it does nothing.
            if (Shrinks) Execute(connection, "PRAGMA auto_vacuum=FULL");
            using SqliteTransaction transaction = connection.BeginTransaction();
            foreach (string statement in Schema) Execute(connection, statement, transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}"), transaction);
            transaction.Commit();
        }
        else if (id != ApplicationId || version != Version)
        {
            throw new InvalidDataException($"it is no {Noun} of this version");
        }

        Execute(connection, $"PRAGMA journal_mode=WAL; PRAGMA synchronous={(SurvivesPowerLoss ? "FULL" : "NORMAL")}");
    }

    private static void RequireSound(SqliteConnection connection)
    {
        using SqliteCommand check = connection.CreateCommand();
        check.CommandText = "PRAGMA quick_check(1)";
        if (check.ExecuteScalar() as string != "ok") throw new InvalidDataException("its pages are damaged");
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
