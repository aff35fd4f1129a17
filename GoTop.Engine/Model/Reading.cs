using System.Diagnostics.CodeAnalysis;

namespace GoTop.Engine.Model;

/// <summary>Whether a fact could be read, and if not, what stood in the way.</summary>
public enum ReadingState : byte
{
    /// <summary>Nothing has been read yet; the value of a default <see cref="Reading{T}"/>.</summary>
    NotYet,

    /// <summary>Read in this tick (or at the latest due rung of its ladder).</summary>
    Present,

    /// <summary>An older value; the newest attempt is late.</summary>
    Stale,

    /// <summary>This system, Go version or build does not have the fact.</summary>
    NotSupported,

    /// <summary>The operating system or the server refused.</summary>
    Denied,

    /// <summary>The attempt failed.</summary>
    Failed,
}

/// <summary>
/// A fact, or the reason why there is none. A shown number is true or absent: there is no magic zero.
/// The default value is "not yet".
/// </summary>
public readonly record struct Reading<T>
{
    private readonly T _value;

    internal Reading(ReadingState state, T value, string? reason)
    {
        State = state;
        _value = value;
        Reason = reason;
    }

    public ReadingState State { get; }

    /// <summary>Why the fact is absent or stale, in words for the screen; null when it is present.</summary>
    public string? Reason { get; }

    public bool HasValue => State is ReadingState.Present or ReadingState.Stale;

    /// <exception cref="InvalidOperationException">There is no value.</exception>
    public T Value => HasValue ? _value : throw new InvalidOperationException($"No value: {State} ({Reason}).");

    public bool TryGet([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return HasValue;
    }

    /// <summary>Only what was read lately: an older value would hold up what may be over.</summary>
    public bool TryGetPresent([MaybeNullWhen(false)] out T value)
    {
        value = _value;
        return State == ReadingState.Present;
    }

    public T? ValueOr(T? fallback) => HasValue ? _value : fallback;

    /// <summary>Carries the state and the reason over to a value derived from this one.</summary>
    public Reading<TResult> Select<TResult>(Func<T, TResult> derive) =>
        HasValue ? new Reading<TResult>(State, derive(_value), Reason) : Absent<TResult>();

    /// <summary>The same absence for a fact of another type. Call only when there is no value.</summary>
    public Reading<TResult> Absent<TResult>() =>
        new(HasValue ? ReadingState.NotYet : State, default!, Reason);

    /// <summary>This fact, or the other source's when this one is absent; of two absences the more telling one.</summary>
    public Reading<T> Or(Reading<T> other) =>
        HasValue ? this : other.HasValue || State == ReadingState.NotYet ? other : this;

    /// <summary>The same value marked as old.</summary>
    public Reading<T> AsStale(string reason) =>
        HasValue ? new Reading<T>(ReadingState.Stale, _value, reason) : this;

    public override string ToString() => HasValue ? $"{_value}" : $"({State}: {Reason})";
}

/// <summary>Makes readings.</summary>
public static class Reading
{
    public static Reading<T> Of<T>(T value) => new(ReadingState.Present, value, null);

    public static Reading<T> NotYet<T>(string? reason = null) => new(ReadingState.NotYet, default!, reason);

    public static Reading<T> NotSupported<T>(string reason) => new(ReadingState.NotSupported, default!, reason);

    public static Reading<T> Denied<T>(string reason) => new(ReadingState.Denied, default!, reason);

    public static Reading<T> Failed<T>(string reason) => new(ReadingState.Failed, default!, reason);

    /// <summary>For readers of stored readings: any state with its value or reason.</summary>
    public static Reading<T> From<T>(ReadingState state, T value, string? reason) => new(state, value, reason);
}
