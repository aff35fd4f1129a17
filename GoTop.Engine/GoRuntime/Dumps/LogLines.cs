using System.Text;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Gives a dump's parser the lines of a text without what a log puts before each of them. A crash's first lines come before the
/// first goroutine, which tells the prefix: they are held until then.
/// </summary>
internal sealed class LogLines(DumpParser parser)
{
    private const int MostHeld = 64;

    private readonly LogPrefix _prefix = new();
    private readonly List<(byte[] Line, bool Cut)> _held = [];

    /// <summary>Lines wait here, so that no other may pass them.</summary>
    public bool Holds => _held.Count > 0;

    public void Take(ReadOnlySpan<byte> line, bool cut)
    {
        if (LogPrefix.OfJson(line) is { } text)
        {
            Release();
            parser.Take(Encoding.UTF8.GetBytes(text), cut);
        }
        else if (_prefix.TryStrip(line, out ReadOnlySpan<byte> rest))
        {
            Release();
            parser.Take(rest, cut);
        }
        else if (_prefix.TryLearn(line))
        {
            Release();
            _prefix.TryStrip(line, out rest);
            parser.Take(rest, cut);
        }
        else if (_held.Count > 0 || MayBeCrash(line))
        {
            _held.Add((line.ToArray(), cut));
            if (_held.Count > MostHeld) Release();
        }
        else
        {
            parser.Take(line, cut);
        }
    }

    /// <param name="rest">The last line, where the text ends inside of it.</param>
    public GoroutineDump Finish(ReadOnlySpan<byte> rest, long textBytes)
    {
        if (!rest.IsEmpty && _prefix.TryLearn(rest)) Release();
        Release();
        return parser.Finish(_prefix.TryStrip(rest, out ReadOnlySpan<byte> stripped) ? stripped : rest, textBytes);
    }

    /// <summary>Behind something else; the words of a log may say so too, which only a goroutine after it tells apart.</summary>
    private static bool MayBeCrash(ReadOnlySpan<byte> line) => line.IndexOf(" panic: "u8) > 0 || line.IndexOf(" fatal error: "u8) > 0;

    private void Release()
    {
        foreach ((byte[] line, bool cut) in _held) parser.Take(_prefix.TryStrip(line, out ReadOnlySpan<byte> rest) ? rest : line, cut);
        _held.Clear();
    }
}
