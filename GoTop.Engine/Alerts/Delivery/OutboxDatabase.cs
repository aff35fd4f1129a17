using System.Globalization;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary>
/// The file of an <see cref="Outbox"/>. When it cannot be written (the disk is full, the folder is not there) all of it goes on in memory,
/// and back to the file when that can be written again: alerts are told meanwhile, and a kill costs only what was new. Several tasks may
/// call at once.
/// </summary>
internal sealed class OutboxDatabase : IDisposable
{
    public const int LongestProblem = 300;

    /// <summary>A look at whether the file can be written again costs a few milliseconds.</summary>
    private static readonly TimeSpan BetweenTries = TimeSpan.FromSeconds(10);

    private readonly Lock _lock = new();
    private readonly string _file;
    private readonly ILogger _log;
    private readonly TimeProvider _time;
    private SqliteConnection _connection;

    /// <summary>When the file was last tried; null while it is in use.</summary>
    private long? _tried;

    /// <summary>Whether all that the file has is in memory as well.</summary>
    private bool _isRead;

    public OutboxDatabase(string file, ILogger log, TimeProvider time)
    {
        (_file, _log, _time) = (file, log, time);
        _connection = OpenOrBegin();
    }

    /// <summary>The queue has got what an agent before this one had left in the file; told while nobody reads or writes.</summary>
    public Action? Merged { get; init; }

    /// <param name="work">Called again when the file turns out to be damaged or full.</param>
    /// <param name="committed">Done while nobody else reads or writes.</param>
    /// <exception cref="OutboxException">Nothing of it is done.</exception>
    public T Do<T>(Func<SqliteConnection, T> work, Action? committed = null)
    {
        lock (_lock)
        {
            if (_tried is { } tried && _time.GetElapsedTime(tried) >= BetweenTries) TryFile();
            for (int left = 2; ; left--)
            {
                try
                {
                    using SqliteTransaction transaction = _connection.BeginTransaction();
                    T result = work(_connection);
                    transaction.Commit();
                    committed?.Invoke();
                    return result;
                }
                catch (SqliteException damaged) when (left > 0 && StateDatabase.IsDamage(damaged))
                {
                    _connection.Dispose();
                    SetAside(damaged.Message);
                    _connection = OpenOrBegin();
                }
                catch (SqliteException refused) when (left > 0 && _tried is null && GoOnInMemory(refused))
                {
                    // Once more, there.
                }
                catch (SqliteException refused)
                {
                    throw new OutboxException(PlainText.Clean($"{_file} cannot be used: {refused.Message}", LongestProblem), refused);
                }
            }
        }
    }

    public void Dispose()
    {
        lock (_lock)
        {
            if (_tried is not null) TryFile();
            _connection.Dispose();
        }
    }

    private SqliteConnection OpenOrBegin()
    {
        try
        {
            try
            {
                Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
                return OutboxFormat.Database.Open(_file);
            }
            catch (Exception damaged) when (StateDatabase.IsDamage(damaged))
            {
                SetAside(damaged.Message);
                return OutboxFormat.Database.Open(_file);
            }
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            SayInMemory(refused);
            (_tried, _isRead) = (_time.GetTimestamp(), false);
            return OutboxFormat.Database.OpenInMemory();
        }
    }

    /// <returns>False when the file cannot even be read.</returns>
    private bool GoOnInMemory(SqliteException why)
    {
        SqliteConnection memory = OutboxFormat.Database.OpenInMemory();
        try
        {
            _connection.BackupDatabase(memory);
        }
        catch (SqliteException)
        {
            memory.Dispose();
            return false;
        }

        SayInMemory(why);
        _connection.Dispose();
        (_connection, _tried, _isRead) = (memory, _time.GetTimestamp(), true);
        return true;
    }

    private void TryFile()
    {
        _tried = _time.GetTimestamp();
        SqliteConnection? file = null;
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_file)!);
            file = OutboxFormat.Database.Open(_file);
            OutboxFormat.Move(_connection, _file, merge: !_isRead);
        }
        catch (Exception refused) when (refused is SqliteException or IOException or UnauthorizedAccessException or InvalidDataException)
        {
            file?.Dispose();
            if (StateDatabase.IsDamage(refused)) SetAside(refused.Message);
            return;
        }

        _connection.Dispose();
        (_connection, _tried) = (file, null);
        _log.LogInformation("alerts are kept in {File} again", _file);
        if (!_isRead) Merged?.Invoke();
    }

    /// <summary>Kept for whoever wants to look into it.</summary>
    private void SetAside(string why)
    {
        string aside = string.Create(CultureInfo.InvariantCulture, $"{_file}.damaged-{_time.GetUtcNow():yyyyMMdd-HHmmssfff}");
        foreach (string suffix in (string[])["", "-wal", "-shm"])
        {
            if (File.Exists(_file + suffix)) File.Move(_file + suffix, aside + suffix, overwrite: true);
        }

        _log.LogError("the outbox of alerts was damaged ({Reason}); it is set aside as {File}, and a new one is begun: what waited in it is not told", PlainText.Clean(why, LongestProblem), aside);
    }

    private void SayInMemory(Exception why) => _log.LogError(
        "alerts are kept in memory alone, and what waits to be told is lost when the program ends: {File} cannot be written: {Reason}", _file, PlainText.Clean(why.Message, LongestProblem));
}
