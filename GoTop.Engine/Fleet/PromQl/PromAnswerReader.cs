using System.Buffers.Text;
using System.Text;
using System.Text.Json;
using GoTop.Engine.Http;
using GoTop.Engine.Model;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>One series of an answer. Good only while it is handed over.</summary>
internal sealed class PromSeries
{
    private readonly string?[] _labels = new string?[PromLabels.Names.Length];

    /// <summary>Clean; null where the series does not have it.</summary>
    public string? this[PromLabel label]
    {
        get => _labels[(int)label];
        set => _labels[(int)label] = value;
    }

    /// <summary>An instant query gives one, a range query one for each step; seconds of Unix time.</summary>
    public List<(double Seconds, double Value)> Values { get; } = [];

    public double Value => Values.Count > 0 ? Values[^1].Value : double.NaN;

    public void Clear()
    {
        Array.Clear(_labels);
        Values.Clear();
    }
}

/// <summary>
/// Reads the answers of Prometheus' HTTP API (api/v1/query and query_range) from bytes: label values are kept once however
/// often they come, since each target's come with each of its figures.
/// </summary>
internal sealed class PromAnswerReader
{
    /// <summary>UTF-16 units. Of longer ones the beginning is kept, but a target is not known by a part of its name.</summary>
    public const int LongestLabel = 300;

    private const int MostTexts = 500_000, MostValues = 12_000;

    private readonly HashSet<string> _texts = new(StringComparer.Ordinal);
    private readonly HashSet<string>.AlternateLookup<ReadOnlySpan<char>> _known;
    private readonly PromSeries _series = new();

    public PromAnswerReader() => _known = _texts.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Series of the last answer that were not handed over: a label by which targets are told apart is too long.</summary>
    public int LeftOut { get; private set; }

    /// <summary>Hands over series by series.</summary>
    /// <returns>How many.</returns>
    /// <exception cref="HttpException">It is no such answer, or says that there was an error.</exception>
    public int Read(ReadOnlySpan<byte> json, Action<PromSeries> take)
    {
        if (_texts.Count > MostTexts) _texts.Clear();
        LeftOut = 0;
        int series = 0;
        string? error = null;
        bool isSuccess = false, hasResult = false;
        try
        {
            Utf8JsonReader reader = new(json);
            Expect(ref reader, JsonTokenType.StartObject);
            while (Next(ref reader) == JsonTokenType.PropertyName)
            {
                if (reader.ValueTextEquals("status"u8))
                {
                    Next(ref reader);
                    isSuccess = reader.TokenType == JsonTokenType.String && reader.ValueTextEquals("success"u8);
                }
                else if (reader.ValueTextEquals("error"u8))
                {
                    Next(ref reader);
                    error = reader.TokenType == JsonTokenType.String ? HttpException.Quote(reader.GetString()) : null;
                }
                else if (reader.ValueTextEquals("data"u8))
                {
                    hasResult |= ReadData(ref reader, take, ref series);
                }
                else
                {
                    Next(ref reader);
                    reader.Skip();
                }
            }
        }
        catch (Exception broken) when (broken is JsonException or InvalidOperationException or FormatException)
        {
            throw new HttpException(HttpFailure.BadAnswer, "the answer is no sound JSON of a query");
        }

        if (error is not null || !isSuccess) throw new HttpException(HttpFailure.BadAnswer, error is null ? "the answer does not say that it is one" : $"the engine says: {error}");
        if (!hasResult) throw new HttpException(HttpFailure.BadAnswer, "the answer has no result");
        return series;
    }

    private bool ReadData(ref Utf8JsonReader reader, Action<PromSeries> take, ref int series)
    {
        bool hasResult = false;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (!reader.ValueTextEquals("result"u8))
            {
                Next(ref reader);
                reader.Skip();
                continue;
            }

            hasResult = true;
            Expect(ref reader, JsonTokenType.StartArray);
            while (Next(ref reader) == JsonTokenType.StartObject)
            {
                if (!ReadSeries(ref reader))
                {
                    LeftOut++;
                    continue;
                }

                series++;
                take(_series);
            }
        }

        return hasResult;
    }

    /// <returns>Whether it is known of whom it is.</returns>
    private bool ReadSeries(ref Utf8JsonReader reader)
    {
        _series.Clear();
        bool isKnown = true;
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metric"u8))
            {
                isKnown = ReadLabels(ref reader);
            }
            else if (reader.ValueTextEquals("value"u8))
            {
                Expect(ref reader, JsonTokenType.StartArray);
                ReadValue(ref reader);
            }
            else if (reader.ValueTextEquals("values"u8))
            {
                Expect(ref reader, JsonTokenType.StartArray);
                while (Next(ref reader) == JsonTokenType.StartArray) ReadValue(ref reader);
            }
            else
            {
                // Native histograms, exemplars: what is asked for has none of use.
                Next(ref reader);
                reader.Skip();
            }
        }

        return isKnown;
    }

    private bool ReadLabels(ref Utf8JsonReader reader)
    {
        Span<char> text = stackalloc char[LongestLabel];
        bool isKnown = true;
        Expect(ref reader, JsonTokenType.StartObject);
        while (Next(ref reader) == JsonTokenType.PropertyName)
        {
            int label = reader.ValueIsEscaped ? -1 : PromLabels.Find(reader.ValueSpan);
            if (Next(ref reader) != JsonTokenType.String) throw new JsonException();
            if (label < 0 || reader.ValueSpan.Length == 0) continue;
            if (reader.ValueSpan.Length > LongestLabel)
            {
                // What one target says of itself must not cost the others their figures. There are hardly any, so a string does.
                string whole = reader.GetString()!;
                isKnown &= label >= PromLabels.OfIdentity || whole.Length <= LongestLabel;
                _series[(PromLabel)label] = Keep(whole);
                continue;
            }

            int length = reader.CopyString(text);
            _series[(PromLabel)label] = Keep(text[..length]);
        }

        return isKnown;
    }

    /// <summary>Inside its array: a time, and the value as text.</summary>
    private void ReadValue(ref Utf8JsonReader reader)
    {
        if (Next(ref reader) != JsonTokenType.Number) throw new JsonException();
        double seconds = reader.GetDouble();
        if (Next(ref reader) != JsonTokenType.String) throw new JsonException();
        double value = Number(reader.ValueSpan);
        if (Next(ref reader) != JsonTokenType.EndArray) throw new JsonException();
        if (_series.Values.Count == MostValues) throw new HttpException(HttpFailure.BadAnswer, $"a series has more than {MostValues} values");
        _series.Values.Add((seconds, value));
    }

    private string Keep(ReadOnlySpan<char> text)
    {
        if (_known.TryGetValue(text, out string? known)) return known;
        // What is not clean is looked up in vain each time; there is hardly any.
        string clean = PlainText.Clean(text, LongestLabel);
        if (_texts.TryGetValue(clean, out known)) return known;
        _texts.Add(clean);
        return clean;
    }

    private static double Number(ReadOnlySpan<byte> text)
    {
        if (Utf8Parser.TryParse(text, out double number, out int used) && used == text.Length) return number;
        return Ascii.EqualsIgnoreCase(text, "+Inf"u8) || Ascii.EqualsIgnoreCase(text, "Inf"u8) ? double.PositiveInfinity
            : Ascii.EqualsIgnoreCase(text, "-Inf"u8) ? double.NegativeInfinity
            : Ascii.EqualsIgnoreCase(text, "NaN"u8) ? double.NaN
            : throw new JsonException();
    }

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType type)
    {
        if (Next(ref reader) != type) throw new JsonException();
    }

    private static JsonTokenType Next(ref Utf8JsonReader reader) => reader.Read() ? reader.TokenType : throw new JsonException();
}
