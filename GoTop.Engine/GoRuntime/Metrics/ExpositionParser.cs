using System.Buffers.Text;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>
/// Reads Prometheus' text format 0.0.4 and 1.0.0 and OpenMetrics 1.0.0 as it arrives, in pieces of any size. As Prometheus
/// does, it takes a page as a whole or not at all: a line that is not of the format is an error with its place.
/// </summary>
public sealed class ExpositionParser(IExpositionReader reader)
{
    private readonly LabelRange[] _labels = new LabelRange[ExpositionLimits.LabelsOfSample];
    private byte[] _line = [];
    private int _lineLength;
    private byte[] _lastName = [];
    private int _lastNameLength;
    private int _wanted = -1;
    private bool _hasEnded;

    /// <summary>Lines read so far.</summary>
    public long Lines { get; private set; }

    public long Samples { get; private set; }

    /// <summary>What is wrong with the page and in which line; null as long as nothing is. Nothing is taken after it.</summary>
    public string? Error { get; private set; }

    /// <returns>False once there is an error.</returns>
    public bool Push(ReadOnlySpan<byte> text)
    {
        while (Error is null && !text.IsEmpty)
        {
            int end = text.IndexOf((byte)'\n');
            ReadOnlySpan<byte> part = end < 0 ? text : text[..end];
            if (_lineLength + part.Length > ExpositionLimits.LineBytes)
            {
                Lines++;
                Fail($"is longer than {ExpositionLimits.LineBytes / 1024} KB");
                break;
            }

            if (end < 0)
            {
                Keep(part);
                break;
            }

            if (_lineLength == 0)
            {
                TakeLine(part);
            }
            else
            {
                Keep(part);
                int length = _lineLength;
                _lineLength = 0;
                TakeLine(_line.AsSpan(0, length));
            }

            text = text[(end + 1)..];
        }

        return Error is null;
    }

    /// <summary>The page has ended.</summary>
    /// <returns>Null, or what is wrong with it.</returns>
    public string? Finish()
    {
        // Both formats end each line; without it the last value may be cut.
        if (Error is null && _lineLength > 0)
        {
            Lines++;
            Fail("has no line end: the page is cut off");
        }

        return Error;
    }

    private void Keep(ReadOnlySpan<byte> part)
    {
        if (_line.Length < _lineLength + part.Length) Array.Resize(ref _line, Math.Max(1024, (_lineLength + part.Length) * 2));
        part.CopyTo(_line.AsSpan(_lineLength));
        _lineLength += part.Length;
    }

    private void TakeLine(ReadOnlySpan<byte> line)
    {
        Lines++;
        if (line is [.., (byte)'\r']) line = line[..^1];
        line = line.Trim(" \t"u8);
        if (line.IsEmpty) return;
        if (_hasEnded) Fail("stands behind # EOF");
        else if (line[0] == (byte)'#') TakeComment(line[1..]);
        else TakeSample(line);
    }

    private void TakeComment(ReadOnlySpan<byte> comment)
    {
        comment = comment.TrimStart(" \t"u8);
        if (comment.SequenceEqual("EOF"u8))
        {
            _hasEnded = true;
            return;
        }

        if (!comment.StartsWith("TYPE "u8) && !comment.StartsWith("TYPE\t"u8)) return;
        ReadOnlySpan<byte> rest = comment["TYPE "u8.Length..].TrimStart(" \t"u8);
        ReadOnlySpan<byte> family;
        if (rest is [(byte)'"', ..])
        {
            int end = QuotedLength(rest);
            if (end < 0)
            {
                Fail("has a name without its closing quotation mark");
                return;
            }

            family = rest[1..(end - 1)];
            rest = rest[end..];
        }
        else
        {
            int blank = rest.IndexOfAny((byte)' ', (byte)'\t');
            if (blank < 0) blank = rest.Length;
            family = rest[..blank];
            rest = rest[blank..];
        }

        ReadOnlySpan<byte> type = rest.Trim(" \t"u8);
        if (family.IsEmpty || type.IsEmpty) Fail("is no complete # TYPE");
        else reader.TakeType(family, type);
    }

    private void TakeSample(ReadOnlySpan<byte> line)
    {
        if (Samples == ExpositionLimits.Samples)
        {
            Fail($"is beyond the {ExpositionLimits.Samples} samples that are read");
            return;
        }

        int at = NameLength(line, isLabel: false);
        ReadOnlySpan<byte> name = line[..at];
        SkipBlanks(line, ref at);
        int labels = 0;
        if (at < line.Length && line[at] == (byte)'{')
        {
            labels = ReadLabels(line, ref at, ref name);
            if (labels < 0) return;
        }
        else if (at == 0)
        {
            Fail($"begins with no metric's name: {Quote(line)}");
            return;
        }

        if (name.IsEmpty)
        {
            Fail("names no metric");
            return;
        }

        SkipBlanks(line, ref at);
        if (!TryReadValue(line[at..], out double value))
        {
            Fail($"has no number for {Quote(name)}");
            return;
        }

        Samples++;
        if (!name.SequenceEqual(_lastName.AsSpan(0, _lastNameLength)))
        {
            _wanted = reader.Wants(name);
            if (_lastName.Length < name.Length) _lastName = new byte[Math.Max(128, name.Length)];
            name.CopyTo(_lastName);
            _lastNameLength = name.Length;
        }

        if (_wanted >= 0) reader.Take(_wanted, new MetricSample(line, name, _labels.AsSpan(0, labels), value));
    }

    /// <summary>From the brace to behind the closing one.</summary>
    /// <returns>How many; −1 after an error.</returns>
    private int ReadLabels(ReadOnlySpan<byte> line, ref int at, ref ReadOnlySpan<byte> name)
    {
        at++;
        int count = 0;
        while (true)
        {
            SkipBlanks(line, ref at);
            if (at >= line.Length) return Failed("ends inside its labels");
            if (line[at] == (byte)'}')
            {
                at++;
                return count;
            }

            bool isQuoted = line[at] == (byte)'"';
            int start = at, length;
            if (isQuoted)
            {
                int end = QuotedLength(line[at..]);
                if (end < 0) return Failed("has a name without its closing quotation mark");
                start++;
                length = end - 2;
                at += end;
            }
            else
            {
                length = NameLength(line[at..], isLabel: true);
                if (length == 0) return Failed("has a label without a name");
                at += length;
            }

            SkipBlanks(line, ref at);
            if (at < line.Length && line[at] == (byte)'=')
            {
                at++;
                SkipBlanks(line, ref at);
                int end = at < line.Length && line[at] == (byte)'"' ? QuotedLength(line[at..]) : -1;
                if (end < 0) return Failed($"has no value in quotation marks for the label {Quote(line.Slice(start, length))}");
                if (count == _labels.Length) return Failed($"has more than {_labels.Length} labels");
                _labels[count++] = new LabelRange(start, length, at + 1, end - 2);
                at += end;
            }
            else if (isQuoted && name.IsEmpty)
            {
                // {"a.name", label="value"}: names of any characters stand inside of the braces.
                name = line.Slice(start, length);
            }
            else
            {
                return Failed($"has no value for the label {Quote(line.Slice(start, length))}");
            }

            SkipBlanks(line, ref at);
            if (at < line.Length && line[at] == (byte)',') at++;
            else if (at >= line.Length || line[at] != (byte)'}') return Failed("has neither a comma nor a brace behind a label");
        }
    }

    /// <summary>A value, then perhaps a time, then perhaps an exemplar behind <c> # </c>.</summary>
    private static bool TryReadValue(ReadOnlySpan<byte> text, out double value)
    {
        int end = text.IndexOfAny((byte)' ', (byte)'\t');
        if (!TryReadNumber(end < 0 ? text : text[..end], out value)) return false;
        if (end < 0) return true;
        text = text[end..].TrimStart(" \t"u8);
        if (text.IsEmpty || text[0] == (byte)'#') return true;
        end = text.IndexOfAny((byte)' ', (byte)'\t');
        if (!TryReadNumber(end < 0 ? text : text[..end], out _)) return false;
        text = end < 0 ? default : text[end..].TrimStart(" \t"u8);
        return text.IsEmpty || text[0] == (byte)'#';
    }

    private static bool TryReadNumber(ReadOnlySpan<byte> text, out double number)
    {
        if (Utf8Parser.TryParse(text, out number, out int used) && used == text.Length) return true;
        ReadOnlySpan<byte> unsigned = text is [(byte)'+' or (byte)'-', ..] ? text[1..] : text;
        number = text is [(byte)'-', ..] ? double.NegativeInfinity : double.PositiveInfinity;
        if (Ascii.EqualsIgnoreCase(unsigned, "Inf"u8) || Ascii.EqualsIgnoreCase(unsigned, "Infinity"u8)) return true;
        number = double.NaN;
        return Ascii.EqualsIgnoreCase(text, "NaN"u8);
    }

    private static int NameLength(ReadOnlySpan<byte> text, bool isLabel)
    {
        int length = 0;
        while (length < text.Length && (char.IsAsciiLetter((char)text[length]) || text[length] == (byte)'_' || (text[length] == (byte)':' && !isLabel) || (length > 0 && char.IsAsciiDigit((char)text[length])))) length++;
        return length;
    }

    /// <summary>With both marks; −1 when it does not end.</summary>
    private static int QuotedLength(ReadOnlySpan<byte> text)
    {
        int at = 1;
        while (true)
        {
            int special = text[at..].IndexOfAny((byte)'"', (byte)'\\');
            if (special < 0) return -1;
            at += special;
            if (text[at] == (byte)'"') return at + 1;
            at += 2;
            if (at > text.Length) return -1;
        }
    }

    private static void SkipBlanks(ReadOnlySpan<byte> text, ref int at)
    {
        while (at < text.Length && text[at] is (byte)' ' or (byte)'\t') at++;
    }

    private int Failed(string what)
    {
        Fail(what);
        return -1;
    }

    private void Fail(string what) => Error ??= string.Create(CultureInfo.InvariantCulture, $"line {Lines} {what}");

    private static string Quote(ReadOnlySpan<byte> text) => $"\"{PlainText.Clean(Encoding.UTF8.GetString(text[..Math.Min(text.Length, 200)]), 60)}\"";
}
