using System.Globalization;
using System.Text;
using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Recording;

/// <summary>One tick of a recording: its sample, or what is wrong with it.</summary>
public sealed record RecordedTick(long Tick, Sample? Sample, string? Damage);

/// <summary>
/// Reads a recording, also one that is still being written or whose writer was killed. The file may come from anybody:
/// everything in it is checked and limited. Damage in one tick leaves the others readable. One thread at a time.
/// </summary>
public sealed class RecordingReader : IDisposable
{
    private readonly SqliteConnection _connection;
    private long[] _ticks = [];
    private readonly CapturesReader _captures;
    private (long Tick, GoroutineTable Table)? _lastTable;

    private RecordingReader(string file, SqliteConnection connection)
    {
        File = file;
        _connection = connection;
        _captures = new CapturesReader(connection);
        Info = Guard("what it says of itself is damaged", ReadInfo);
        Refresh();
    }

    public string File { get; }

    public RecordingInfo Info { get; }

    /// <summary>Samples in the file; the index of <see cref="Read"/> counts up to it.</summary>
    public int Count => _ticks.Length;

    /// <exception cref="RecordingException">It is missing, not a recording, too new, or damaged as a whole.</exception>
    public static RecordingReader Open(string file)
    {
        SqliteConnection connection = RecordingFile.Open(file);
        try
        {
            return new RecordingReader(file, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Takes notice of what has been written or dropped since.</summary>
    public void Refresh() => _ticks = Guard("its list of ticks is damaged", () =>
    {
        using SqliteCommand command = Command("SELECT tick FROM samples ORDER BY tick");
        using SqliteDataReader rows = command.ExecuteReader();
        List<long> ticks = [];
        while (rows.Read()) ticks.Add(rows.GetInt64(0));
        return ticks.ToArray();
    });

    /// <summary>The tick of a sample; ticks count from 1, and the oldest may have been dropped.</summary>
    public long TickAt(int index) => _ticks[index];

    /// <summary>The last sample at or before a time; 0 when all are later, −1 when there are none.</summary>
    public int IndexAt(DateTimeOffset time)
    {
        long? tick = Guard("its index of times is damaged", () =>
        {
            using SqliteCommand command = Command("SELECT tick FROM samples WHERE time_us <= $time ORDER BY time_us DESC, tick DESC LIMIT 1", ("$time", RecordingFormat.Microseconds(time)));
            return command.ExecuteScalar() as long?;
        });
        if (tick is null) return Count == 0 ? -1 : 0;
        int index = Array.BinarySearch(_ticks, tick.Value);
        return index >= 0 ? index : Count - 1;
    }

    /// <exception cref="RecordingException">This tick is damaged; others may be well.</exception>
    public Sample Read(int index)
    {
        long tick = _ticks[index];
        return Guard(string.Create(CultureInfo.InvariantCulture, $"tick {tick} is damaged"), () => ReadTick(tick));
    }

    /// <summary>All ticks in order, the damaged ones too.</summary>
    public IEnumerable<RecordedTick> ReadAll()
    {
        for (int i = 0; i < Count; i++)
        {
            RecordedTick read;
            try
            {
                read = new RecordedTick(_ticks[i], Read(i), null);
            }
            catch (RecordingException e)
            {
                read = new RecordedTick(_ticks[i], null, e.Message);
            }

            yield return read;
        }
    }

    public void Dispose() => _connection.Dispose();

    private Sample ReadTick(long tick)
    {
        byte[] facts;
        long? goroutines;
        using (SqliteCommand command = Command("SELECT facts, goroutines FROM samples WHERE tick = $tick", ("$tick", tick)))
        using (SqliteDataReader row = command.ExecuteReader())
        {
            if (!row.Read()) throw new InvalidDataException("it is no longer in the file");
            facts = Blob(row, 0);
            goroutines = row.IsDBNull(1) ? null : Whole(row, 1);
        }

        return SampleCodec.DecodeFacts(facts, tick, Info.Target, () => ReadGoroutines(goroutines ?? throw new InvalidDataException("its goroutines are missing")), _captures.Read, _captures.Read);
    }

    /// <summary>Ticks that share a table get the same one, as they did when they were recorded.</summary>
    private GoroutineTable ReadGoroutines(long tick)
    {
        if (_lastTable is { } last && last.Tick == tick) return last.Table;
        using SqliteCommand command = Command("SELECT columns FROM goroutines WHERE tick = $tick", ("$tick", tick));
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read()) throw new InvalidDataException("its goroutines are missing");
        GoroutineTable table;
        try
        {
            table = SampleCodec.DecodeGoroutines(Blob(row, 0), tick);
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"among its goroutines {e.Message}", e);
        }

        _lastTable = (tick, table);
        return table;
    }

    private RecordingInfo ReadInfo()
    {
        Dictionary<string, string> meta = new(StringComparer.Ordinal);
        using (SqliteCommand command = Command("SELECT key, value FROM meta LIMIT 100"))
        using (SqliteDataReader rows = command.ExecuteReader())
        {
            while (rows.Read()) meta[rows.GetString(0)] = rows.GetString(1);
        }

        string Value(string key) => meta.TryGetValue(key, out string? value) ? value : throw new InvalidDataException($"\"{key}\" is missing");
        if (!DateTimeOffset.TryParseExact(Value("started"), "O", CultureInfo.InvariantCulture, DateTimeStyles.None, out DateTimeOffset started)) throw new InvalidDataException("\"started\" is not a time");
        return new RecordingInfo(Value("tool"), SampleCodec.DecodeTarget(Value("target")), Value("host"), started);
    }

    // SQLite gives any type in any column; a hostile file must not surprise us with another.
    private static byte[] Blob(SqliteDataReader row, int column) => row.GetValue(column) as byte[] ?? throw new InvalidDataException("its bytes are missing");

    private static long Whole(SqliteDataReader row, int column) => row.GetValue(column) as long? ?? throw new InvalidDataException("its goroutines are missing");

    private SqliteCommand Command(string text, params ReadOnlySpan<(string Name, object Value)> parameters)
    {
        SqliteCommand command = _connection.CreateCommand();
        command.CommandText = text;
        foreach ((string name, object value) in parameters) command.Parameters.AddWithValue(name, value);
        return command;
    }

    private T Guard<T>(string problem, Func<T> read)
    {
        try
        {
            return read();
        }
        catch (Exception e) when (e is SqliteException or InvalidDataException or InvalidCastException or FormatException or DecoderFallbackException)
        {
            throw new RecordingException(File, $"{problem}: {e.Message}", e);
        }
    }
}
