using SkiaSharp;

namespace GoTop.Screenshot;

/// <summary>Draws cells. Blocks, boxes and braille are drawn as shapes, since fonts rarely have them all.</summary>
internal static class ScreenImage
{
    /// <summary>Where Debian's fonts-dejavu-core puts them.</summary>
    private const string Fonts = "/usr/share/fonts/truetype/dejavu";

    private const float CellWidth = 8.43f;
    private const float CellHeight = 17f;
    private const float Baseline = 13f;
    private const float FontSize = 14f;
    private const float DotRadius = 1.35f;

    public static void Write(List<List<CapturedCell>> rows, string output)
    {
        int columns = rows.Max(row => row.Count);
        using SKBitmap bitmap = new((int)Math.Ceiling(columns * CellWidth), (int)(rows.Count * CellHeight));
        using SKCanvas canvas = new(bitmap);
        using SKTypeface plain = SKTypeface.FromFile(Path.Combine(Fonts, "DejaVuSansMono.ttf"));
        using SKTypeface bold = SKTypeface.FromFile(Path.Combine(Fonts, "DejaVuSansMono-Bold.ttf"));
        using SKFont font = new(plain, FontSize) { Edging = SKFontEdging.Antialias, Hinting = SKFontHinting.None };
        using SKPaint paint = new() { IsAntialias = true };
        canvas.Clear(Colour(rows[0].Count > 0 ? rows[0][0].Background : 0));
        foreach ((CapturedCell cell, float x, float y) in Cells(rows))
        {
            paint.Color = Colour(cell.Background);
            canvas.DrawRect(x, y, CellWidth + 0.5f, CellHeight, paint);
        }

        foreach ((CapturedCell cell, float x, float y) in Cells(rows))
        {
            paint.Color = Colour(cell.Foreground);
            if (cell.Underline) canvas.DrawRect(x, y + CellHeight - 2, CellWidth, 1, paint);
            if (cell.Glyph.Value == ' ' || DrawShape(canvas, cell.Glyph.Value, x, y, paint)) continue;
            font.Typeface = cell.Bold ? bold : plain;
            canvas.DrawText(cell.Glyph.ToString(), x, y + Baseline, SKTextAlign.Left, font, paint);
        }

        using SKData data = bitmap.Encode(SKEncodedImageFormat.Png, 100);
        using FileStream file = File.Create(output);
        data.SaveTo(file);
    }

    private static IEnumerable<(CapturedCell Cell, float X, float Y)> Cells(List<List<CapturedCell>> rows)
    {
        for (int y = 0; y < rows.Count; y++)
        {
            for (int x = 0; x < rows[y].Count; x++) yield return (rows[y][x], x * CellWidth, y * CellHeight);
        }
    }

    private static SKColor Colour(uint rgb) => new((byte)(rgb >> 16), (byte)(rgb >> 8), (byte)rgb);

    private static bool DrawShape(SKCanvas canvas, int glyph, float x, float y, SKPaint paint)
    {
        switch (glyph)
        {
            case >= 0x2800 and <= 0x28ff:
                DrawBraille(canvas, glyph - 0x2800, x, y, paint);
                return true;
            case >= 0x2581 and <= 0x2588:
                float height = CellHeight * (glyph - 0x2580) / 8;
                canvas.DrawRect(x, y + CellHeight - height, CellWidth + 0.5f, height, paint);
                return true;
            case >= 0x2589 and <= 0x258f:
                canvas.DrawRect(x, y, CellWidth * (0x2590 - glyph) / 8, CellHeight, paint);
                return true;
            case >= 0x2591 and <= 0x2593:
                using (SKPaint shade = paint.Clone())
                {
                    shade.Color = paint.Color.WithAlpha((byte)(64 * (glyph - 0x2590)));
                    canvas.DrawRect(x, y, CellWidth + 0.5f, CellHeight, shade);
                }

                return true;
        }

        // Arms of the box characters: left, right, up, down.
        string? arms = (char)glyph switch
        {
            '─' => "lr", '│' => "ud", '┌' or '╭' => "rd", '┐' or '╮' => "ld", '└' or '╰' => "ru", '┘' or '╯' => "lu",
            '├' => "udr", '┤' => "udl", '┬' => "lrd", '┴' => "lru", '┼' => "lrud", _ => null,
        };
        if (arms is null) return false;
        float middleX = x + (CellWidth / 2), middleY = y + (CellHeight / 2);
        if (arms.Contains('l', StringComparison.Ordinal)) canvas.DrawRect(x, middleY - 0.5f, CellWidth / 2, 1, paint);
        if (arms.Contains('r', StringComparison.Ordinal)) canvas.DrawRect(middleX, middleY - 0.5f, (CellWidth / 2) + 0.5f, 1, paint);
        if (arms.Contains('u', StringComparison.Ordinal)) canvas.DrawRect(middleX - 0.5f, y, 1, CellHeight / 2, paint);
        if (arms.Contains('d', StringComparison.Ordinal)) canvas.DrawRect(middleX - 0.5f, middleY, 1, CellHeight / 2, paint);
        return true;
    }

    /// <summary>Unicode numbers the dots 1–3 down the left, 4–6 down the right, 7 and 8 below.</summary>
    private static void DrawBraille(SKCanvas canvas, int dots, float x, float y, SKPaint paint)
    {
        ReadOnlySpan<int> columns = [0, 0, 0, 1, 1, 1, 0, 1], rows = [0, 1, 2, 0, 1, 2, 3, 3];
        for (int dot = 0; dot < 8; dot++)
        {
            if ((dots >> dot & 1) == 0) continue;
            canvas.DrawCircle(x + (CellWidth * ((columns[dot] * 2) + 1) / 4), y + (CellHeight * ((rows[dot] * 2) + 1) / 8), DotRadius, paint);
        }
    }
}
