using System.Text;

namespace GoTop.Engine.GoRuntime.Traces;

/// <summary>A trace that cannot be read on, with the place and the reason.</summary>
public sealed class TraceFormatException : Exception
{
    public TraceFormatException(string reason, long? offset = null, long? generation = null, int? batch = null, Exception? inner = null)
        : base(Describe(reason, offset, generation, batch), inner)
    {
        Reason = reason;
        Offset = offset;
        Generation = generation;
        Batch = batch;
    }

    public string Reason { get; }

    /// <summary>Byte of the stream, from 0.</summary>
    public long? Offset { get; }

    public long? Generation { get; }

    /// <summary>Batch of the generation, from 1.</summary>
    public int? Batch { get; }

    private static string Describe(string reason, long? offset, long? generation, int? batch)
    {
        StringBuilder place = new();
        if (offset is not null) place.Append("at byte ").Append(offset);
        if (generation is not null) place.Append(place.Length > 0 ? ", " : "").Append("generation ").Append(generation);
        if (batch is not null) place.Append(place.Length > 0 ? ", " : "").Append("batch ").Append(batch);
        return place.Length == 0 ? $"execution trace: {reason}" : $"execution trace: {reason} ({place})";
    }
}
