using GoTop.Engine.Model;
using Microsoft.Data.Sqlite;

namespace GoTop.Engine.Recording;

/// <summary>Writes the captures of samples: each once, in the tick that first names it.</summary>
internal sealed class CapturesWriter : IDisposable
{
    private readonly SqliteCommand _insert;
    private readonly SqliteCommand _dropUnused;
    private readonly Dictionary<int, long> _written = [];
    private readonly Dictionary<int, long> _pending = [];

    public CapturesWriter(SqliteConnection connection)
    {
        _insert = connection.CreateCommand();
        _insert.CommandText = "INSERT INTO captures VALUES ($kind, $at, $tick, $content)";
        foreach (string name in (ReadOnlySpan<string>)["$kind", "$at", "$tick", "$content"]) _insert.Parameters.Add(new SqliteParameter { ParameterName = name });
        // One is named from its tick until the next of its kind is.
        _dropUnused = connection.CreateCommand();
        _dropUnused.CommandText =
            "DELETE FROM captures WHERE EXISTS (SELECT 1 FROM captures AS later WHERE later.kind = captures.kind AND later.tick > captures.tick AND later.tick <= (SELECT min(tick) FROM samples))";
    }

    /// <summary>Call <see cref="Written"/> when the transaction has been committed.</summary>
    public void Write(SampleFacts facts, long tick, SqliteTransaction transaction)
    {
        _pending.Clear();
        foreach (ProfileKind kind in ProfileCaptures.Kinds)
        {
            if (facts.ProfileCaptures[kind].TryGet(out ProfileCapture? capture) && IsNew((int)kind, capture.ReadAtNanoseconds))
                Insert((int)kind, capture.ReadAtNanoseconds, tick, SampleCodec.EncodeCapture(capture, tick), transaction);
        }

        if (facts.Trace.TryGet(out TraceBurst? trace) && IsNew(RecordingFormat.TraceKind, trace.ReadAtNanoseconds))
            Insert(RecordingFormat.TraceKind, trace.ReadAtNanoseconds, tick, TraceReportCodec.Encode(trace.Report, tick), transaction);
    }

    public void Written()
    {
        foreach ((int kind, long at) in _pending) _written[kind] = at;
        _pending.Clear();
    }

    public void DropUnused(SqliteTransaction transaction)
    {
        _dropUnused.Transaction = transaction;
        _dropUnused.ExecuteNonQuery();
    }

    public void Dispose()
    {
        _insert.Dispose();
        _dropUnused.Dispose();
    }

    private bool IsNew(int kind, long readAt) => !_written.TryGetValue(kind, out long last) || last != readAt;

    private void Insert(int kind, long readAt, long tick, byte[] content, SqliteTransaction transaction)
    {
        _insert.Transaction = transaction;
        ReadOnlySpan<object> values = [kind, readAt, tick, content];
        for (int i = 0; i < values.Length; i++) _insert.Parameters[i].Value = values[i];
        _insert.ExecuteNonQuery();
        _pending[kind] = readAt;
    }
}
