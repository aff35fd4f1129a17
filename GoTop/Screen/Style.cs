namespace GoTop.Screen;

/// <summary>A colour, or the terminal's own (the default value).</summary>
public readonly record struct Paint
{
    private readonly uint _value;

    private Paint(uint value) => _value = value;

    public static Paint TerminalDefault => default;

    public bool IsDefault => _value == 0;

    public byte R => (byte)(_value >> 16);

    public byte G => (byte)(_value >> 8);

    public byte B => (byte)_value;

    public static Paint Rgb(byte r, byte g, byte b) => new(0xFF000000u | ((uint)r << 16) | ((uint)g << 8) | b);

    /// <summary>A colour between this and another; share 0 is this, 1 the other.</summary>
    public Paint Toward(Paint other, double share)
    {
        if (IsDefault || other.IsDefault) return share < 0.5 ? this : other;
        byte Mix(byte from, byte to) => (byte)Math.Round(from + ((to - from) * Math.Clamp(share, 0, 1)));
        return Rgb(Mix(R, other.R), Mix(G, other.G), Mix(B, other.B));
    }
}

[Flags]
public enum Emphasis : byte
{
    None = 0,
    Bold = 1,
    Dim = 2,
    Italic = 4,
    Underline = 8,
    Reverse = 16,
}

public readonly record struct Style(Paint Foreground, Paint Background, Emphasis Emphasis = Emphasis.None)
{
    public Style Bold() => this with { Emphasis = Emphasis | Emphasis.Bold };

    public Style On(Paint background) => this with { Background = background };
}
