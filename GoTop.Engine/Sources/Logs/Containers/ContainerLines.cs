using System.Text;
using GoTop.Engine.Analysis.Logs;

namespace GoTop.Engine.Sources.Logs.Containers;

/// <summary>
/// Lines as container runtimes write them: Docker's json-file (<c>{"log":"…\n","stream":"stderr","time":"…"}</c>) and CRI's
/// (<c>2016-10-06T00:17:09.669794202Z stdout F …</c>, where P marks a part of a longer line).
/// </summary>
internal sealed class ContainerLines
{
    private const int ShortestStamp = 20;

    private readonly Parts _output = new(), _error = new();

    /// <summary>Cheap, for it is asked of every line.</summary>
    public static bool IsWrapped(ReadOnlySpan<byte> line) => IsDocker(line) || CriTag(line) >= 0;

    /// <returns>False when the line goes on in the next one.</returns>
    public bool Unwrap(ReadOnlySpan<byte> line, out ReadOnlySpan<byte> own)
    {
        bool ends, isError;
        ReadOnlySpan<byte> text;
        if (IsDocker(line))
        {
            JsonLine json = new(line);
            text = json.Next() ? json.Value : default;
            isError = json.Next() && json.Value.SequenceEqual("stderr"u8);
            ends = text.EndsWith("\\n"u8);
            if (ends) text = text[..^2];
            if (text.EndsWith("\\r"u8)) text = text[..^2];
            // Docker cuts at 16 KiB and escapes quotation marks, tabs and what is no letter.
            if (text.Contains((byte)'\\')) text = Encoding.UTF8.GetBytes(Unescape(text));
        }
        else
        {
            int tag = CriTag(line);
            ends = line[tag] == (byte)'F';
            isError = line[..tag].EndsWith("stderr "u8);
            text = tag + 2 <= line.Length ? line[(tag + 2)..] : default;
        }

        return (isError ? _error : _output).Take(text, ends, out own);
    }

    private static bool IsDocker(ReadOnlySpan<byte> line) => line.StartsWith("{\"log\":\""u8) && line.IndexOf("\"stream\":\"std"u8) > 0;

    /// <summary>Where its tag P or F stands; −1 for no such line.</summary>
    private static int CriTag(ReadOnlySpan<byte> line)
    {
        if (line.Length < ShortestStamp + 9 || line[4] != (byte)'-' || line[10] != (byte)'T') return -1;
        int blank = line.IndexOf((byte)' ');
        if (blank < ShortestStamp - 1 || blank > 40) return -1;
        ReadOnlySpan<byte> rest = line[(blank + 1)..];
        if (!rest.StartsWith("stdout "u8) && !rest.StartsWith("stderr "u8)) return -1;
        int tag = blank + 1 + 7;
        return tag < line.Length && line[tag] is (byte)'P' or (byte)'F' && (tag + 1 == line.Length || line[tag + 1] is (byte)' ' or (byte)':') ? tag : -1;
    }

    /// <summary>Tabs must come out as tabs here, since stack traces are told by them.</summary>
    private static string Unescape(ReadOnlySpan<byte> text) => LineText.Unescape(text, keepsTabs: true);

    /// <summary>What has come of a line; lines of standard output and standard error come between one another's parts.</summary>
    private sealed class Parts
    {
        private byte[] _bytes = [];
        private int _length;

        public bool Take(ReadOnlySpan<byte> text, bool ends, out ReadOnlySpan<byte> whole)
        {
            whole = text;
            if (ends && _length == 0) return true;
            // Most logs never have a line in parts.
            if (_bytes.Length == 0) _bytes = new byte[LineSplitter.MostBytes];
            int taken = Math.Min(text.Length, _bytes.Length - _length);
            text[..taken].CopyTo(_bytes.AsSpan(_length));
            _length += taken;
            whole = _bytes.AsSpan(0, _length);
            if (ends) _length = 0;
            return ends;
        }
    }
}
