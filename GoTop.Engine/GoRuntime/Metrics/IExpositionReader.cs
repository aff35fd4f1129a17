namespace GoTop.Engine.GoRuntime.Metrics;

/// <summary>Takes what it wants of a page of metrics.</summary>
public interface IExpositionReader
{
    /// <summary>The line <c># TYPE name type</c>, before the family's samples.</summary>
    void TakeType(ReadOnlySpan<byte> family, ReadOnlySpan<byte> type);

    /// <summary>Asked once for a run of samples of one name. What it gives comes with each of them; negative: none is wanted.</summary>
    int Wants(ReadOnlySpan<byte> name);

    void Take(int wanted, in MetricSample sample);
}
