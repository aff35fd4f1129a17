using System.Collections.Immutable;
using GoTop.Engine.Export.Metrics;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;

namespace GoTop.Tests.Export;

/// <summary>Moments made by hand, the same on every machine.</summary>
internal static class ExportViews
{
    public static ExportedHost Machine { get; } = new("web1", "linux");

    public static ExportedTarget Shop(Observation? observation, params (string Key, string Value)[] labels) =>
        new("shop", labels.ToImmutableSortedDictionary(label => label.Key, label => label.Value, StringComparer.Ordinal), observation);

    /// <summary>The first target that has read the machine tells of it.</summary>
    public static ExportView Of(params ImmutableArray<ExportedTarget> targets) =>
        new(Observations.Start.AddMinutes(3), Machine, "0.1.0", targets) { HostFacts = targets.FirstOrDefault(target => target.Now?.Facts.Host.State == ReadingState.Present) };
}
