namespace GoTop.Engine.Config;

/// <summary>One <c>[[fleet.prometheus]]</c>: an engine that answers PromQL.</summary>
/// <param name="Name">For the screen.</param>
/// <param name="Url">The address that <c>api/v1/query</c> stands below.</param>
public sealed record PrometheusSettings(string Name, Uri Url)
{
    public static readonly HttpSettings UsualHttp = new() { Timeout = TimeSpan.FromSeconds(10) };

    /// <summary>Matchers of PromQL without their braces; empty for all.</summary>
    public string Selector { get; init; } = "";

    /// <summary>Over which the engine makes rates.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>The header <c>X-Scope-OrgID</c>; null for none.</summary>
    public string? Tenant { get; init; }

    public HttpSettings Http { get; init; } = UsualHttp;

    public static PrometheusSettings Of(Uri url) => new(url.Authority, url);
}
