using System.Collections.Immutable;
using System.Text;

namespace GoTop.Engine.Fleet.PromQl;

/// <summary>The labels that the fleet reads; all others are left out by the queries already.</summary>
internal enum PromLabel : byte
{
    // What tells one target from another. A scrape gives job and instance, federation and an agent's page the others.
    Cluster,
    Namespace,
    Job,
    Instance,
    ExportedJob,
    ExportedInstance,
    ServiceName,
    ServiceInstance,
    Target,

    // What is known of it.
    Service,
    Host,
    HostName,
    Node,
    Os,
    OsType,

    // Of some queries alone.
    Name,
    Figure,
    Version,
    ServiceVersion,
    GoVersion,
    RuntimeVersion,
    Sysname,
    Nodename,
    AlertName,
    Rule,
    Severity,
}

internal static class PromLabels
{
    /// <summary>By <see cref="PromLabel"/>.</summary>
    public static ImmutableArray<string> Names { get; } =
    [
        "cluster", "namespace", "job", "instance", "exported_job", "exported_instance", "service_name", "service_instance_id", "target",
        "service", "host", "host_name", "node", "os", "os_type",
        "__name__", "gotop_figure", "version", "service_version", "go_version", "process_runtime_version", "sysname", "nodename", "alertname", "rule", "severity",
    ];

    private static readonly ImmutableArray<byte[]> Utf8 = [.. Names.Select(Encoding.UTF8.GetBytes)];

    /// <summary>So many, from the first, make up a target's identity.</summary>
    public const int OfIdentity = (int)PromLabel.Target + 1;

    /// <summary>So many, from the first, every query keeps.</summary>
    public const int OfTarget = (int)PromLabel.OsType + 1;

    /// <returns>−1 for a label that is not read.</returns>
    public static int Find(ReadOnlySpan<byte> name)
    {
        for (int i = 0; i < Utf8.Length; i++)
        {
            if (name.SequenceEqual(Utf8[i])) return i;
        }

        return -1;
    }
}
