namespace GoTop.Screen;

/// <summary>The nearest colour of a terminal that has fewer of them. Indices are those of SGR 38;5 and of xterm.</summary>
public static class ColourPalette
{
    /// <summary>xterm's levels of the 6 × 6 × 6 cube.</summary>
    private static ReadOnlySpan<byte> CubeLevels => [0, 95, 135, 175, 215, 255];

    /// <summary>The sixteen colours as most terminals show them: R, G, B each.</summary>
    private static ReadOnlySpan<byte> Sixteen =>
    [
        0, 0, 0, 205, 49, 49, 13, 188, 121, 200, 180, 20, 36, 114, 200, 188, 63, 188, 17, 168, 205, 200, 200, 200,
        102, 102, 102, 241, 76, 76, 35, 209, 139, 245, 245, 67, 59, 142, 234, 214, 112, 214, 41, 184, 219, 255, 255, 255,
    ];

    /// <summary>16–255: the colour cube or the grey ramp, whichever is nearer.</summary>
    public static int Nearest256(Paint paint)
    {
        int r = CubeIndex(paint.R), g = CubeIndex(paint.G), b = CubeIndex(paint.B);
        int cube = Distance(paint, CubeLevels[r], CubeLevels[g], CubeLevels[b]);
        int grey = Math.Clamp((((paint.R + paint.G + paint.B) / 3) - 3) / 10, 0, 23);
        int level = 8 + (grey * 10);
        return Distance(paint, level, level, level) < cube ? 232 + grey : 16 + (36 * r) + (6 * g) + b;
    }

    /// <summary>0–15.</summary>
    public static int Nearest16(Paint paint)
    {
        int best = 0, bestDistance = int.MaxValue;
        for (int i = 0; i < 16; i++)
        {
            int distance = Distance(paint, Sixteen[i * 3], Sixteen[(i * 3) + 1], Sixteen[(i * 3) + 2]);
            if (distance >= bestDistance) continue;
            best = i;
            bestDistance = distance;
        }

        return best;
    }

    private static int CubeIndex(int value) => value < 48 ? 0 : value < 115 ? 1 : (value - 35) / 40;

    /// <summary>Weighted as the eye sees: green most, blue least.</summary>
    private static int Distance(Paint paint, int r, int g, int b)
    {
        int dr = paint.R - r, dg = paint.G - g, db = paint.B - b;
        return (3 * dr * dr) + (6 * dg * dg) + (db * db);
    }
}
