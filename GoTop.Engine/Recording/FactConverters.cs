using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>A set of cores as the first and last core of each run: <c>[0,3,8,8]</c> is 0–3 and 8.</summary>
internal sealed class CoreSetJsonConverter : JsonConverter<CoreSet>
{
    public override CoreSet Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A set of cores must be an array.");
        List<int> cores = [];
        int next = 0;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (!reader.TryGetInt32(out int first) || !reader.Read() || !reader.TryGetInt32(out int last)) throw new JsonException("A set of cores must hold pairs of numbers.");
            // Ascending runs below the largest core there can be: a hostile file cannot make this long.
            if (first < next || last < first || last > ushort.MaxValue) throw new JsonException("A set of cores is out of order.");
            for (int core = first; core <= last; core++) cores.Add(core);
            next = last + 1;
        }

        return CoreSet.Of(cores);
    }

    public override void Write(Utf8JsonWriter writer, CoreSet value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        ImmutableArray<int> cores = value.Cores;
        for (int i = 0; i < cores.Length;)
        {
            int j = i;
            while (j + 1 < cores.Length && cores[j + 1] == cores[j] + 1) j++;
            writer.WriteNumberValue(cores[i]);
            writer.WriteNumberValue(cores[j]);
            i = j + 1;
        }

        writer.WriteEndArray();
    }
}

/// <summary>
/// A histogram as <c>[[differences of the bounds], [counts]]</c>. Go's bounds never change, so that the differences
/// compress to next to nothing.
/// </summary>
internal sealed class TimeHistogramJsonConverter : JsonConverter<TimeHistogram>
{
    public override TimeHistogram Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A histogram must be an array.");
        ImmutableArray<long> steps = ReadNumbers(ref reader), counts = ReadNumbers(ref reader);
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw new JsonException("A histogram must have two parts.");
        if (steps.Length != counts.Length) throw new JsonException("A histogram's bounds and counts differ in number.");
        long[] bounds = new long[steps.Length];
        long bound = 0;
        for (int i = 0; i < bounds.Length; i++) bounds[i] = bound = unchecked(bound + steps[i]);
        return new TimeHistogram([.. bounds], counts);
    }

    public override void Write(Utf8JsonWriter writer, TimeHistogram value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        writer.WriteStartArray();
        long previous = 0;
        foreach (long bound in value.LowerBoundsNanoseconds)
        {
            writer.WriteNumberValue(unchecked(bound - previous));
            previous = bound;
        }

        writer.WriteEndArray();
        writer.WriteStartArray();
        foreach (long count in value.Counts) writer.WriteNumberValue(count);
        writer.WriteEndArray();
        writer.WriteEndArray();
    }

    private static ImmutableArray<long> ReadNumbers(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartArray) throw new JsonException("A histogram's part must be an array.");
        ImmutableArray<long>.Builder numbers = ImmutableArray.CreateBuilder<long>();
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray) numbers.Add(reader.GetInt64());
        return numbers.ToImmutable();
    }
}
