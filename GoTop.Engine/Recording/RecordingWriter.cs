using System.Globalization;
using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Recording;

/// <summary>
/// Writes samples into a recording, one transaction each. A call takes milliseconds and waits for the disk now and then,
/// so keep it off the sampler's task. One thread at a time.
/// </summary>
public sealed class RecordingWriter : IDisposable
{
    private readonly SqliteConnection _connection;
    private readonly RecordingInfo _info;
    private readonly long? _maxBytes;
    private readonly SqliteCommand _insertSample;
    private readonly SqliteCommand _insertGoroutines;
    private readonly SqliteCommand _dropOldest;
    private readonly SqliteCommand _dropUnused;
    private readonly SqliteCommand _usedBytes;
    private readonly CapturesWriter _captures;
    private GoroutineTable? _lastTable;
    private long _lastTableTick;

    private RecordingWriter(string file, SqliteConnection connection, RecordingInfo info, long? maxBytes)
    {
        File = file;
        _connection = connection;
        _info = info;
        _maxBytes = maxBytes;
        _insertSample = Command("INSERT INTO samples VALUES ($tick, $time, $monotonic, $facts, $goroutines)", "$tick", "$time", "$monotonic", "$facts", "$goroutines");
        _insertGoroutines = Command("INSERT INTO goroutines VALUES ($tick, $columns)", "$tick", "$columns");
        _captures = new CapturesWriter(connection);
        _dropOldest = Command("DELETE FROM samples WHERE tick = (SELECT min(tick) FROM samples) AND tick < $newest", "$newest");
        _dropUnused = Command(
            "DELETE FROM goroutines WHERE tick <> $kept AND tick < coalesce((SELECT goroutines FROM samples WHERE goroutines IS NOT NULL ORDER BY tick LIMIT 1), $kept)", "$kept");
        _usedBytes = Command("SELECT (SELECT page_count FROM pragma_page_count) - (SELECT freelist_count FROM pragma_freelist_count), (SELECT page_size FROM pragma_page_size)");
    }

    public string File { get; }

    /// <summary>Ticks written so far, those dropped since included.</summary>
    public long Ticks { get; private set; }

    /// <summary>Begins a recording.</summary>
    /// <param name="maxBytes">The oldest ticks are dropped when the file would grow above this; null for no limit.</param>
    /// <exception cref="RecordingException">The file exists, or cannot be made.</exception>
    public static RecordingWriter Create(string file, RecordingInfo info, long? maxBytes = null)
    {
        if (System.IO.File.Exists(file)) throw new RecordingException(file, "the file exists already");
        SqliteConnection? connection = null;
        try
        {
            // No pool: it would keep the file open after Dispose.
            connection = new SqliteConnection(new SqliteConnectionStringBuilder { DataSource = RecordingFile.DataSource(file), Mode = SqliteOpenMode.ReadWriteCreate, Pooling = false }.ToString());
            connection.Open();
            CreateSchema(connection, info);
            return new RecordingWriter(file, connection, info, maxBytes);
        }
        catch (SqliteException e)
        {
            connection?.Dispose();
            throw new RecordingException(file, $"it cannot be made: {e.Message}", e);
        }
    }

    /// <summary>Adds a sample and gives its tick.</summary>
    /// <exception cref="RecordingException">It could not be written (the disk is full, …); the ticks before stand.</exception>
    public long Append(Sample sample)
    {
        long tick = Ticks + 1;
        try
        {
            byte[] facts = SampleCodec.EncodeFacts(sample, tick, _info.Target);
            GoroutineTable? table = sample.Facts.Goroutines.ValueOr(null);
            // A source that is read less often than the tick hands out the same table until it has a new one.
            bool isNew = table is not null && !ReferenceEquals(table, _lastTable);
            byte[]? columns = isNew ? SampleCodec.EncodeGoroutines(table!, tick) : null;
            using (SqliteTransaction transaction = _connection.BeginTransaction())
            {
                if (columns is not null) Run(_insertGoroutines, transaction, tick, columns);
                _captures.Write(sample.Facts, tick, transaction);
                Run(_insertSample, transaction, tick, RecordingFormat.Microseconds(sample.Time), sample.MonotonicNanoseconds, facts, table is null ? DBNull.Value : isNew ? tick : _lastTableTick);
                DropOldest(transaction, tick, isNew ? tick : _lastTableTick);
                transaction.Commit();
            }

            if (isNew) (_lastTable, _lastTableTick) = (table, tick);
            _captures.Written();
            return Ticks = tick;
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException)
        {
            throw new RecordingException(File, string.Create(CultureInfo.InvariantCulture, $"tick {tick} cannot be written: {e.Message}"), e);
        }
    }

    /// <summary>Closes the file so that it stands alone, without a write-ahead log beside it.</summary>
    public void Dispose()
    {
        _captures.Dispose();
        foreach (SqliteCommand command in (ReadOnlySpan<SqliteCommand>)[_insertSample, _insertGoroutines, _dropOldest, _dropUnused, _usedBytes]) command.Dispose();
        try
        {
            using SqliteCommand close = Command("PRAGMA journal_mode=DELETE");
            close.CommandTimeout = 1;
            close.ExecuteNonQuery();
        }
        catch (SqliteException)
        {
            // A reader has it open, or the disk is full: the log then stays beside the file, and both are read together.
        }

        _connection.Dispose();
    }

    private static void CreateSchema(SqliteConnection connection, RecordingInfo info)
    {
        // A tick takes some 3 KB: SQLite's usual page of 4 KB would hold one of them and be wasted for a quarter.
        Execute(connection, "PRAGMA page_size=16384");
        using (SqliteTransaction transaction = connection.BeginTransaction())
        {
            foreach (string statement in RecordingFormat.Schema) Execute(connection, statement, transaction);
            Execute(connection, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id={RecordingFormat.ApplicationId}; PRAGMA user_version={RecordingFormat.Version}"), transaction);
            using SqliteCommand insert = connection.CreateCommand();
            insert.CommandText = "INSERT INTO meta VALUES ('tool', $tool), ('target', $target), ('host', $host), ('started', $started)";
            insert.Transaction = transaction;
            insert.Parameters.AddWithValue("$tool", info.ToolVersion);
            insert.Parameters.AddWithValue("$target", SampleCodec.EncodeTarget(info.Target));
            insert.Parameters.AddWithValue("$host", info.Host);
            insert.Parameters.AddWithValue("$started", info.Started.ToString("O", CultureInfo.InvariantCulture));
            insert.ExecuteNonQuery();
            transaction.Commit();
        }

        // Only now: what a recording says of itself then stands in the file and not in the log beside it.
        Execute(connection, "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA wal_autocheckpoint=256");
    }

    /// <param name="kept">The tick of the newest goroutines: later samples may refer to them.</param>
    private void DropOldest(SqliteTransaction transaction, long newest, long kept)
    {
        if (_maxBytes is null) return;
        while (UsedBytes(transaction) > _maxBytes)
        {
            if (Run(_dropOldest, transaction, newest) == 0) return;
            Run(_dropUnused, transaction, kept);
            _captures.DropUnused(transaction);
        }
    }

    /// <summary>Pages that hold something; free ones are used again before the file grows.</summary>
    private long UsedBytes(SqliteTransaction transaction)
    {
        _usedBytes.Transaction = transaction;
        using SqliteDataReader row = _usedBytes.ExecuteReader();
        row.Read();
        return row.GetInt64(0) * row.GetInt64(1);
    }

    private SqliteCommand Command(string text, params ReadOnlySpan<string> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        foreach (string name in parameters) command.Parameters.Add(new SqliteParameter { ParameterName = name });
        return command;
    }

    private static int Run(SqliteCommand command, SqliteTransaction transaction, params ReadOnlySpan<object> values)
    {
        for (int i = 0; i < values.Length; i++) command.Parameters[i].Value = values[i];
        command.Transaction = transaction;
        return command.ExecuteNonQuery();
    }

    private static void Execute(SqliteConnection connection, string text, SqliteTransaction? transaction = null)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        command.Transaction = transaction;
        command.ExecuteNonQuery();
    }
}
