namespace GoTop.Panes.Goroutines;

/// <summary>What a filter is for.</summary>
internal enum FilterSubject
{
    Groups,
    Goroutines,
}

internal enum FilterField
{
    /// <summary>Any of the texts.</summary>
    Text,
    State,
    Reason,
    Start,
    Created,
    File,

    /// <summary>A profiler label, as <c>key=value</c>.</summary>
    Label,

    /// <summary>What the packages on the stack mean, as <c>HTTP server</c>.</summary>
    Tag,
    Count,
    Change,
    Growth,
    Wait,
    Id,
    Parent,
    Locked,
}

internal enum FilterOperator
{
    Contains,
    ContainsNot,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
    Equal,
    NotEqual,
}

/// <summary>One condition. Either <paramref name="Text"/> or <paramref name="Number"/> (for waits: seconds) counts.</summary>
internal readonly record struct FilterTerm(FilterField Field, FilterOperator Operator, string Text, double Number)
{
    public bool IsText => Field <= FilterField.Tag;

    public bool MatchesText(string text) =>
        text.Contains(Text, StringComparison.OrdinalIgnoreCase) == (Operator is FilterOperator.Contains or FilterOperator.Equal);

    /// <summary>An unknown number (NaN) meets no condition.</summary>
    public bool MatchesNumber(double value) => Operator switch
    {
        FilterOperator.Less => value < Number,
        FilterOperator.LessOrEqual => value <= Number,
        FilterOperator.Greater => value > Number,
        FilterOperator.GreaterOrEqual => value >= Number,
        FilterOperator.NotEqual => value < Number || value > Number,
        _ => Math.Abs(value - Number) < 1e-9,
    };
}
