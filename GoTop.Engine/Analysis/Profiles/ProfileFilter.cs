using System.Collections.Immutable;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>Which samples of a profile count, and which of their frames are shown. Texts are found in names regardless of case.</summary>
public sealed record ProfileFilter
{
    public static ProfileFilter None { get; } = new();

    /// <summary>Only samples with a frame whose function or file contains this; empty for all.</summary>
    public string Focus { get; init; } = "";

    /// <summary>No samples with a frame whose function or file contains this; empty for none.</summary>
    public string Ignore { get; init; } = "";

    /// <summary>
    /// Shows no frames of the runtime: what they cost counts as their caller's. Of a stack that has no others, the outermost is shown.
    /// </summary>
    public bool HideRuntime { get; init; }

    /// <summary>Only samples that have all of these labels.</summary>
    public ImmutableArray<LabelFilter> Labels { get; init; } = [];
}

/// <summary>A label that samples must have.</summary>
/// <param name="Value">A text, or a number in digits; null for any.</param>
public sealed record LabelFilter(string Key, string? Value);
