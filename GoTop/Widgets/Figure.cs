using GoTop.Engine.Model;

namespace GoTop.Widgets;

/// <summary>
/// A reading as it is shown: its text, or a dash and the reason. The only way from a <see cref="Reading{T}"/> to the
/// screen, so that no absent fact can show as a number.
/// </summary>
/// <param name="Reason">Why it is absent or stale, in words; null when it is present.</param>
public readonly record struct Figure(string Text, Tone Tone, string? Reason, bool IsMissing)
{
    public const string MissingText = "–";

    public static Figure Of<T>(Reading<T> reading, Func<T, string> format, Tone tone = Tone.Normal) => reading.State switch
    {
        ReadingState.Present => new Figure(format(reading.Value), tone, null, false),
        ReadingState.Stale => new Figure(format(reading.Value), Tone.Dim, Why(reading.State, reading.Reason), false),
        _ => Missing(reading.State, reading.Reason),
    };

    /// <summary>The tone depends on the value.</summary>
    public static Figure Of<T>(Reading<T> reading, Func<T, string> format, Func<T, Tone> tone) =>
        Of(reading, format, reading.State == ReadingState.Present ? tone(reading.Value) : Tone.Dim);

    public static Figure Plain(string text, Tone tone = Tone.Normal) => new(text, tone, null, false);

    public static Figure Missing(ReadingState state, string? reason) => new(MissingText, Tone.Dim, Why(state, reason), true);

    public TableCell Cell => new(Text, Tone);

    /// <summary><c>denied: ptrace_scope is 1</c>.</summary>
    public static string Why(ReadingState state, string? reason)
    {
        string what = state switch
        {
            ReadingState.NotYet => "not yet",
            ReadingState.NotSupported => "not supported",
            ReadingState.Denied => "denied",
            ReadingState.Failed => "failed",
            ReadingState.Stale => "stale",
            _ => "",
        };
        return string.IsNullOrEmpty(reason) ? what : $"{what}: {reason}";
    }
}
