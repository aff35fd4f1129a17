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
/// set aside and a new one begun, and where none can be had documents wait in memory. While the disk is full those that are new do, and
/// what is taken is remembered: both are written with the first that can be. Several tasks may call at once.
/// </summary>
internal sealed class PushBuffer : IDisposable
{
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
    private readonly UnwrittenDocuments _unwritten = new();
    private SqliteConnection _connection;
    private long _mostBytes;
    private long _bytesOfFile;
    private long _countOfFile;

    /// <summary>Documents of the file up to this id are done with, though it still has them.</summary>
    private long _goneUpTo;

    /// <summary>Dropped, and not yet counted in the file.</summary>
    private long _uncounted;

    /// <summary>The one that was handed out last; it may be written only then, and has another id since.</summary>
    private long _shown;

    private (long Before, long Now) _renamed;

    private bool _isUnwritable;

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
    public long Bytes => _bytesOfFile + _unwritten.Bytes;

    public long Count => _countOfFile + _unwritten.Count;

    /// <summary>Documents that were dropped since the file was begun.</summary>
    public long Dropped { get; private set; }

    public static PushBuffer Open(string folder, long mostBytes, ILogger log) => new(folder, mostBytes, log);

    /// <returns>How many of the oldest had to make room.</returns>
    /// <exception cref="ExportException">The file cannot even be begun anew.</exception>
    public int Add(byte[] body)
    {
        lock (_gate)
        {
            _unwritten.Add(GzipBytes.Pack(body));
            int dropped = Do(Write), shrunk = _unwritten.Shrink();
            Dropped += shrunk;
            _uncounted += shrunk;
            return dropped + shrunk;
        }
    }

    /// <summary>The oldest; null when none waits. One that is damaged is dropped, else nothing behind it would ever be sent.</summary>
    /// <exception cref="ExportException">It cannot be read.</exception>
    public WaitingDocument? Oldest() => Do(() =>
    {
        while ((First() ?? (_unwritten.TryPeek(out WaitingDocument? unwritten) ? unwritten : null)) is { } oldest)
        {
            try
            {
                GzipBytes.RequireWhole(oldest.Gzip);
                _shown = oldest.Id;
                return oldest;
            }
            catch (InvalidDataException damaged)
            {
                _log.LogError("{File}: a document is damaged and dropped: {Problem}", _file, damaged.Message);
                TakeOut(oldest.Id, wasTaken: false);
            }
        }

        return null;
    });

    /// <summary>The oldest was taken, or nobody will ever take it. A full disk does not keep it from being gone.</summary>
    /// <exception cref="ExportException">The file cannot even be begun anew.</exception>
    public void Remove(long id, bool wasTaken) => Do(() => TakeOut(id == _renamed.Before ? _renamed.Now : id, wasTaken));

    /// <summary>What could not be written so far is tried once more.</summary>
    public void Dispose()
    {
        lock (_gate)
        {
            try
            {
                if (_isUnwritable) Do(Write);
            }
            catch (ExportException)
            {
                // What waited was lost with the file, which has been said.
            }

            _connection.Dispose();
        }
    }

    [MemberNotNull(nameof(_connection))]
    private void Use(SqliteConnection connection, long mostBytes)
    {
        _connection = connection;
        (_goneUpTo, _renamed) = (0, default);
        try
        {
            _bytesOfFile = Scalar("SELECT coalesce(sum(length(body)), 0) FROM documents");
            _countOfFile = Scalar("SELECT count(*) FROM documents");
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
        Use(Database.OpenInMemory(), Math.Min(_mostBytesOfFile, UnwrittenDocuments.MostBytes));
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
        long dropped = Dropped + _countOfFile;
        _log.LogError("{File} is set aside and begun anew, with {Count} documents in it: {Problem}", _file, _countOfFile, damage.Message);
        _connection.Dispose();
        BeginAnew();
        (Dropped, _uncounted) = (dropped, 0);
        using SqliteTransaction transaction = _connection.BeginTransaction();
        Tally(dropped, transaction);
        transaction.Commit();
    }

    private WaitingDocument? First()
    {
        using SqliteCommand command = _connection.CreateCommand();
        command.CommandText = "SELECT id, body FROM documents WHERE id > $gone ORDER BY id LIMIT 1";
        command.Parameters.AddWithValue("$gone", _goneUpTo);
        using SqliteDataReader row = command.ExecuteReader();
        return row.Read() ? new WaitingDocument(row.GetInt64(0), row.GetFieldValue<byte[]>(1)) : null;
    }

    /// <summary>All that the file does not have yet, in one step; on a full disk nothing of it, which is no failure.</summary>
    /// <returns>How many of the oldest had to make room.</returns>
    private int Write()
    {
        try
        {
            using SqliteTransaction transaction = _connection.BeginTransaction();
            Execute("DELETE FROM documents WHERE id <= $id", transaction, ("$id", _goneUpTo));
            (long bytes, long count, int dropped, (long Before, long Now) renamed) = (Bytes, Count, 0, _renamed);
            foreach (WaitingDocument document in _unwritten.All)
            {
                Execute("INSERT INTO documents(body) VALUES ($body)", transaction, ("$body", document.Gzip));
                if (document.Id == _shown) renamed = (_shown, Scalar("SELECT last_insert_rowid()"));
            }

            while (bytes > _mostBytes && count > 1)
            {
                long oldest = Scalar("SELECT min(id) FROM documents");
                bytes -= Scalar($"SELECT length(body) FROM documents WHERE id = {oldest.ToString(CultureInfo.InvariantCulture)}");
                Execute("DELETE FROM documents WHERE id = $id", transaction, ("$id", oldest));
                count--;
                dropped++;
            }

            if (dropped + _uncounted > 0) Tally(dropped + _uncounted, transaction);
            transaction.Commit();
            _unwritten.Clear();
            (_bytesOfFile, _countOfFile, _renamed, _uncounted) = (bytes, count, renamed, 0);
            Dropped += dropped;
            if (_isUnwritable) _log.LogInformation("{File} can be written again", _file);
            _isUnwritable = false;
            return dropped;
        }
        catch (SqliteException full) when (!StateDatabase.IsDamage(full))
        {
            if (!_isUnwritable) _log.LogError("{File} cannot be written, so that what is new waits in memory: {Problem}", _file, PlainText.Clean(full.Message, 300));
            _isUnwritable = true;
            return 0;
        }
    }

    /// <returns>False when it is not there any more.</returns>
    private bool TakeOut(long id, bool wasTaken)
    {
        if (id < 0)
        {
            if (!_unwritten.Remove(id)) return false;
        }
        else
        {
            long length = Scalar($"SELECT coalesce(max(length(body)), -1) FROM documents WHERE id = {id.ToString(CultureInfo.InvariantCulture)}");
            if (length < 0 || id <= _goneUpTo) return false;
            (_goneUpTo, _bytesOfFile, _countOfFile) = (id, _bytesOfFile - length, _countOfFile - 1);
        }

        if (!wasTaken) (Dropped, _uncounted) = (Dropped + 1, _uncounted + 1);
        Write();
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
