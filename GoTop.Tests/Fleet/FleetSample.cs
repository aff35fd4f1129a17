using System.Collections.Immutable;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using static GoTop.Tests.Fleet.FleetRows;

namespace GoTop.Tests.Fleet;

/// <summary>Two services on Linux and Windows, by address and through an engine, with something wrong of each kind.</summary>
internal static class FleetSample
{
    public static FleetSnapshot Fleet { get; } = FleetSnapshot.Of(
        [
            new FleetPart("urls", [One("checkout-1", "checkout", "web-1", "linux", 240) with { Target = "checkout-1" }, Gone("checkout-2", "checkout", "web-2", "linux") with { Target = "checkout-2" }], SourceState.Ok, null, TimeSpan.FromMilliseconds(40)),
            new FleetPart(
                "prometheus",
                [
                    One("10.0.0.11:9100", "checkout", "web-11", "linux", 251), One("10.0.0.12:9100", "checkout", "web-12", "windows", 236), One("10.0.0.13:9100", "checkout", "web-13", "linux", 12_041), One("10.0.0.14:9100", "checkout", "web-14", "windows", 244),
                    One("10.0.1.1:9100", "billing", "win-1", "windows", 88, "v3.2.0") with { Alerts = [new FleetAlert("SlowInvoices", Severity.Critical)] },
                    One("10.0.1.2:9100", "billing", "win-2", "windows", 90, "v3.1.9") with { StartedAt = Reading.Of(Now.AddSeconds(-95)) },
                    Row("10.0.1.3:9100", "billing", null, "win-3", "windows", (FleetFigure.Goroutines, 91), (FleetFigure.MemoryOfLimit, 91.5), (FleetFigure.Resident, 512 << 20)),
                ],
                SourceState.Stale, "no answer within 10 s", TimeSpan.FromSeconds(10)),
        ],
        Now);

    public static RankedRow Odd => Fleet.Rows.Single(row => row.Row.Name == "10.0.0.13:9100");

    /// <summary>The last hour of the odd one: its goroutines grow, its CPU goes up and down, and for a while nothing was read.</summary>
    public static FleetHistory Past { get; } = new(
        Odd.Row.Id, Now.AddHours(-1), TimeSpan.FromMinutes(1),
        [
            .. FleetFigureCatalog.All.Select(info => info.Figure switch
            {
                FleetFigure.Goroutines => Run(i => 240 + (i * 196)),
                FleetFigure.Cpu => Run(i => 40 + (30 * Math.Sin(i / 4.0))),
                FleetFigure.Resident => Run(i => (80 + i) * 1048576.0),
                _ => ImmutableArray<double>.Empty,
            }),
        ]);

    private static FleetRow One(string name, string service, string host, string os, double goroutines, string version = "v1.4.2") => Row(
        name, service, version, host, os, (FleetFigure.Cpu, 12 + (goroutines / 1000)), (FleetFigure.Resident, (80 << 20) + (goroutines * 3000)), (FleetFigure.Goroutines, goroutines), (FleetFigure.Heap, 30 << 20),
        (FleetFigure.SchedulingLatency, 180_000), (FleetFigure.Threads, 14), (FleetFigure.Handles, 31), (FleetFigure.HandlesOfLimit, 3.1), (FleetFigure.Allocation, 2 << 20), (FleetFigure.Pause, 0.02));

    private static FleetRow Gone(string name, string service, string host, string os) => Row(name, service, "v1.4.2", host, os) with
    {
        State = FleetState.Down,
        Reason = "connection refused",
        StartedAt = Reading.Failed<DateTimeOffset>("connection refused"),
        Figures = [.. FleetFigureCatalog.All.Select(_ => Reading.Failed<double>("connection refused"))],
    };

    private static ImmutableArray<double> Run(Func<int, double> value) => [.. Enumerable.Range(0, 61).Select(i => i is > 20 and < 26 ? double.NaN : value(i))];
}
