namespace GoTop.Panes;

/// <summary>
/// The newest result of a dear pure function, kept for as long as what it was made from is the same. Pure in effect:
/// a pane that holds one still shows the same for the same input. It is replaced whole, so that no reader sees half of one.
/// </summary>
internal sealed class LastResult<TKey, TResult>
    where TKey : IEquatable<TKey>
{
    private Entry? _last;

    public TResult Get<TInput>(TKey key, TInput input, Func<TInput, TResult> make)
    {
        Entry? last = _last;
        if (last is not null && last.Key.Equals(key)) return last.Result;
        TResult result = make(input);
        _last = new Entry(key, result);
        return result;
    }

    private sealed record Entry(TKey Key, TResult Result);
}

/// <summary>Equal only to itself: a key for large immutable data without comparing its content.</summary>
internal readonly struct SameObject(object? target) : IEquatable<SameObject>
{
    private readonly object? _target = target;

    public bool Equals(SameObject other) => ReferenceEquals(_target, other._target);

    public override bool Equals(object? obj) => obj is SameObject other && Equals(other);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(_target);
}
