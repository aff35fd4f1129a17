using System.Globalization;
using GoTop.Engine.Export.Metrics;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>Whose figures and lines they are, in OpenTelemetry's attributes.</summary>
internal static class OtlpResources
{
    private const string Tool = "gotop";

    public static Resource OfTarget(ExportedTarget target) => Of(target, [MetricLabel.Of(ExportedAttributes.ServiceName, target.Name)]);

    public static Resource OfProcess(ExportedTarget target, ExportedHost host) => Of(target, ExportedAttributes.Of(target, host));

    public static Resource OfHost(ExportedHost host)
    {
        Resource resource = new();
        resource.Attributes.Add(Attribute(ExportedAttributes.ServiceName, Tool));
        resource.Attributes.AddRange(ExportedAttributes.Of(host).Select(label => Attribute(label.Otel, label.Value)));
        return resource;
    }

    public static InstrumentationScope Scope(string toolVersion) => new() { Name = Tool, Version = toolVersion };

    public static KeyValue Attribute(string name, string value) =>
        // The only one of its kind: everybody else sends it as a number.
        new() { Key = name, Value = name == "process.pid" && long.TryParse(value, CultureInfo.InvariantCulture, out long number) ? new AnyValue { IntValue = number } : new AnyValue { StringValue = value } };

    private static Resource Of(ExportedTarget target, IEnumerable<MetricLabel> attributes)
    {
        Resource resource = new();
        resource.Attributes.AddRange(attributes.Select(label => Attribute(label.Otel, label.Value)));
        foreach ((string key, string value) in target.Labels)
        {
            if (!ExportedAttributes.OwnNames.Contains(key)) resource.Attributes.Add(Attribute(key, value));
        }

        return resource;
    }
}
