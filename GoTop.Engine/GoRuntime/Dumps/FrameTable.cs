using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Distinct frames: functions with file and line. Goroutines that stand at the same place differ in their arguments, so
/// it is not a stack's text that repeats but, frame by frame, all but what stands between the parentheses. Each frame
/// remembers which one followed it last: where that is right again, comparing replaces searching and hashing.
/// </summary>
internal sealed class FrameTable
{
    private const byte LineEnd = (byte)'\n';

    private readonly Dictionary<byte[], int> _byText = new(SpanComparer<byte>.Instance);
    private readonly List<KnownFrame> _frames = [];
    private readonly List<CodeLocation> _locations = [];
    private long _textBytes;
    private byte[] _key = new byte[1024];
    private int _beyond = -1;

    /// <summary>Frames that were not taken in for lack of room.</summary>
    public long Beyond { get; private set; }

    public ImmutableArray<CodeLocation> Locations() => [.. _locations];

    /// <param name="place">With the tab before it, up to the line number; empty when not known.</param>
    public int Number(ReadOnlySpan<byte> function, ReadOnlySpan<byte> place)
    {
        // A frame's text as it recurs: the name up to the parenthesis, and the place.
        int length = function.Length + 1 + place.Length;
        if (_key.Length < length) _key = new byte[length * 2];
        Span<byte> key = _key.AsSpan(0, length);
        function.CopyTo(key);
        key[function.Length] = (byte)'(';
        place.CopyTo(key[(function.Length + 1)..]);
        Dictionary<byte[], int>.AlternateLookup<ReadOnlySpan<byte>> lookup = _byText.GetAlternateLookup<ReadOnlySpan<byte>>();
        if (lookup.TryGetValue(key, out int known)) return known;
        if (_frames.Count >= DumpLimits.DistinctFrames || _textBytes + length > DumpLimits.DistinctTextBytes) return NumberBeyond();
        _textBytes += length;
        int number = _frames.Count;
        byte[] text = key.ToArray();
        _byText.Add(text, number);
        _frames.Add(new KnownFrame(text, function.Length + 1));
        (string file, int line) = place.IsEmpty ? ("", 0) : FrameText.Place(place);
        _locations.Add(new CodeLocation(Encoding.UTF8.GetString(function), file, line));
        return number;
    }

    /// <summary>Which frame followed this one last; −1 for none.</summary>
    public int Expected(int frame) => _frames[frame].Next;

    public string Function(int frame) => _locations[frame].Function;

    /// <summary>Notes that one frame followed another.</summary>
    public void Follow(int frame, int next) => _frames[frame].Next = next;

    /// <summary>
    /// Reads frames as long as each is the one that followed the one before it last time.
    /// </summary>
    /// <param name="first">The frame that is expected first; −1 for none.</param>
    /// <param name="read">Receives them.</param>
    /// <returns>How many bytes they take, whole lines.</returns>
    public int ReadExpected(ReadOnlySpan<byte> text, int first, StackUnderConstruction read)
    {
        int taken = 0;
        for (int expected = first; expected >= 0 && read.HasRoom;)
        {
            KnownFrame frame = _frames[expected];
            int length = frame.LengthIn(text[taken..]);
            if (length == 0) break;
            taken += length;
            read.Add(expected);
            expected = frame.Next;
        }

        return taken;
    }

    private int NumberBeyond()
    {
        Beyond++;
        if (_beyond >= 0) return _beyond;
        _beyond = _frames.Count;
        _frames.Add(new KnownFrame([], 0));
        _locations.Add(new CodeLocation("(one of too many distinct frames)", "", 0));
        return _beyond;
    }

    /// <param name="text">Name, opening parenthesis, and place from its tab on.</param>
    private sealed class KnownFrame(byte[] text, int callLength)
    {
        public int Next { get; set; } = -1;

        /// <summary>The length of this frame's two lines at the beginning of a text; 0 when it is not this frame, or not all of it is there.</summary>
        public int LengthIn(ReadOnlySpan<byte> lines)
        {
            ReadOnlySpan<byte> call = text.AsSpan(0, callLength), place = text.AsSpan(callLength);
            if (place.IsEmpty || !lines.StartsWith(call)) return 0;
            ReadOnlySpan<byte> arguments = lines[callLength..];
            // A parenthesis among them would make the name a longer one.
            int end = arguments.IndexOfAny(LineEnd, (byte)'(');
            if (end is < 1 or > DumpLimits.LineBytes / 2 || arguments[end] != LineEnd || arguments[end - 1] != (byte)')') return 0;
            int after = end + 1 + place.Length;
            // One more byte than the place, which tells whether its line number ends there.
            if (after >= arguments.Length || !arguments[(end + 1)..].StartsWith(place)) return 0;
            if (arguments[after] == LineEnd) return callLength + after + 1;
            ReadOnlySpan<byte> offset = arguments[after..];
            if (!offset.StartsWith(" +0x"u8)) return 0;
            end = offset.IndexOf(LineEnd);
            return end < 0 ? 0 : callLength + after + end + 1;
        }
    }
}
