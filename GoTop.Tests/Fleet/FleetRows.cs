using GoTop.Engine.Fleet;
using GoTop.Engine.Model;

namespace GoTop.Tests.Fleet;

/// <summary>Rows made by hand.</summary>
internal static class FleetRows
{
    public static readonly DateTimeOffset Now = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    public static FleetRow Row(string name, string service = "shop", string? version = "v1.2.3", string host = "alpha", string os = "linux", params (FleetFigure Figure, double Value)[] figures)
    {
        Reading<double>[] values = [.. FleetFigureCatalog.All.Select(_ => Reading.NotSupported<double>("its metrics lack it"))];
        foreach ((FleetFigure figure, double value) in figures) values[(int)figure] = Reading.Of(value);
        return new FleetRow($"test:{name}", name, service)
        {
            State = FleetState.Up,
            Source = "test",
            Host = Reading.Of(host),
            Os = Reading.Of(os),
            Version = version is null ? Reading.NotSupported<string>("its metrics lack go_build_info") : Reading.Of(version),
            GoVersion = Reading.Of("go1.27.4"),
            StartedAt = Reading.Of(Now.AddDays(-3)),
            Figures = [.. values],
        };
    }

    public static FleetRow Goroutines(string name, double goroutines, string service = "shop", string? version = "v1.2.3") =>
        Row(name, service, version, figures: (FleetFigure.Goroutines, goroutines));

    public static FleetSnapshot Snapshot(params FleetRow[] rows) => FleetSnapshot.Of([new FleetPart("test", [.. rows], SourceState.Ok, null, TimeSpan.FromMilliseconds(12))], Now);
}
