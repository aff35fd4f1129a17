using System.Globalization;
using GoTop.Engine.Export.Metrics;
using OpenTelemetry.Proto.Common.V1;
using OpenTelemetry.Proto.Resource.V1;

namespace GoTop.Engine.Export.Otlp;

/// <summary>Whose figures and lines they are, in OpenTelemetry's attributes.</summary>
internal static class OtlpResources
{
    private const string Tool = "gotop";
    private const string ProcessNumber = "process.pid";

    public static Resource OfTarget(ExportedTarget target) => Of(target, [MetricLabel.Of(ExportedAttributes.ServiceName, target.Name)]);

    public static Resource OfProcess(ExportedTarget target, ExportedHost host)
    {
        Resource resource = Of(target, ExportedAttributes.Of(target, host));
        // The only number among them: everybody else sends it as one.
        foreach (KeyValue number in resource.Attributes.Where(attribute => attribute.Key == ProcessNumber))
            number.Value = new AnyValue { IntValue = long.Parse(number.Value.StringValue, CultureInfo.InvariantCulture) };
        return resource;
    }

    public static Resource OfHost(ExportedHost host)
    {
        Resource resource = new();
        resource.Attributes.Add(Attribute(ExportedAttributes.ServiceName, Tool));
        resource.Attributes.AddRange(ExportedAttributes.Of(host).Select(label => Attribute(label.Otel, label.Value)));
        return resource;
    }

    public static InstrumentationScope Scope(string toolVersion) => new() { Name = Tool, Version = toolVersion };

    public static KeyValue Attribute(string name, string value) => new() { Key = name, Value = new AnyValue { StringValue = value } };

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
