using System.Collections.Immutable;

namespace GoTop.Engine.Http;

/// <summary>A page of a service, and what of its answer is taken.</summary>
/// <param name="Path">Relative to the base that the exchange has.</param>
/// <param name="MediaType">What the answer must say it is.</param>
/// <param name="MaxBytes">Longer ones, after decompression, are refused.</param>
public sealed record HttpPage(string Path, string MediaType, int MaxBytes)
{
    /// <summary>Keep only this much of the end, at least; 0 keeps everything.</summary>
    public int KeepLastBytes { get; init; }

    /// <summary>Stop reading at <see cref="MaxBytes"/> in place of refusing.</summary>
    public bool CutAtMax { get; init; }

    /// <summary>A profile or trace: wanted as it was made, not packed again, and where it is refused the answer's text says why.</summary>
    public bool IsProfile { get; init; }

    /// <summary>Asked for as it is: unpacking would cost more than the network does.</summary>
    public bool IsWantedPlain { get; init; }

    /// <summary>Where it is refused, the answer's text says why.</summary>
    public bool QuotesErrors { get; init; }

    /// <summary>Other types that will do as well.</summary>
    public ImmutableArray<string> OtherMediaTypes { get; init; } = [];

    /// <summary>What to ask for where the server can give several; null for nothing in particular.</summary>
    public string? Accept { get; init; }

    /// <summary>Its name in place of its path.</summary>
    public string? Name { get; init; }

    /// <summary>As reasons name it: <c>/debug/vars</c>, <c>heap?debug=1</c>, <c>the index</c>.</summary>
    public string Title => Name ?? Path;
}
