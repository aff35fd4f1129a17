namespace GoTop.Engine.Config;

/// <summary>A provider of event tracing (ETW) that the service itself writes to; one <c>[[etw.provider]]</c>.</summary>
/// <param name="Name">As the service registers it; null where it is known by its GUID alone.</param>
/// <param name="Id">Null: found by the name, as Windows knows it or as services of Go and .NET make it of the name.</param>
/// <param name="Keywords">Events that have one of these bits; all by default.</param>
public sealed record EtwProviderSettings(string? Name, Guid? Id, EtwLevel Level, ulong Keywords)
{
    /// <summary>For the screen.</summary>
    public string Title => Name ?? $"{{{Id}}}";
}

/// <summary>Events up to this level of detail; the numbers are ETW's.</summary>
public enum EtwLevel : byte
{
    Critical = 1,
    Error = 2,
    Warning = 3,
    Information = 4,
    Verbose = 5,
}
