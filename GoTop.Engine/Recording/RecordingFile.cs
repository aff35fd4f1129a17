using System.Collections.Immutable;
using System.Globalization;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace GoTop.Engine.Recording;

/// <summary>Opens a recording for reading, once it is sure that it is one.</summary>
internal static class RecordingFile
{
    private const int CannotOpen = 14;
    private const int ReadOnlyError = 8;

    /// <exception cref="RecordingException">It is missing, not a recording, or too new.</exception>
    public static SqliteConnection Open(string file)
    {
        CheckHeader(file);
        try
        {
            return OpenAndCheck(file, DataSource(file));
        }
        catch (SqliteException e) when (e.SqliteErrorCode is CannotOpen or ReadOnlyError && !HasLog(file))
        {
            // A folder that cannot be written to has no room for SQLite's shared memory. Nobody writes there, so say so.
            return OpenImmutable(file);
        }
        catch (SqliteException e)
        {
            throw new RecordingException(file, Explain(e), e);
        }
    }

    /// <summary>The full path: SQLite would take a bare name for an address (<c>file:</c>) or for no file at all (<c>:memory:</c>).</summary>
    public static string DataSource(string file) => Path.GetFullPath(file);

    /// <summary>Reads a file that certainly nobody writes to, without a lock or shared memory beside it.</summary>
    internal static SqliteConnection OpenImmutable(string file)
    {
        try
        {
            return OpenAndCheck(file, $"{new Uri(Path.GetFullPath(file)).AbsoluteUri}?immutable=1");
        }
        catch (SqliteException e)
        {
            throw new RecordingException(file, Explain(e), e);
        }
    }

    private static SqliteConnection OpenAndCheck(string file, string dataSource)
    {
        SqliteConnection connection = new(new SqliteConnectionStringBuilder { DataSource = dataSource, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
        try
        {
            connection.Open();
            // A made-up file must neither run code of its own through the schema nor ask for gigabytes.
            raw.sqlite3_limit(connection.Handle, raw.SQLITE_LIMIT_LENGTH, CompressedBlock.MaxBytes + 1024);
            foreach (string pragma in (ReadOnlySpan<string>)["trusted_schema=OFF", "cell_size_check=ON", "query_only=ON"]) Scalar(connection, "PRAGMA " + pragma);
            CheckFormat(file, connection);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private static void CheckHeader(string file)
    {
        try
        {
            using FileStream stream = new(file, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            Span<byte> header = stackalloc byte[16];
            int length = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
            if (length == 0) throw new RecordingException(file, "it is empty: the recording ended before its first tick");
            if (!header.SequenceEqual("SQLite format 3\0"u8)) throw new RecordingException(file, "this is not a GoTop recording");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new RecordingException(file, e is FileNotFoundException or DirectoryNotFoundException ? "there is no such file" : $"it cannot be read: {e.Message}", e);
        }
    }

    private static void CheckFormat(string file, SqliteConnection connection)
    {
        if (Scalar(connection, "PRAGMA application_id") != RecordingFormat.ApplicationId) throw new RecordingException(file, "this is a database, but not a GoTop recording");
        long version = Scalar(connection, "PRAGMA user_version");
        if (version > RecordingFormat.Version)
            throw new RecordingException(file, string.Create(CultureInfo.InvariantCulture, $"it has format {version}, made by a newer GoTop; this one reads up to {RecordingFormat.Version}"));
        if (version < 1) throw new RecordingException(file, string.Create(CultureInfo.InvariantCulture, $"its format {version} is unknown"));

        HashSet<string> schema = new(StringComparer.Ordinal);
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT sql FROM sqlite_schema WHERE sql IS NOT NULL LIMIT 100";
        using SqliteDataReader rows = command.ExecuteReader();
        while (rows.Read()) schema.Add(rows.GetValue(0) as string ?? "");
        ImmutableArray<string> expected = RecordingFormat.SchemaOf(version);
        if (!expected.All(schema.Contains)) throw new RecordingException(file, "its tables are not those of a recording");
    }

    /// <summary>A write-ahead log or rollback journal with something in it lies beside the file.</summary>
    private static bool HasLog(string file) =>
        new FileInfo(file + "-wal") is { Exists: true, Length: > 0 } || new FileInfo(file + "-journal") is { Exists: true, Length: > 0 };

    private static string Explain(SqliteException e) => e.SqliteErrorCode switch
    {
        CannotOpen or ReadOnlyError => $"it was not closed, and opening it needs permission to write beside it: {e.Message}",
        _ => $"it is damaged: {e.Message}",
    };

    private static long Scalar(SqliteConnection connection, string text)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = text;
        return command.ExecuteScalar() as long? ?? 0;
    }
}
