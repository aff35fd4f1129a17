using GoTop.Engine.Export.Otlp;
using GoTop.Engine.Export.Prometheus;
using GoTop.Engine.Export.Push;

namespace GoTop.Engine.Config;

/// <summary>The <c>[export]</c> table. Nothing is exported that has no table of its own.</summary>
public sealed record ExportSettings
{
    public PrometheusEndpointSettings? Prometheus { get; init; }

    public OtlpSettings? Otlp { get; init; }

    public PushSettings? Push { get; init; }
}
