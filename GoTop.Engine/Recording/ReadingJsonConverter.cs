using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using GoTop.Engine.Model;

namespace GoTop.Engine.Recording;

/// <summary>
/// A reading as a short array: <c>[state]</c>, <c>[state, reason]</c> without a value, <c>[state, reason, value]</c>
/// with one, where the state is <see cref="ReadingState"/>'s number. Register it for each T by itself: source
/// generation has no open generic converters.
/// </summary>
internal sealed class ReadingJsonConverter<T> : JsonConverter<Reading<T>>
{
    public override Reading<T> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        (ReadingState state, string? reason) = ReadingJson.ReadHead(ref reader);
        bool hasValue = state is ReadingState.Present or ReadingState.Stale;
        if (hasValue != (reader.TokenType != JsonTokenType.EndArray)) throw new JsonException($"A reading is {state} but {(hasValue ? "lacks a" : "has a")} value.");
        if (!hasValue) return Reading.From<T>(state, default!, reason);
        T value = JsonSerializer.Deserialize(ref reader, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T))) ?? throw new JsonException("A reading's value is null.");
        ReadingJson.ReadEnd(ref reader);
        return Reading.From(state, value, reason);
    }

    public override void Write(Utf8JsonWriter writer, Reading<T> value, JsonSerializerOptions options)
    {
        ReadingJson.WriteHead(writer, value.State, value.Reason, value.HasValue);
        if (value.HasValue) JsonSerializer.Serialize(writer, value.Value, (JsonTypeInfo<T>)options.GetTypeInfo(typeof(T)));
        writer.WriteEndArray();
    }
}

/// <summary>The part of a reading's form that does not depend on its type.</summary>
internal static class ReadingJson
{
    public static void WriteHead(Utf8JsonWriter writer, ReadingState state, string? reason, bool valueFollows)
    {
        writer.WriteStartArray();
        writer.WriteNumberValue((int)state);
        if (reason is not null) writer.WriteStringValue(reason);
        else if (valueFollows) writer.WriteNullValue();
    }

    /// <summary>Leaves the reader on the value's first token, or on the array's end.</summary>
    public static (ReadingState State, string? Reason) ReadHead(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray || !reader.Read()) throw new JsonException("A reading must be an array.");
        if (reader.TokenType != JsonTokenType.Number || !reader.TryGetByte(out byte number) || number > (byte)ReadingState.Failed) throw new JsonException("A reading's state is unknown.");
        reader.Read();
        if (reader.TokenType == JsonTokenType.EndArray) return ((ReadingState)number, null);
        string? reason = reader.TokenType is JsonTokenType.String or JsonTokenType.Null ? reader.GetString() : throw new JsonException("A reading's reason must be text.");
        reader.Read();
        return ((ReadingState)number, reason);
    }

    public static void ReadEnd(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType != JsonTokenType.EndArray) throw new JsonException("A reading has too many parts.");
    }
}

/// <summary>
/// The state and reason alone: the goroutines themselves lie in a table of their own, since they are large and often
/// the same for several ticks. Reading gives an empty table for <see cref="SampleCodec"/> to replace.
/// </summary>
internal sealed class GoroutinesApartConverter : JsonConverter<Reading<GoroutineTable>>
{
    private static readonly GoroutineTable Placeholder = new()
    {
        Rows = [],
        Locations = [],
        WaitReasons = [],
        Stacks = [],
        NowNanoseconds = 0,
        Torn = 0,
        SystemGoroutines = 0,
    };

    public override Reading<GoroutineTable> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        (ReadingState state, string? reason) = ReadingJson.ReadHead(ref reader);
        if (reader.TokenType != JsonTokenType.EndArray) throw new JsonException("A reading has too many parts.");
        return Reading.From(state, Placeholder, reason);
    }

    public override void Write(Utf8JsonWriter writer, Reading<GoroutineTable> value, JsonSerializerOptions options)
    {
        ReadingJson.WriteHead(writer, value.State, value.Reason, valueFollows: false);
        writer.WriteEndArray();
    }
}

/// <summary>
/// The length alone: a capture's bytes lie in a table of their own, each capture once. Reading gives none for
/// <see cref="SampleCodec"/> to replace.
/// </summary>
internal sealed class ContentApartConverter : JsonConverter<ImmutableArray<byte>>
{
    public override ImmutableArray<byte> Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        reader.TokenType == JsonTokenType.Number ? [] : throw new JsonException("A capture's content lies elsewhere.");

    public override void Write(Utf8JsonWriter writer, ImmutableArray<byte> value, JsonSerializerOptions options) => writer.WriteNumberValue(value.Length);
}
