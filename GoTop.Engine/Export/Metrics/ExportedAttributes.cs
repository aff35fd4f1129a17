using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Metrics;

/// <summary>Who a target and a machine are, by OpenTelemetry's names for resources.</summary>
public static class ExportedAttributes
{
    public const string ServiceName = "service.name";

    private const int MostChars = 200;

    public static ImmutableArray<string> OwnNames { get; } =
        [ServiceName, "service.version", "service.instance.id", "process.pid", "process.executable.name", "process.runtime.name", "process.runtime.version", "host.name", "os.type"];

    /// <summary>Prometheus' names of labels that points carry.</summary>
    internal static ImmutableArray<string> LabelsOfPoints { get; } =
        ["rule", "severity", "state", "level", "protocol", "version", "cpu_mode", "disk_io_direction", "system_paging_fault_type", "go_memory_type", "go_cpu_state"];

    /// <summary>What is known of it: for a target that is only an address, not its machine.</summary>
    public static ImmutableArray<MetricLabel> Of(ExportedTarget target, ExportedHost host)
    {
        ImmutableArray<MetricLabel>.Builder attributes = ImmutableArray.CreateBuilder<MetricLabel>();
        Add(ServiceName, target.Name);
        if (target.Now?.Target is not { } identity) return attributes.ToImmutable();
        if (identity.Build.TryGet(out GoBuildInfo? build))
        {
            if (build.ModuleVersion.Length > 0) Add("service.version", build.ModuleVersion);
            Add("process.runtime.version", build.GoVersion);
        }

        Add("process.runtime.name", "go");
        if (identity.Process is { } process)
        {
            // A number recurs; with its start it is this very process.
            Add("service.instance.id", string.Create(CultureInfo.InvariantCulture, $"{host.Name}-{process.ProcessId}-{process.StartToken}"));
            Add("process.pid", process.ProcessId.ToString(CultureInfo.InvariantCulture));
            foreach (MetricLabel label in Of(host)) attributes.Add(label);
        }
        else
        {
            Add("service.instance.id", identity.PprofUrl.TryGet(out string? url) && Uri.TryCreate(url, UriKind.Absolute, out Uri? address) ? address.Authority : target.Name);
        }

        if (identity.Path.TryGet(out string? path)) Add("process.executable.name", path[(path.LastIndexOfAny(['/', '\\']) + 1)..]);
        return attributes.ToImmutable();

        void Add(string name, string value) => attributes.Add(MetricLabel.Of(name, PlainText.Clean(value, MostChars)));
    }

    public static ImmutableArray<MetricLabel> Of(ExportedHost host) => [MetricLabel.Of("host.name", host.Name), MetricLabel.Of("os.type", host.Os)];
}
