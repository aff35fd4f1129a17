using System.Globalization;
using GoTop.Engine.Recording;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Agent;

/// <summary>
/// <c>gotop agent</c> is killed (SIGKILL) while it records: the recording opens, all of it can be read, and what
/// others could read of it before is there.
/// </summary>
public sealed class KilledRecordingTests : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-killed-agent-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private string Program => Path.Combine(_folder, $"kept{Path.GetFileName(_folder)[^6..]}");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        File.Copy(await GoToolchain.RequireAsync("leak"), Program);
    }

    public ValueTask DisposeAsync()
    {
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    [Fact]
    public async Task It_is_whole_at_any_moment() => await KillAsync(times: 3);

    /// <summary><c>--explicit on --filter-method "*It_is_whole_a_hundred_times"</c>. Prints how old the newest tick was at each kill.</summary>
    [Fact(Explicit = true)]
    public async Task It_is_whole_a_hundred_times() => await KillAsync(times: 100);

    private async Task KillAsync(int times)
    {
        await using StartedProgram program = await StartedProgram.StartAsync(Program, []);
        string config = Path.Combine(_folder, "gotop.toml");
        await File.WriteAllTextAsync(
            config,
            $"""
            [agent]
            folder = '{_folder}'
            keep = {times + 1}
            [[target]]
            name = "kept"
            process = "{Path.GetFileName(Program)}"
            """,
            Cancellation);
        List<TimeSpan> ages = [];
        string[] before = [];
        for (int round = 0; round < times; round++)
        {
            await using AgentProcess agent = AgentProcess.Start(config);
            string file = "";
            await agent.ComesToAsync(() => Recordings().Except(before).SingleOrDefault() is { } its && (file = its).Length > 0);
            await agent.ComesToAsync(() => Ticks(file) > round % 4);
            // Another moment between two ticks each time.
            int seen = Ticks(file);
            for (int looks = Random.Shared.Next(400); looks > 0; looks--) seen = Ticks(file);
            DateTimeOffset killed = TimeProvider.System.GetUtcNow();
            await agent.KillAsync();
            using RecordingReader reader = RecordingReader.Open(file);
            Assert.All(reader.ReadAll(), tick => Assert.Null(tick.Damage));
            Assert.True(reader.Count >= seen, $"{reader.Count} of {seen} ticks are left");
            ages.Add(killed - reader.Read(reader.Count - 1).Time);
            before = Recordings();
        }

        ages.Sort();
        TestContext.Current.TestOutputHelper?.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"killed {times} times; the newest tick was {ages[times / 2].TotalSeconds:0.00} s old (median), {ages[^1].TotalSeconds:0.00} s at most"));
    }

    private string[] Recordings() => Directory.Exists(Path.Combine(_folder, "recordings")) ? Directory.GetFiles(Path.Combine(_folder, "recordings"), "*.gotop") : [];

    /// <summary>None while it is being made.</summary>
    private static int Ticks(string file)
    {
        try
        {
            using RecordingReader reader = RecordingReader.Open(file);
            return reader.Count;
        }
        catch (RecordingException)
        {
            return 0;
        }
    }
}
