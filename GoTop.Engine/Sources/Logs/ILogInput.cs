using System.Collections.Immutable;

namespace GoTop.Engine.Sources.Logs;

/// <summary>Something that log lines come from, at its own pace.</summary>
internal interface ILogInput : IDisposable
{
    /// <summary>How many logs it is, for a fair share of what is shown.</summary>
    int Logs { get; }

    /// <summary>What cannot be read: as many as <see cref="Logs"/>, but for partial ones, when nothing can.</summary>
    ImmutableArray<LogProblem> Problems { get; }

    /// <summary>Until cancelled. What it throws otherwise is told, and it is run again after a pause.</summary>
    Task RunAsync(CancellationToken cancellation);

    /// <summary>Takes in what is there now, for a tick.</summary>
    void Catch(CancellationToken cancellation);
}
