using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Pprof;

/// <summary>
/// Reads <c>memstats</c> out of <c>/debug/vars</c> (expvar): one JSON object, keys in order of name, whose
/// <c>memstats</c> is runtime.MemStats under its Go field names. The service's own variables are passed over unread.
/// </summary>
public static class ExpvarParser
{
    private const int MaxDepth = 64;

    /// <summary>Go has 61 in BySize, and 68 size classes altogether.</summary>
    private const int MostSizeClasses = 256;

    /// <summary>
    /// Stops once memstats is read, since a service can publish a variable whose text is no JSON: one sorted after
    /// memstats then does no harm. One before it makes this fail, with the place.
    /// </summary>
    /// <param name="json">The whole page; the caller caps its size.</param>
    /// <param name="page">What it was read from, for reasons.</param>
    public static Reading<MemStats> Parse(ReadOnlySpan<byte> json, string page)
    {
        Utf8JsonReader reader = new(json, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject) return Reading.Failed<MemStats>($"{page} is not a JSON object");
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                bool wanted = reader.ValueTextEquals("memstats"u8);
                reader.Read();
                if (!wanted)
                {
                    reader.Skip();
                    continue;
                }

                if (reader.TokenType != JsonTokenType.StartObject) return Reading.Failed<MemStats>($"{page}: memstats is not an object");
                MemStats stats = ReadMemStats(ref reader, page);
                return stats.HasMainFigures ? Reading.Of(stats) : Reading.Failed<MemStats>($"{page}: memstats has no HeapAlloc and NumGC");
            }
        }
        catch (JsonException broken)
        {
            // The exception's own text repeats parts of the page.
            return Reading.Failed<MemStats>($"{page} is not JSON (line {broken.LineNumber + 1}, byte {broken.BytePositionInLine + 1})");
        }
        catch (InvalidOperationException)
        {
            // Escapes are decoded only where a name is compared.
            return Reading.Failed<MemStats>($"{page} is not JSON (byte {reader.TokenStartIndex + 1}: half of a surrogate pair)");
        }

        return Reading.NotSupported<MemStats>($"{page} has no memstats");
    }

    private static MemStats ReadMemStats(ref Utf8JsonReader reader, string page)
    {
        MemStats stats = new(page);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("PauseNs"u8))
            {
                reader.Read();
                stats.PauseRing = ReadRing(ref reader);
            }
            else if (reader.ValueTextEquals("PauseEnd"u8))
            {
                reader.Read();
                stats.PauseEndRing = ReadRing(ref reader);
            }
            else if (reader.ValueTextEquals("BySize"u8))
            {
                reader.Read();
                stats.BySize = ReadSizeClasses(ref reader);
            }
            else if (reader.ValueTextEquals("EnableGC"u8))
            {
                reader.Read();
                stats.EnableGc = ReadTruth(ref reader);
            }
            else if (reader.ValueTextEquals("DebugGC"u8))
            {
                reader.Read();
                stats.DebugGc = ReadTruth(ref reader);
            }
            else if (reader.ValueTextEquals("GCCPUFraction"u8))
            {
                reader.Read();
                if (reader.TokenType == JsonTokenType.Number && reader.TryGetDouble(out double fraction) && fraction is >= 0 and <= 1) stats.GcCpuFraction = fraction;
                reader.Skip();
            }
            else
            {
                // Go writes these names without escapes; one that has any is none of them.
                MemStat? figure = reader.ValueIsEscaped ? null : MemStats.Named(reader.ValueSpan);
                reader.Read();
                if (figure is { } wanted) stats[wanted] = ReadNumber(ref reader);
                reader.Skip();
            }
        }

        return stats;
    }

    private static bool? ReadTruth(ref Utf8JsonReader reader)
    {
        bool? truth = reader.TokenType switch { JsonTokenType.True => true, JsonTokenType.False => false, _ => null };
        reader.Skip();
        return truth;
    }

    private static ImmutableArray<SizeClass>? ReadSizeClasses(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        ImmutableArray<SizeClass>.Builder classes = ImmutableArray.CreateBuilder<SizeClass>();
        bool sound = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            SizeClass? read = ReadSizeClass(ref reader);
            sound &= read is not null && classes.Count < MostSizeClasses;
            if (sound) classes.Add(read!.Value);
        }

        return sound ? classes.DrainToImmutable() : null;
    }

    private static SizeClass? ReadSizeClass(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            reader.Skip();
            return null;
        }

        long? size = null, mallocs = null, frees = null;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            bool isSize = reader.ValueTextEquals("Size"u8), isMallocs = reader.ValueTextEquals("Mallocs"u8), isFrees = reader.ValueTextEquals("Frees"u8);
            reader.Read();
            long? number = ReadNumber(ref reader);
            if (isSize) size = number;
            else if (isMallocs) mallocs = number;
            else if (isFrees) frees = number;
            reader.Skip();
        }

        return size is { } bytes && mallocs is { } made && frees is { } freed ? new SizeClass(bytes, made, freed) : null;
    }

    private static long? ReadNumber(ref Utf8JsonReader reader) =>
        reader.TokenType == JsonTokenType.Number && reader.TryGetInt64(out long value) && value >= 0 ? value : null;

    private static ImmutableArray<long>? ReadRing(ref Utf8JsonReader reader)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            reader.Skip();
            return null;
        }

        ImmutableArray<long>.Builder ring = ImmutableArray.CreateBuilder<long>(MemStats.PauseRingLength);
        bool sound = true;
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            long? pause = ReadNumber(ref reader);
            sound &= pause is not null && ring.Count < MemStats.PauseRingLength;
            if (sound) ring.Add(pause!.Value);
            reader.Skip();
        }

        return sound && ring.Count == MemStats.PauseRingLength ? ring.MoveToImmutable() : null;
    }
}
