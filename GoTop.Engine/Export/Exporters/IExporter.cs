using GoTop.Engine.Agent;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Export.Exporters;

/// <summary>Something that the agent exports to. It works on tasks of its own: nothing here waits for anybody.</summary>
internal interface IExporter : IAsyncDisposable
{
    string Id { get; }

    ExporterStanding Standing { get; }

    /// <summary>For those that want more than the newest of each target: log lines. Returns at once.</summary>
    void Observed(AgentTarget target, Observation observation)
    {
    }
}

/// <summary>What exporters have in common.</summary>
/// <param name="Folder">Where the agent keeps what it writes.</param>
/// <param name="View">What there is to be exported now.</param>
internal sealed record ExportParts(TimeProvider Time, ILogger Log, string Folder, string ToolVersion, Func<ExportView> View)
{
    /// <summary>Up to where log lines have been taken: an exporter whose settings changed goes on where the one before it ended.</summary>
    public LogPositions LogPositions { get; } = new();
}
