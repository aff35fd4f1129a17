using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Control.Watchdog.Checks;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Control.Watchdog;

public sealed class WatchdogFileTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-watchdog-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_written_is_read_again()
    {
        WatchdogFile file = new(_folder);
        Assert.Equal(ReadingState.NotSupported, file.Read().State);
        WatchdogStanding standing = new("shop", WatchdogPhase.GivenUp, Noon, "restarted 3 times", "nothing")
        {
            Restarts = 3,
            CoolsUntil = Noon.AddMinutes(1),
            StoppedBy = "stop by anna",
            Checks = [new CheckResult("http", CheckOutcome.Failed, "answers 500")],
        };
        file.Write(new WatchdogBook(Noon, [standing]));
        WatchdogStanding read = Assert.Single(file.Read().Value.Targets);
        Assert.Equal(standing.Checks, read.Checks.AsEnumerable());
        Assert.Equal(standing with { Checks = read.Checks }, read);
        Assert.Equal([file.Path], Directory.GetFiles(_folder));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"writtenAt\":\"2026-11-25T12:00:00Z\",\"targets\":null}")]
    [InlineData("{\"targets\":[{\"phase\":\"GivenUp\"}]}")]
    [InlineData("[1,")]
    public void A_damaged_one_says_so(string content)
    {
        WatchdogFile file = new(_folder);
        File.WriteAllText(file.Path, content);
        Assert.Equal(ReadingState.Failed, file.Read().State);
    }
}
