using System.Collections.Immutable;
using System.Diagnostics;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Services;

/// <summary>Stops and restarts real Go programs.</summary>
public sealed class PlainProcessTests : IDisposable
{
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-plain-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_ends_when_it_is_asked_to()
    {
        await using StartedProgram program = await StartAsync();
        ControlProgress progress = await RunAsync(await ServicePlans.OfAsync(ControlCatalog.Stop, Service(program.Id, 30), Cancellation));
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Equal("SIGTERM was sent: it has ended", progress.Steps[0].Told);
        Assert.Equal("ended", progress.After);
    }

    [Fact]
    public async Task One_that_does_not_listen_is_ended_for_good_after_the_deadline()
    {
        await using StartedProgram program = await StartAsync("-stubborn");
        ControlProgress progress = await RunAsync(await ServicePlans.OfAsync(ControlCatalog.Stop, Service(program.Id, 1), Cancellation));
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Contains("was killed", progress.Steps[0].Told, StringComparison.Ordinal);
        Assert.Equal("ended", progress.After);
    }

    [Fact]
    public async Task It_is_started_again_as_it_was_with_evidence_of_before()
    {
        await using StartedProgram program = await StartAsync();
        TargetContext target = Target(program.Id);
        IncidentCapture capture = new(new CaptureSettings { Folder = Path.Combine(_folder, "captures") }, new ControlSettings { CaptureCpuSeconds = 0, CaptureDeadline = TimeSpan.FromMinutes(2) }, () => TargetCondition.Unknown, "test");
        ControlPlan plan = await ServicePlans.RestartAsync(Service(program.Id, 30), target, capture, EnvironmentNames.Parse(["GOGC=300"]), Cancellation);
        ControlProgress progress = await RunAsync(plan);
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.True(program.HasExited);

        int again = int.Parse(progress.After!.Split(' ')[^1], System.Globalization.CultureInfo.InvariantCulture);
        try
        {
            ProcessKey key = _platform.FindProcess(again).Value;
            Assert.Equal(["-threads", "3", "-no-stdin"], _platform.CommandLine(key).Value[1..]);
            ImmutableArray<KeyValuePair<string, string>> environment = _platform.Environment(key).Value;
            Assert.Contains(KeyValuePair.Create("MARK", "kept"), environment);
            Assert.Contains(KeyValuePair.Create("GOGC", "300"), environment);
            Assert.Equal(target.Platform.Executable(key).Value.DisplayPath, target.Target.Path.Value);
        }
        finally
        {
            using Process process = Process.GetProcessById(again);
            process.Kill();
        }

        string folder = Assert.Single(Directory.GetDirectories(Path.Combine(_folder, "captures")));
        Assert.Contains("main.stay", await File.ReadAllTextAsync(Path.Combine(folder, "stacks.txt"), Cancellation), StringComparison.Ordinal);
        Assert.Contains("stacks in " + folder, progress.Steps[0].Told, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_be_restarted_when_its_program_is_gone()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals");
        string copy = Path.Combine(_folder, "copy");
        File.Copy(await GoToolchain.RequireAsync("threads"), copy);
        await using StartedProgram program = await StartedProgram.StartAsync(copy, ["-no-stdin"]);
        File.Delete(copy);
        ControlException refused = await Assert.ThrowsAsync<ControlException>(() => ServicePlans.RestartAsync(Service(program.Id, 30), null, null, EnvironmentNames.Parse([]), Cancellation));
        Assert.Contains("there is no file " + copy, refused.Message, StringComparison.Ordinal);
        Assert.False(program.HasExited);
    }

    private static async Task<StartedProgram> StartAsync(params string[] more)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "signals");
        return await StartedProgram.StartAsync(await GoToolchain.RequireAsync("threads"), ["-threads", "3", "-no-stdin", .. more], ("MARK", "kept"));
    }

    private TargetContext Target(int process)
    {
        string id = process.ToString(System.Globalization.CultureInfo.InvariantCulture);
        TargetIdentity identity = new TargetResolver(_platform, new GoProcessFinder(_platform, TimeProvider.System), []).Resolve(id).Target!.Identity;
        // Whatever starts the tests may itself be a unit.
        return new TargetContext(identity with { Service = Reading.NotSupported<string>("a test") }, _platform, TargetSettings.Default, TimeProvider.System);
    }

    private IService Service(int process, int stopSeconds) =>
        new ServiceFinder(_platform, new ControlSettings { StopDeadline = TimeSpan.FromSeconds(stopSeconds), StartDeadline = TimeSpan.FromSeconds(60) }, TimeProvider.System).Of(Target(process));

    private Task<ControlProgress> RunAsync(ControlPlan plan) =>
        new ControlSession(plan, ControlFixtures.Open(TimeProvider.System), ControlFixtures.Audit(_folder, TimeProvider.System), TimeProvider.System).RunAsync(Cancellation);
}
