using GoTop.Engine.Http;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>The operating systems of machines, as exporters of machines tell them.</summary>
internal sealed class PromHosts
{
    private const int Most = 20_000;

    /// <summary>By host name or address.</summary>
    public IReadOnlyDictionary<string, string> OsOfHost { get; private set; } = new Dictionary<string, string>();

    /// <exception cref="OperationCanceledException">Only for <paramref name="cancellation"/>.</exception>
    public async ValueTask ReadAsync(PromClient client, CancellationToken cancellation)
    {
        Dictionary<string, string> told = new(StringComparer.OrdinalIgnoreCase);
        try
        {
            await client.QueryAsync(
                PromQueries.Hosts,
                series =>
                {
                    string os = series[PromLabel.Name] == "windows_os_info" ? "windows" : series[PromLabel.Sysname]?.ToLowerInvariant() ?? "linux";
                    if (told.Count >= Most) return;
                    if (series[PromLabel.Instance] is { } instance) told[PromTarget.HostOf(instance)] = os;
                    if (series[PromLabel.Nodename] is { } node) told[node] = os;
                },
                cancellation).ConfigureAwait(false);
            OsOfHost = told;
        }
        catch (HttpException)
        {
            // Who may not ask for machines sees the targets all the same.
        }
    }
}
