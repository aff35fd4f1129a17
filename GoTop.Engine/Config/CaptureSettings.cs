using System.Collections.Immutable;

namespace GoTop.Engine.Config;

/// <summary>The <c>[capture]</c> table: captures to files.</summary>
public sealed record CaptureSettings
{
    public const int LongestSeconds = 300;

    /// <summary>Names the viewer of captures that have none of their own.</summary>
    public const string AnyViewer = "default";

    /// <summary>Each capture gets a folder of its own in it; null for <c>captures</c> beside GoTop's own log.</summary>
    public string? Folder { get; init; }

    /// <summary>Length of CPU profiles and traces.</summary>
    public int Seconds { get; init; } = 5;

    /// <summary>A longer trace is cut off, so that a disk does not fill up in the middle of an incident.</summary>
    public int MaxTraceMegabytes { get; init; } = 1024;

    /// <summary>
    /// Command that opens a captured file, by the capture's name, or <see cref="AnyViewer"/>. <c>{file}</c> stands for the file.
    /// </summary>
    public ImmutableSortedDictionary<string, string> Viewers { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    /// <summary>Null when none is set.</summary>
    public string? ViewerOf(string kind) => Viewers.GetValueOrDefault(kind) ?? Viewers.GetValueOrDefault(AnyViewer);
}
