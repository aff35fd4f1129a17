using System.Buffers.Text;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Profiles;

/// <summary>
/// Reads the profiles that Go serves as text with <c>?debug=1</c> and that count: block and mutex (runtime/pprof
/// <c>writeProfileInternal</c>), threadcreate and a program's own (<c>printCountProfile</c>). Goroutines are read as a dump.
/// </summary>
/// <remarks>
/// A block or mutex profile has cycles; they become nanoseconds, as <c>go tool pprof</c> does it. Up to Go 1.20 a mutex
/// profile's text holds what was sampled, one contention in so many; newer ones hold it multiplied. The text does not tell
/// which, but multiplied counts are all multiples of the sampling period.
/// </remarks>
public static class ProfileTextReader
{
    private const string CountHeading = " profile: total ";

    /// <summary>Whether a text begins as one of these profiles does.</summary>
    public static bool Recognizes(ReadOnlySpan<byte> start)
    {
        int end = start.IndexOf((byte)'\n');
        return TryReadHeading(end < 0 ? start : start[..end].TrimEnd((byte)'\r'), out _);
    }

    /// <exception cref="ProfileException">It is none of these, or damaged. The message names the line.</exception>
    /// <exception cref="IOException">Of the stream.</exception>
    public static Profile Read(Stream text, ProfileLimits? limits = null, CancellationToken cancellation = default)
    {
        LineBuffer lines = new(text, cancellation);
        if (!lines.TryRead(out ReadOnlySpan<byte> heading, out _) || !TryReadHeading(heading, out string? name)) throw At(1, "is no heading of a profile's text");
        Parser parser = new(name, limits ?? ProfileLimits.Default);
        for (long number = 2; lines.TryRead(out ReadOnlySpan<byte> line, out bool cut); number++)
        {
            if (cut) throw At(number, $"is longer than {DumpLimits.LineBytes / 1024} KiB");
            if (lines.EndsInsideLine) throw At(number, "has no line end: the text is cut off");
            if (parser.Take(line) is { } problem) throw At(number, problem);
        }

        return parser.Finish();
    }

    private static ProfileException At(long line, string problem) => new(string.Create(CultureInfo.InvariantCulture, $"line {line} {problem}"));

    /// <param name="name">Of the profile: <c>contention</c> for a block profile, as its text has it.</param>
    private static bool TryReadHeading(ReadOnlySpan<byte> line, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out string? name)
    {
        name = line.SequenceEqual("--- contention:"u8) ? "contention" : line.SequenceEqual("--- mutex:"u8) ? "mutex" : null;
        if (name is not null) return true;
        if (line.Length > 200) return false;
        // A program's own profiles may be named anything, a blank within included.
        string text = Encoding.UTF8.GetString(line);
        int at = text.LastIndexOf(CountHeading, StringComparison.Ordinal);
        if (at <= 0 || text.AsSpan(0, at) is "goroutine" or "goroutineleak") return false;
        if (!long.TryParse(text.AsSpan(at + CountHeading.Length), NumberStyles.None, CultureInfo.InvariantCulture, out _)) return false;
        name = PlainText.Clean(text.Remove(at), 100);
        return true;
    }

    private sealed class Parser
    {
        private readonly bool _isContention;
        private readonly ProfileLimits _limits;
        private readonly ProfileBuilder _builder;
        private readonly List<(ImmutableArray<ProfileFrame> Stack, long Count, long Cycles)> _samples = [];
        private readonly List<ProfileFrame> _stack = [];
        private readonly Dictionary<string, string> _texts = new(StringComparer.Ordinal);
        private long _cyclesPerSecond;
        private long _period;
        private long _count;
        private long _cycles;
        private long _frames;
        private bool _inSample;

        public Parser(string name, ProfileLimits limits)
        {
            _limits = limits;
            _isContention = name is "contention" or "mutex";
            _builder = _isContention
                ? new ProfileBuilder(new ProfileValueType("contentions", "count"), new ProfileValueType("delay", "nanoseconds")) { PeriodType = new ProfileValueType("contentions", "count"), Period = 1 }
                : new ProfileBuilder(new ProfileValueType(name, "count")) { PeriodType = new ProfileValueType(name, "count"), Period = 1 };
        }

        /// <returns>What is wrong with the line.</returns>
        public string? Take(ReadOnlySpan<byte> line)
        {
            if (line.IsEmpty)
            {
                EndSample();
                return null;
            }

            if (line[0] == (byte)'#') return TakeFrame(line);
            if (_isContention && !_inSample && _samples.Count == 0)
            {
                if (TakeFigure(line, "cycles/second="u8, ref _cyclesPerSecond) || TakeFigure(line, "sampling period="u8, ref _period)) return null;
            }

            EndSample();
            return TakeSample(line);
        }

        public Profile Finish()
        {
            EndSample();
            if (_isContention && _samples.Count > 0 && _cyclesPerSecond <= 0) throw new ProfileException("there is no line cycles/second=N before the first stack, so that cycles cannot be turned into time");
            bool isMultiplied = _samples.TrueForAll(sample => _period <= 1 || sample.Count % _period == 0);
            long factor = isMultiplied ? 1 : _period;
            foreach ((ImmutableArray<ProfileFrame> stack, long count, long cycles) in _samples)
            {
                if (_isContention) _builder.AddSample(stack.AsSpan(), [count * factor, (long)Math.Min(long.MaxValue / 2, cycles * (double)factor / _cyclesPerSecond * 1e9)]);
                else _builder.AddSample(stack.AsSpan(), [count]);
            }

            return _builder.Build();
        }

        private static bool TakeFigure(ReadOnlySpan<byte> line, ReadOnlySpan<byte> name, ref long figure) =>
            line.StartsWith(name) && Utf8Parser.TryParse(line[name.Length..], out figure, out int used) && used == line.Length - name.Length;

        /// <summary><c>CYCLES COUNT @ 0x…</c>, or <c>COUNT @ 0x…</c>.</summary>
        private string? TakeSample(ReadOnlySpan<byte> line)
        {
            int at = line.IndexOf(" @"u8);
            if (at < 0) return "is neither a stack nor a frame";
            ReadOnlySpan<byte> numbers = line[..at];
            if (_isContention)
            {
                if (!TryReadNumber(ref numbers, out _cycles) || numbers is not [(byte)' ', ..]) return "has no cycles before its count";
                numbers = numbers[1..];
            }

            if (!TryReadNumber(ref numbers, out _count) || !numbers.IsEmpty) return "has no count before its stack";
            if (_samples.Count == _limits.MaxSamples) return $"is beyond the {_limits.MaxSamples} stacks that are read";
            _inSample = true;
            return null;
        }

        // Values of half a long at most, so that they can be added up and multiplied.
        private static bool TryReadNumber(ref ReadOnlySpan<byte> text, out long number)
        {
            if (!Utf8Parser.TryParse(text, out number, out int used) || number is < 0 or > long.MaxValue / 1_000_000) return false;
            text = text[used..];
            return true;
        }

        private string? TakeFrame(ReadOnlySpan<byte> line)
        {
            // What debug=1 says besides frames: labels of a stack, and MemStats at the end of a heap profile.
            if (line.StartsWith("# "u8)) return null;
            if (!_inSample || !SymbolLine.TryRead(line, out ReadOnlySpan<byte> function, out ReadOnlySpan<byte> place)) return "is no frame of a stack";
            if (++_frames > _limits.MaxLines) return $"is beyond the {_limits.MaxLines} frames that are read";
            (string file, int number) = place.IsEmpty ? ("", 0) : FrameText.Place(place);
            _stack.Add(new ProfileFrame(Shared(Encoding.UTF8.GetString(function)), Shared(file), number));
            return null;
        }

        private string Shared(string text)
        {
            if (_texts.TryGetValue(text, out string? known)) return known;
            _texts.Add(text, text);
            return text;
        }

        private void EndSample()
        {
            if (_inSample) _samples.Add(([.. _stack], _count, _cycles));
            _stack.Clear();
            _inSample = false;
        }
    }
}
