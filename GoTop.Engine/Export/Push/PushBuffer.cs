using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Push;

/// <summary>A document that waits.</summary>
/// <param name="Gzip">It is whole.</param>
internal sealed record WaitingDocument(long Id, byte[] Gzip);

/// <summary>
/// <c>export-push.db</c> in the agent's folder: what is still to be posted, compressed, up to a size. It survives kill -9; a damaged file is
/// set aside and a new one begun, and where none can be had documents wait in memory. Several tasks may call at once.
/// </summary>
internal sealed class PushBuffer : IDisposable
{
    /// <summary>In memory it costs the agent's own.</summary>
    private const long MostBytesInMemory = 4 << 20;

    private static readonly StateDatabase Database = new(
        "buffer", ApplicationId: 0x47547075, Version: 1,
        [
            "CREATE TABLE documents(id INTEGER PRIMARY KEY AUTOINCREMENT, body BLOB NOT NULL) STRICT",
            "CREATE TABLE tally(name TEXT PRIMARY KEY, value INTEGER NOT NULL) STRICT",
        ])
    {
        Shrinks = true,
        MostBytesLookedThrough = 64 << 20,
    };

    private readonly Lock _gate = new();
    private readonly string _file;
    private readonly long _mostBytesOfFile;
    private readonly ILogger _log;
    private SqliteConnection _connection;
    private long _mostBytes;

    private PushBuffer(string folder, long mostBytes, ILogger log)
    {
        (_file, _mostBytesOfFile, _log) = (Path.Combine(folder, "export-push.db"), mostBytes, log);
        try
        {
            Use(Database.Open(_file), mostBytes);
            return;
        }
        catch (Exception damaged) when (StateDatabase.IsDamage(damaged))
        {
            _log.LogError("{File} is set aside and begun anew: {Problem}", _file, damaged.Message);
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException)
        {
            UseMemory(refused);
            return;
        }

        BeginAnew();
    }

    /// <summary>Of the documents that wait, compressed.</summary>
    public long Bytes { get; private set; }

    public long Count { get; private set; }

    /// <summary>Documents that were dropped since the file was begun.</summary>
    public long Dropped { get; private set; }

    public static PushBuffer Open(string folder, long mostBytes, ILogger log) => new(folder, mostBytes, log);

    /// <returns>How many of the oldest had to make room.</returns>
    /// <exception cref="ExportException">It could not be written: the disk is full.</exception>
    public int Add(byte[] body) => Do(() =>
    {
        byte[] packed = GzipBytes.Pack(body);
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
        (Bytes, Count, Dropped) = (bytes, count, Dropped + dropped);
        return dropped;
    });

    /// <summary>The oldest; null when none waits. One that is damaged is dropped, else nothing behind it would ever be sent.</summary>
    /// <exception cref="ExportException">It cannot be read.</exception>
    public WaitingDocument? Oldest() => Do(() =>
    {
        while (First() is { } oldest)
        {
            try
            {
                GzipBytes.RequireWhole(oldest.Gzip);
                return oldest;
            }
            catch (InvalidDataException damaged)
            {
                _log.LogError("{File}: a document is damaged and dropped: {Problem}", _file, damaged.Message);
                Delete(oldest.Id, wasTaken: false);
            }
        }

        return null;
    });

    /// <summary>It was taken, or nobody will ever take it.</summary>
    /// <exception cref="ExportException">It will be sent again.</exception>
    public void Remove(long id, bool wasTaken) => Do(() => Delete(id, wasTaken));

    public void Dispose()
    {
        lock (_gate) _connection.Dispose();
    }

    [MemberNotNull(nameof(_connection))]
    private void Use(SqliteConnection connection, long mostBytes)
    {
        _connection = connection;
        try
        {
            Bytes = Scalar("SELECT coalesce(sum(length(body)), 0) FROM documents");
            Count = Scalar("SELECT count(*) FROM documents");
            Dropped = Scalar("SELECT coalesce(sum(value), 0) FROM tally WHERE name = 'dropped'");
            _mostBytes = mostBytes;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    [MemberNotNull(nameof(_connection))]
    private void UseMemory(Exception why)
    {
        _log.LogError("{File} cannot be had, so that what is not taken waits in memory: {Problem}", _file, why.Message);
        Use(Database.OpenInMemory(), Math.Min(_mostBytesOfFile, MostBytesInMemory));
    }

    [MemberNotNull(nameof(_connection))]
    private void BeginAnew()
    {
        try
        {
            foreach (string beside in (string[])["-wal", "-shm", "-journal"]) File.Delete(_file + beside);
            File.Move(_file, _file + ".damaged", overwrite: true);
            Use(Database.Open(_file), _mostBytesOfFile);
        }
        catch (Exception refused) when (refused is SqliteException or InvalidDataException or IOException or UnauthorizedAccessException)
        {
            UseMemory(refused);
        }
    }

    /// <summary>What waited in the file is lost, and counted as dropped.</summary>
    private void BeginAnewAfter(SqliteException damage)
    {
        long dropped = Dropped + Count;
        _log.LogError("{File} is set aside and begun anew, with {Count} documents in it: {Problem}", _file, Count, damage.Message);
        _connection.Dispose();
        BeginAnew();
        Dropped = dropped;
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Tally(dropped, transaction);
        transaction.Commit();
    }

    private WaitingDocument? First()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT id, body FROM documents ORDER BY id LIMIT 1";
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? new WaitingDocument(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    private bool Delete(long id, bool wasTaken)
    {
        using SqliteTransaction transaction = _connection.BeginTransaction();
        long length = Scalar($"SELECT coalesce(max(length(body)), -1) FROM documents WHERE id = {id.ToString(CultureInfo.InvariantCulture)}");
        if (length < 0) return false;
        Execute("DELETE FROM documents WHERE id = $id", transaction, ("$id", id));
        if (!wasTaken) Tally(1, transaction);
        transaction.Commit();
        (Bytes, Count, Dropped) = (Bytes - length, Count - 1, Dropped + (wasTaken ? 0 : 1));
        return true;
    }

    private T Do<T>(Func<T> what)
    {
        lock (_gate)
        {
            try
            {
                try
                {
                    return what();
                }
                catch (SqliteException damage) when (StateDatabase.IsDamage(damage))
                {
                    // It would be met each time, and nothing would be sent any more.
                    BeginAnewAfter(damage);
                    return what();
                }
            }
            catch (SqliteException refused)
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
}
