using GoTop.Engine.Export.Exporters;

namespace GoTop.Engine.Export.Push;

/// <summary>The <c>[export.push]</c> table: a POST of JSON.</summary>
public sealed record PushSettings(ExportHttpSettings Http)
{
    public TimeSpan Every { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>What is not taken waits on the disk up to this size; then the oldest is dropped.</summary>
    public int MaxMegabytes { get; init; } = 50;

    /// <summary>Signs, as a webhook's does; null for no signature. Never shown or logged.</summary>
    public string? Secret { get; init; }

    /// <summary>Bodies are sent compressed (gzip).</summary>
    public bool Compress { get; init; }

    public override string ToString() => Http.Where;
}
