using GoTop.Engine.Sampling;

namespace GoTop.Panes.Profiles;

/// <summary>One of the values that the samples of a profile have, as a person knows it.</summary>
/// <param name="Type">pprof's name for it, e.g. <c>inuse_space</c>.</param>
/// <param name="Words">What it is, e.g. <c>in use, bytes</c>.</param>
/// <param name="Unit">Bytes, count or nanoseconds.</param>
public sealed record ProfileMeasure(string Type, string Words, Unit Unit)
{
    /// <summary><c>1.2 MiB</c>, <c>4,512</c>, <c>812 ms</c>.</summary>
    public string Format(double value) => Figures.Of(Unit, value);

    /// <summary><c>1.2 MiB/s</c>, <c>4,512/s</c>; of times, in a second of the clock: <c>812 ms/s</c>.</summary>
    public string FormatPerSecond(double value) => Unit == Unit.Count ? Figures.PerSecond(value) : Format(value) + "/s";

    /// <summary>With its sign; nothing that would round to nothing has one.</summary>
    public string FormatChange(double value, bool perSecond)
    {
        string text = perSecond ? FormatPerSecond(value) : Format(value);
        return value > 0 && text.AsSpan().ContainsAnyInRange('1', '9') ? "+" + text : text;
    }
}
