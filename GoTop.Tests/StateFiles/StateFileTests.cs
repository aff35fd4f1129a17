using GoTop.Cli;
using GoTop.Engine.Agent;
using GoTop.Engine.Alerts;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Watchdog;
using GoTop.Engine.Export.Exporters;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;
using GoTop.Panes.Alerts;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.StateFiles;

/// <summary>What the agent writes of itself, for all that read it.</summary>
public sealed class StateFileTests : IDisposable
{
    private static readonly DateTimeOffset Noon = new(2026, 11, 26, 12, 0, 0, TimeSpan.Zero);

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-state-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void How_alerts_watchdogs_and_exports_stand_every_account_may_read()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("there are no modes of files");
            return;
        }

        string[] files = [new AlertsFile(_folder).Path, new WatchdogFile(_folder).Path, new ExportFile(_folder).Path];
        foreach (string file in files)
        {
            // What a umask of 0077 makes; a process has but one umask, and other tests run beside this one.
            File.WriteAllText(file + ".new", "");
            File.SetUnixFileMode(file + ".new", UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }

        WriteAlerts(AlertPhase.Inactive);
        new WatchdogFile(_folder).Write(new WatchdogBook(Noon, []));
        new ExportFile(_folder).Write(new ExportState(Noon, []));
        // 0644.
        foreach (string file in files) Assert.Equal((UnixFileMode)0x1A4, File.GetUnixFileMode(file));
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"writtenAt\":\"2026-11-25T12:00:00Z\"}")]
    [InlineData("{\"writtenAt\":\"2026-11-25T12:00:00Z\",\"exporters\":null}")]
    public void Damaged_exports_say_so(string content)
    {
        File.WriteAllText(new ExportFile(_folder).Path, content);
        Reading<ExportState> read = new ExportFile(_folder).Read();
        Assert.Equal(ReadingState.Failed, read.State);
        Assert.StartsWith($"{new ExportFile(_folder).Path} cannot be read: ", read.Reason, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("null")]
    [InlineData("{\"writtenAt\":\"2026-11-25T12:00:00Z\",\"rules\":null,\"alerts\":[],\"channels\":[]}")]
    [InlineData("[1,")]
    public void Damaged_alerts_say_so(string content)
    {
        File.WriteAllText(new AlertsFile(_folder).Path, content);
        Reading<AlertsState> read = new AlertsFile(_folder).Read();
        Assert.Equal(ReadingState.Failed, read.State);
        Assert.StartsWith($"{new AlertsFile(_folder).Path} cannot be read: ", read.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void What_cannot_be_written_leaves_what_was_there()
    {
        WriteAlerts(AlertPhase.Firing);
        // Where the next version would be written stands a folder.
        Directory.CreateDirectory(new AlertsFile(_folder).Path + ".new");
        Assert.ThrowsAny<Exception>(() => WriteAlerts(AlertPhase.Resolved));
        Assert.Equal(AlertPhase.Firing, new AlertsFile(_folder).Read().Value.Rules[0].Phase);
    }

    [Fact]
    public void A_file_is_read_again_only_when_it_is_another()
    {
        string file = Path.Combine(_folder, "a");
        int reads = 0;
        LastRead<int> last = new();
        int Get() => last.Get(file, FileStamp.Of(file), () => Reading.Of(++reads)).Value;
        Assert.Equal([1, 1], [Get(), Get()]);
        File.WriteAllText(file, "1");
        Assert.Equal([2, 2], [Get(), Get()]);
        File.WriteAllText(file, "22");
        Assert.Equal([3, 3], [Get(), Get()]);
        File.Delete(file);
        Assert.Equal(4, Get());
    }

    [Fact]
    public void The_screen_parses_what_has_changed_and_is_woken_for_what_began_or_ended_alone()
    {
        FakePlatform platform = new();
        FakeProcess agent = new(12, "gotop", "/gotop");
        platform.Add(agent);
        new AgentStateFile(_folder).Write(new AgentState
        {
            ToolVersion = "0.1.0",
            ProcessId = 12,
            StartToken = agent.Key.StartToken,
            StartedAt = Noon,
            WrittenAt = Noon,
            Phase = AgentPhase.Running,
            Folder = _folder,
            Targets = [new AgentTargetState("shop", "process shop", TargetPhase.Watched, Noon, 77, null, Noon, 1, null, null, 0)],
        });
        WriteAlerts(AlertPhase.Inactive);
        FakeTimeProvider time = new(Noon);
        AgentLook look = new(platform, time);
        AgentSettings settings = new() { Folder = _folder };
        (SourceStatus? notice, Reading<AgentAlerts> first) = look.Look(settings);
        Assert.Equal(SourceState.Ok, notice!.State);
        Assert.Equal("shop", first.Value.Names[77]);
        time.Advance(TimeSpan.FromSeconds(3));
        AgentAlerts same = look.Look(settings).Alerts.Value;
        Assert.Same(first.Value.State, same.State);
        // How old it is goes on being told.
        Assert.Equal(TimeSpan.FromSeconds(3), same.ReadAt - first.Value.ReadAt);

        WriteAlerts(AlertPhase.Inactive, why: "97% is not above 98%");
        AgentAlerts figures = look.Look(settings).Alerts.Value;
        Assert.NotSame(same.State, figures.State);
        Assert.False(figures.IsNewsAfter(same));
        WriteAlerts(AlertPhase.Firing, why: "99% is above 98%");
        Assert.True(look.Look(settings).Alerts.Value.IsNewsAfter(figures));
    }

    private void WriteAlerts(AlertPhase phase, string why = "") => new AlertsFile(_folder).Write(new AlertsState(
        Noon, [new RuleStanding("cpu", "shop", Engine.Diagnosis.Severity.Warning, "cpu above 98%", phase, Noon, Noon, null, why, null, null, 0)], [], []));
}
