using System.Text;

namespace GoTop.Bench.Pty;

/// <summary>Splits a program's output into text, controls and escape sequences (ECMA-48, as xterm reads it).</summary>
internal abstract class VtParser
{
    private const int LongestSequenceBytes = 4096;
    private readonly List<byte> _sequence = [];
    private State _state;
    private int _codePoint, _continuationBytes;

    private enum State
    {
        Text,
        Escape,
        Csi,
        ControlString, // OSC, DCS, APC, PM, SOS: ended by BEL or ST
        ControlStringEscape,
    }

    public void Feed(ReadOnlySpan<byte> bytes)
    {
        foreach (byte value in bytes) Next(value);
    }

    protected virtual void OnText(Rune rune)
    {
    }

    protected virtual void OnControl(byte control)
    {
    }

    /// <param name="sequence">What follows ESC: intermediates and the final byte.</param>
    protected virtual void OnEscape(string sequence)
    {
    }

    /// <param name="parameters">What stands before the final byte, private prefix and intermediates included.</param>
    protected virtual void OnCsi(string parameters, char final)
    {
    }

    /// <param name="text">The introducer (<c>]</c>, <c>P</c>, …) and the text without its terminator.</param>
    protected virtual void OnString(string text)
    {
    }

    private void Next(byte value)
    {
        switch (_state)
        {
            case State.Text: NextOfText(value); break;
            case State.Escape: NextOfEscape(value); break;
            case State.Csi: NextOfCsi(value); break;
            case State.ControlString:
                if (value == 0x07) End(() => OnString(Sequence()));
                else if (value == 0x1B) _state = State.ControlStringEscape;
                else Keep(value);
                break;
            case State.ControlStringEscape:
                End(() => OnString(Sequence()));
                if (value != '\\') Begin(value);
                break;
        }
    }

    private void NextOfText(byte value)
    {
        if (_continuationBytes > 0 && (value & 0xC0) == 0x80)
        {
            _codePoint = (_codePoint << 6) | (value & 0x3F);
            if (--_continuationBytes == 0) OnText(Rune.IsValid(_codePoint) ? new Rune(_codePoint) : Rune.ReplacementChar);
            return;
        }

        _continuationBytes = 0;
        if (value == 0x1B) Begin(null);
        else if (value < 0x20 || value == 0x7F) OnControl(value);
        else if (value < 0x80) OnText(new Rune(value));
        else (_codePoint, _continuationBytes) = value >= 0xF0 ? (value & 0x07, 3) : value >= 0xE0 ? (value & 0x0F, 2) : (value & 0x1F, 1);
    }

    private void Begin(byte? first)
    {
        _sequence.Clear();
        _state = State.Escape;
        if (first is { } value) NextOfEscape(value);
    }

    private void NextOfEscape(byte value)
    {
        if (value == '[') _state = State.Csi;
        else if (value is (byte)']' or (byte)'P' or (byte)'_' or (byte)'^' or (byte)'X')
        {
            Keep(value);
            _state = State.ControlString;
        }
        else
        {
            Keep(value);
            if (value is < 0x20 or > 0x2F) End(() => OnEscape(Sequence()));
        }
    }

    private void NextOfCsi(byte value)
    {
        if (value is >= 0x40 and <= 0x7E) End(() => OnCsi(Sequence(), (char)value));
        else if (value == 0x1B) Begin(null);
        else if (value < 0x20) OnControl(value);
        else Keep(value);
    }

    private void Keep(byte value)
    {
        if (_sequence.Count < LongestSequenceBytes) _sequence.Add(value);
    }

    private void End(Action report)
    {
        report();
        _sequence.Clear();
        _state = State.Text;
    }

    private string Sequence() => Encoding.UTF8.GetString([.. _sequence]);
}
