using System.Globalization;
using System.IO.Compression;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Push;

/// <summary>A document that waits.</summary>
internal sealed record WaitingDocument(long Id, byte[] Body);

/// <summary>
/// <c>export-push.db</c> in the agent's folder: what is still to be posted, compressed, up to a size. It survives kill -9; a damaged file is
/// set aside and a new one begun, and where none can be had documents wait in memory. Several tasks may call at once.
/// </summary>
internal sealed class PushBuffer : IDisposable
{
    private const int ApplicationId = 0x47547075;
    private const int Version = 1;

    /// <summary>In memory it costs the agent's own.</summary>
    private const long MostBytesInMemory = 4 << 20;

    private const string Schema =
        """
        CREATE TABLE documents(id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT;
        CREATE TABLE tally(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT;
        """;

    private readonly Lock _gate = new();
    private readonly SqliteConnection _connection;
    private readonly long _mostBytes;

    private PushBuffer(SqliteConnection connection, long mostBytes)
    {
        (_connection, _mostBytes) = (connection, mostBytes);
        Bytes = Scalar("SELECT coalesce(sum(length(body)), 0) FROM documents");
        Count = Scalar("SELECT count(*) FROM documents");
    }

    /// <summary>Of the documents that wait, compressed.</summary>
    public long Bytes { get; private set; }

    public long Count { get; private set; }

    /// <summary>Documents that were dropped since the file was begun.</summary>
    public long Dropped
    {
        get
        {
            lock (_gate) return Scalar("SELECT coalesce(sum(value), 0) FROM tally WHERE name = 'dropped'");
        }
    }

    public static PushBuffer Open(string folder, long mostBytes, ILogger log)
    {
        string file = Path.Combine(folder, "export-push.db");
        try
        {
            return new PushBuffer(Connect(file), mostBytes);
        }
        catch (Exception damaged) when (damaged is InvalidDataException or SqliteException { SqliteErrorCode: 11 or 26 })
        {
            log.LogError("{File} is set aside and begun anew: {Problem}", file, damaged.Message);
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException)
        {
            return InMemory(refused);
        }

        try
        {
            foreach (string beside in (string[])["-wal", "-shm", "-journal"]) File.Delete(file + beside);
            File.Move(file, file + ".damaged", overwrite: true);
            return new PushBuffer(Connect(file), mostBytes);
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException)
        {
            return InMemory(refused);
        }

        PushBuffer InMemory(Exception why)
        {
            log.LogError("{File} cannot be had, so that what is not taken waits in memory: {Problem}", file, why.Message);
            SqliteConnection connection = new("Data Source=:memory:;Pooling=False");
            connection.Open();
            return new PushBuffer(Prepare(connection), Math.Min(mostBytes, MostBytesInMemory));
        }
    }

    /// <returns>How many of the oldest had to make room.</returns>
    /// <exception cref="ExportException">It could not be written: the disk is full.</exception>
    public int Add(byte[] body) => Do(() =>
    {
        byte[] packed = ExportHttp.Compress(body);
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Execute("INSERT INTO documents(body) VALUES ($body)", transaction, ("$body", packed));
        (long bytes, long count, int dropped) = (Bytes + packed.Length, Count + 1, 0);
        while (bytes > _mostBytes && count > 1)
        {
            long oldest = Scalar("SELECT min(id) FROM documents");
            bytes -= Scalar($"SELECT length(body) FROM documents WHERE id = {oldest.ToString(CultureInfo.InvariantCulture)}");
            Execute("DELETE FROM documents WHERE id = $id", transaction, ("$id", oldest));
            count--;
            dropped++;
        }

        if (dropped > 0) Tally(dropped, transaction);
        transaction.Commit();
        (Bytes, Count) = (bytes, count);
        return dropped;
    });

    /// <summary>The oldest; null when none waits.</summary>
    /// <exception cref="ExportException">It cannot be read.</exception>
    public WaitingDocument? Oldest() => Do(() =>
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT id, body FROM documents ORDER BY id LIMIT 1";
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? new WaitingDocument(row.GetInt64(0), Unpack(row.GetFieldValue<byte[]>(1))) : null;
    });

    /// <summary>It was taken, or nobody will ever take it.</summary>
    /// <exception cref="ExportException">It will be sent again.</exception>
    public void Remove(long id, bool wasTaken) => Do(() =>
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        long length = Scalar($"SELECT coalesce(max(length(body)), -1) FROM documents WHERE id = {id.ToString(CultureInfo.InvariantCulture)}");
        if (length < 0) return false;
        Execute("DELETE FROM documents WHERE id = $id", transaction, ("$id", id));
        if (!wasTaken) Tally(1, transaction);
        transaction.Commit();
        (Bytes, Count) = (Bytes - length, Count - 1);
        return true;
    });

    public void Dispose()
    {
        lock (_gate) _connection.Dispose();
    }

    private static SqliteConnection Connect(string file)
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

    private static SqliteConnection Prepare(SqliteConnection connection)
    {
        using SqliteCommand command = connection.CreateCommand();
        long id = Ask("PRAGMA application_id"), version = Ask("PRAGMA user_version");
        if (id == 0 && Ask("SELECT count(*) FROM sqlite_schema") == 0)
        {
            // Before the first table: what was dropped gives its pages back.
            Run("PRAGMA auto_vacuum=FULL");
            Run(string.Create(CultureInfo.InvariantCulture, $"BEGIN; {Schema} PRAGMA application_id={ApplicationId}; PRAGMA user_version={Version}; COMMIT"));
        }
        else if (id != ApplicationId || version != Version)
        {
            throw new InvalidDataException("it is no buffer of this version");
        }

        // NORMAL: what a loss of power may cost is the last documents, and the file stays whole.
        Run("PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL");
        command.CommandText = "PRAGMA quick_check(1)";
        return command.ExecuteScalar() as string == "ok" ? connection : throw new InvalidDataException("its pages are damaged");

        long Ask(string text)
        {
            command.CommandText = text;
            return command.ExecuteScalar() as long? ?? 0;
        }

        void Run(string text)
        {
            command.CommandText = text;
            command.ExecuteNonQuery();
        }
    }

    private T Do<T>(Func<T> what)
    {
        lock (_gate)
        {
            try
            {
                return what();
            }
            catch (Exception refused) when (refused is SqliteException or InvalidDataException)
            {
                throw new ExportException(PlainText.Clean($"the buffer: {refused.Message}", 300)) { IsTransient = true };
            }
        }
    }

    private void Tally(long dropped, SqliteTransaction transaction) =>
        Execute("INSERT INTO tally VALUES ('dropped', $count) ON CONFLICT(name) DO UPDATE SET value = value + excluded.value", transaction, ("$count", dropped));

    private long Scalar(string text)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar() as long? ?? 0;
    }

    private void Execute(string text, SqliteTransaction transaction, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        command.ExecuteNonQuery();
    }

    private static byte[] Unpack(byte[] packed)
    {
        using GZipStream gzip = new(new MemoryStream(packed), CompressionMode.Decompress);
        using MemoryStream body = new();
        gzip.CopyTo(body);
        return body.ToArray();
    }
}
