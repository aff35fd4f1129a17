using System.Globalization;
using System.Text;

namespace GoTop.Screenshot;

/// <param name="Columns">0 for the second half of a wide character.</param>
internal readonly record struct CapturedCell(Rune Glyph, int Columns, uint Foreground, uint Background, bool Bold, bool Underline);

/// <summary>Rows of cells, from text with SGR sequences.</summary>
internal static class CapturedScreen
{
    private const uint DefaultForeground = 0xd3d7cf;
    private const uint DefaultBackground = 0x101218;

    private static readonly uint[] Sixteen =
    [
        0x000000, 0xcd3131, 0x0dbc79, 0xe5e510, 0x2472c8, 0xbc3fbc, 0x11a8cd, 0xe5e5e5,
        0x666666, 0xf14c4c, 0x23d18b, 0xf5f543, 0x3b8eea, 0xd670d6, 0x29b8db, 0xffffff,
    ];

    public static List<List<CapturedCell>> Parse(string text)
    {
        List<List<CapturedCell>> rows = [[]];
        Pen pen = new();
        for (int i = 0; i < text.Length;)
        {
            if (text[i] == '\e' && i + 1 < text.Length && text[i + 1] == '[')
            {
                int end = i + 2;
                while (end < text.Length && text[end] is < '@' or > '~') end++;
                if (end < text.Length && text[end] == 'm') pen.Apply(text[(i + 2)..end]);
                i = end + 1;
                continue;
            }

            Rune.DecodeFromUtf16(text.AsSpan(i), out Rune glyph, out int used);
            i += used;
            if (glyph.Value == '\n') rows.Add([]);
            else if (!Rune.IsControl(glyph)) Put(rows[^1], glyph, pen);
        }

        if (rows[^1].Count == 0) rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    private static void Put(List<CapturedCell> row, Rune glyph, Pen pen)
    {
        // Wide enough a notion of East Asian width for pictures of our own screens.
        bool wide = glyph.Value is (>= 0x1100 and <= 0x115f) or (>= 0x2e80 and <= 0xa4cf) or (>= 0xac00 and <= 0xd7a3) or (>= 0xf900 and <= 0xfaff) or (>= 0xff00 and <= 0xff60) or >= 0x1f300;
        (uint foreground, uint background) = pen.Reverse ? (pen.Background, pen.Foreground) : (pen.Foreground, pen.Background);
        row.Add(new CapturedCell(glyph, wide ? 2 : 1, foreground, background, pen.Bold, pen.Underline));
        if (wide) row.Add(new CapturedCell(new Rune(' '), 0, foreground, background, pen.Bold, pen.Underline));
    }

    private sealed class Pen
    {
        public uint Foreground { get; private set; } = DefaultForeground;

        public uint Background { get; private set; } = DefaultBackground;

        public bool Bold { get; private set; }

        public bool Underline { get; private set; }

        public bool Reverse { get; private set; }

        public void Apply(string parameters)
        {
            int[] codes = [.. parameters.Split(';').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int code) ? code : 0)];
            for (int i = 0; i < codes.Length; i++)
            {
                switch (codes[i])
                {
                    case 0: (Foreground, Background, Bold, Underline, Reverse) = (DefaultForeground, DefaultBackground, false, false, false); break;
                    case 1: Bold = true; break;
                    case 22: Bold = false; break;
                    case 4: Underline = true; break;
                    case 24: Underline = false; break;
                    case 7: Reverse = true; break;
                    case 27: Reverse = false; break;
                    case 39: Foreground = DefaultForeground; break;
                    case 49: Background = DefaultBackground; break;
                    case 38 or 48 when i + 2 < codes.Length:
                        uint colour = codes[i + 1] == 2 && i + 4 < codes.Length ? ((uint)codes[i + 2] << 16) | ((uint)codes[i + 3] << 8) | (uint)codes[i + 4] : Indexed(codes[i + 2]);
                        if (codes[i] == 38) Foreground = colour;
                        else Background = colour;
                        i += codes[i + 1] == 2 ? 4 : 2;
                        break;
                    case >= 30 and <= 37: Foreground = Sixteen[codes[i] - 30]; break;
                    case >= 40 and <= 47: Background = Sixteen[codes[i] - 40]; break;
                    case >= 90 and <= 97: Foreground = Sixteen[codes[i] - 82]; break;
                    case >= 100 and <= 107: Background = Sixteen[codes[i] - 92]; break;
                }
            }
        }

        private static uint Indexed(int index)
        {
            if (index < 16) return Sixteen[Math.Max(0, index)];
            if (index >= 232)
            {
                uint grey = (uint)(8 + ((index - 232) * 10));
                return (grey << 16) | (grey << 8) | grey;
            }

            index -= 16;
            return (Level(index / 36) << 16) | (Level(index / 6 % 6) << 8) | Level(index % 6);
        }

        private static uint Level(int step) => step == 0 ? 0u : (uint)(55 + (40 * step));
    }
}
