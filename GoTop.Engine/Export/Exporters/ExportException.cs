namespace GoTop.Engine.Export.Exporters;

/// <summary>Something was not exported. The message is one line, for people, and holds no secret.</summary>
public sealed class ExportException(string message) : Exception(message)
{
    /// <summary>The same may be taken later.</summary>
    public bool IsTransient { get; init; }

    /// <summary>The receiver asked to be left alone for so long.</summary>
    public TimeSpan? RetryAfter { get; init; }

    /// <summary>Of an HTTP answer; null when there was none.</summary>
    public int? Status { get; init; }
}
