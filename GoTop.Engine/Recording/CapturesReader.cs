using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Recording;

/// <summary>Reads captures. Ticks that share one get the same one, so that it is made sense of once.</summary>
internal sealed class CapturesReader(SqliteConnection connection)
{
    private readonly Dictionary<ProfileKind, ProfileCapture> _lastProfiles = [];
    private TraceBurst? _lastTrace;

    /// <exception cref="InvalidDataException">It is missing or damaged.</exception>
    public ProfileCapture Read(ProfileCapture named)
    {
        if (_lastProfiles.TryGetValue(named.Kind, out ProfileCapture? last) && last.ReadAtNanoseconds == named.ReadAtNanoseconds) return last;
        return _lastProfiles[named.Kind] = Read(
            (int)named.Kind, named.ReadAtNanoseconds, $"its {named.Kind} profile", (block, tick) => named with { Content = SampleCodec.DecodeCapture(block, tick) });
    }

    /// <inheritdoc cref="Read(ProfileCapture)"/>
    public TraceBurst Read(TraceBurst named)
    {
        if (_lastTrace is { } last && last.ReadAtNanoseconds == named.ReadAtNanoseconds) return last;
        return _lastTrace = Read(
            RecordingFormat.TraceKind, named.ReadAtNanoseconds, "its trace", (block, tick) => named with { Report = TraceReportCodec.Decode(block, tick) });
    }

    private T Read<T>(int kind, long readAt, string what, Func<byte[], long, T> decode)
    {
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = "SELECT content, tick FROM captures WHERE kind = $kind AND read_at_ns = $at";
        command.Parameters.AddWithValue("$kind", kind);
        command.Parameters.AddWithValue("$at", readAt);
        using SqliteDataReader row = command.ExecuteReader();
        if (!row.Read()) throw new InvalidDataException($"{what} is missing");
        try
        {
            // SQLite gives any type in any column.
            return row.GetValue(0) is byte[] block && row.GetValue(1) is long tick ? decode(block, tick) : throw new InvalidDataException("its bytes are missing");
        }
        catch (InvalidDataException e)
        {
            throw new InvalidDataException($"in {what} {e.Message}", e);
        }
    }
}
