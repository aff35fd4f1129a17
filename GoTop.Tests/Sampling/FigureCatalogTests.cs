using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sampling;

public sealed class FigureCatalogTests
{
    [Fact]
    public void Names_are_unique_and_end_in_their_unit()
    {
        Assert.Distinct(FigureCatalog.All.Select(figure => figure.Name));
        foreach (NamedFigure figure in FigureCatalog.All)
        {
            string? ending = figure.Unit switch
            {
                Unit.Percent => "Percent",
                Unit.Bytes => "Bytes",
                Unit.BytesPerSecond => "BytesPerSecond",
                Unit.PerSecond => "erSecond",
                Unit.Nanoseconds => "Nanoseconds",
                _ => null,
            };
            if (ending is not null) Assert.EndsWith(ending, figure.Name, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_document_lists_exactly_these()
    {
        string document = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "figures.md")).ReplaceLineEndings("\n");
        Assert.True(
            document.EndsWith(FigureCatalog.ToMarkdown(), StringComparison.Ordinal),
            "docs/figures.md differs from the catalogue; put there what `gotop figures --markdown` prints");
    }

    [Fact]
    public void A_mistyped_name_is_guessed() => Assert.Equal("go.goroutines", FigureCatalog.Nearest("go.gorutines"));

    /// <summary>Shares whose parts are other figures: of the leaking service with a quota of two cores.</summary>
    [Fact]
    public void Shares_are_of_what_the_target_may_use()
    {
        Snapshot now = Observations.Leak.Now;
        double cores = Math.Min(now.Container.CpuQuotaCores.Value, now.Process.AllowedCores.Value.Count);
        Assert.Equal(now.Process.CpuPercent.Value / cores, Value("process.cpuOfCoresPercent", now), 6);
        Assert.Equal(100.0 * now.Process.ResidentBytes.Value / now.Container.MemoryLimitBytes.Value, Value("process.memoryOfLimitPercent", now), 6);
        Assert.Equal(100 - (100.0 * now.Host.MemoryAvailableBytes.Value / now.Host.MemoryTotalBytes.Value), Value("host.memoryUsedPercent", now), 6);
        Assert.Equal(1, Value("target.up", now));
        Assert.Equal(0, Value("target.up", Observations.Ended.Now));
    }

    [Fact]
    public void What_was_not_read_is_absent_with_its_reason()
    {
        foreach (NamedFigure figure in FigureCatalog.All.Where(figure => figure.Name != "target.up"))
        {
            Reading<double> reading = figure.Select(Observations.AllMissing.Now);
            Assert.False(reading.HasValue, figure.Name);
        }
    }

    private static double Value(string name, Snapshot now) => FigureCatalog.Find(name)!.Select(now).Value;
}
