using System.Buffers;
using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Dumps;

/// <summary>
/// Labels as debug=2 prints them, <c>kind: mail, "route id": "GET /\u00e9"</c>, quoted only where they hold more than letters,
/// digits, dots, slashes and underscores (the runtime's <c>printquoted</c>); and as debug=1 does, <c>"kind":"mail"</c> (Go's %q).
/// </summary>
internal static class LabelText
{
    private static readonly SearchValues<byte> Unquoted = SearchValues.Create(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789./_"u8);

    public static bool TryRead(ReadOnlySpan<byte> text, out ImmutableArray<GoroutineLabel> labels)
    {
        labels = [];
        ImmutableArray<GoroutineLabel>.Builder read = ImmutableArray.CreateBuilder<GoroutineLabel>();
        while (true)
        {
            if (read.Count == DumpLimits.LabelsOfGoroutine || !TryReadWord(ref text, out string key)) return false;
            if (text is not [(byte)':', ..]) return false;
            text = text[1..].TrimStart((byte)' ');
            if (!TryReadWord(ref text, out string value)) return false;
            read.Add(new GoroutineLabel(key, value));
            if (text.IsEmpty) break;
            if (!text.StartsWith(", "u8)) return false;
            text = text[2..];
        }

        labels = read.DrainToImmutable();
        return true;
    }

    private static bool TryReadWord(ref ReadOnlySpan<byte> text, out string word)
    {
        if (text is [(byte)'"', ..]) return TryReadQuoted(ref text, out word);
        int length = text.IndexOfAnyExcept(Unquoted);
        if (length < 0) length = text.Length;
        word = Encoding.ASCII.GetString(text[..length]);
        text = text[length..];
        return true;
    }

    private static bool TryReadQuoted(ref ReadOnlySpan<byte> text, out string word)
    {
        word = "";
        // An escape may stand for a single byte of a longer character, so bytes are collected.
        ArrayBufferWriter<byte> bytes = new();
        text = text[1..];
        while (true)
        {
            int special = text.IndexOfAny((byte)'"', (byte)'\\');
            if (special < 0) return false;
            bytes.Write(text[..special]);
            bool ends = text[special] == (byte)'"';
            text = text[(special + 1)..];
            if (ends) break;
            if (!TryReadEscape(ref text, bytes)) return false;
        }

        word = Encoding.UTF8.GetString(bytes.WrittenSpan);
        return true;
    }

    private static bool TryReadEscape(ref ReadOnlySpan<byte> text, ArrayBufferWriter<byte> bytes)
    {
        if (text.IsEmpty) return false;
        byte letter = text[0];
        text = text[1..];
        int plain = "abfnrtv\\\"'"u8.IndexOf(letter);
        if (plain >= 0)
        {
            bytes.Write("\a\b\f\n\r\t\v\\\"'"u8.Slice(plain, 1));
            return true;
        }

        int digits = letter switch { (byte)'x' => 2, (byte)'u' => 4, (byte)'U' => 8, _ => 0 };
        if (digits == 0 || text.Length < digits) return false;
        if (!uint.TryParse(text[..digits], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value)) return false;
        text = text[digits..];
        if (digits == 2)
        {
            bytes.Write([(byte)value]);
            return true;
        }

        if (!Rune.TryCreate(value, out Rune rune)) return false;
        bytes.Advance(rune.EncodeToUtf8(bytes.GetSpan(4)));
        return true;
    }
}
