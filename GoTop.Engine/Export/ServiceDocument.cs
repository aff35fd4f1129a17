using System.Collections.Immutable;
using GoTop.Engine.Control.Services;

namespace GoTop.Engine.Export;

/// <summary>What <c>gotop service status --json</c> prints: see docs/json.md.</summary>
/// <param name="Environment">What its manager adds, of the variables that Go's runtime reads; the others may hold secrets.</param>
public sealed record ServiceDocument(
    string Name, string Manager, string? DisplayName, string State, string StateWords, int? Pid, string? Error, bool CanPause,
    ImmutableArray<string> Dependants, ImmutableArray<string> DependsOn, string? Recovery, ImmutableSortedDictionary<string, string>? Environment,
    ImmutableSortedDictionary<string, string> Absent)
{
    public static ServiceDocument Of(ServiceStatus status)
    {
        ImmutableSortedDictionary<string, string>.Builder absent = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        if (!status.Recovery.HasValue) absent["recovery"] = status.Recovery.Reason ?? "";
        ImmutableSortedDictionary<string, string>? environment = null;
        if (status.Environment.TryGet(out ImmutableArray<KeyValuePair<string, string>> entries))
            environment = entries.Where(entry => EnvironmentNames.All.Contains(entry.Key)).GroupBy(entry => entry.Key).ToImmutableSortedDictionary(same => same.Key, same => same.Last().Value, StringComparer.Ordinal);
        else absent["environment"] = status.Environment.Reason ?? "";
        return new ServiceDocument(
            status.Name, status.Manager, status.DisplayName, JsonNames.Of(status.State), status.StateWords, status.ProcessId, status.Error, status.CanPause,
            status.Dependants, status.DependsOn, status.Recovery.ValueOr(null), environment, absent.ToImmutable());
    }
}
