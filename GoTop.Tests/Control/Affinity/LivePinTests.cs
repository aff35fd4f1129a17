using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Affinity;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Affinity;

/// <summary>Pins real Go programs; what came of it is read from /proc.</summary>
public sealed class LivePinTests : IDisposable
{
    private readonly IPlatform _platform = HostPlatform.Detect(TimeProvider.System);
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-audit-").FullName;

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task All_threads_of_a_program_that_makes_more_all_the_time_are_pinned_and_undone()
    {
        RequireLinuxWithTwoCores();
        string executable = await GoToolchain.RequireAsync("threads");
        await using StartedProgram program = await StartedProgram.StartAsync(executable, ["-threads", "8", "-churn"]);
        TargetContext target = Target(program.Id);
        string before = AllowedLists(program.Id).Single();
        int core = CoreSet.Parse(before).Cores[^1];

        ControlPlan plan = AffinityPlans.Pin(target, CorePlan.List(core.ToString(CultureInfo.InvariantCulture)), gomaxprocs: null);
        ControlProgress progress = await RunAsync(plan);
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Equal(core.ToString(CultureInfo.InvariantCulture), AllowedLists(program.Id).Single());
        Assert.True(Directory.GetDirectories($"/proc/{program.Id}/task").Length >= 8);

        Assert.Equal(ControlOutcome.Done, (await RunAsync(plan.Undo!)).Outcome);
        Assert.Equal(before, AllowedLists(program.Id).Single());
    }

    [Fact]
    public async Task Nice_and_I_O_priority_are_those_of_all_threads()
    {
        RequireLinuxWithTwoCores();
        string executable = await GoToolchain.RequireAsync("threads");
        await using StartedProgram program = await StartedProgram.StartAsync(executable, ["-threads", "4"]);
        ControlPlan plan = AffinityPlans.Priority(Target(program.Id), new ProcessPriority { Nice = 7, Io = "best-effort:6" });
        ControlProgress progress = await RunAsync(plan);
        Assert.True(progress.Outcome == ControlOutcome.Done, progress.Reason);
        Assert.Equal("nice 7, I/O best-effort:6", progress.After);
        foreach (string task in Directory.GetDirectories($"/proc/{program.Id}/task"))
        {
            string stat = await File.ReadAllTextAsync(task + "/stat", Cancellation);
            Assert.Equal("7", stat[(stat.LastIndexOf(')') + 2)..].Split(' ')[16]);
        }
    }

    [Fact]
    public async Task Go_1_25_and_later_follows_as_is_said()
    {
        RequireLinuxWithTwoCores();
        string executable = await GoToolchain.RequireAsync("threads", "1.27");
        await using StartedProgram program = await StartedProgram.StartAsync(executable, ["-churn", "-follow"], ("GODEBUG", "updatemaxprocs=1"));
        ControlPlan plan = AffinityPlans.Pin(Target(program.Id), CorePlan.List("0"), gomaxprocs: null);
        Assert.Contains("follows by itself", plan.Warnings[0], StringComparison.Ordinal);
        Assert.Equal(ControlOutcome.Done, (await RunAsync(plan)).Outcome);
        await program.UntilAsync("gomaxprocs 1");
    }

    [Fact]
    public async Task A_module_of_before_1_25_does_not_follow_and_is_said_not_to()
    {
        RequireLinuxWithTwoCores();
        string executable = await GoToolchain.RequireAsync("threads", "1.27");
        await using StartedProgram program = await StartedProgram.StartAsync(executable, []);
        ControlPlan plan = AffinityPlans.Pin(Target(program.Id), CorePlan.List("0"), gomaxprocs: null);
        Assert.Contains("updatemaxprocs=0 holds it back", plan.Warnings[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_process_that_has_ended_is_told()
    {
        RequireLinuxWithTwoCores();
        string executable = await GoToolchain.RequireAsync("threads");
        TargetContext target;
        await using (StartedProgram program = await StartedProgram.StartAsync(executable, [])) target = Target(program.Id);
        Assert.Contains("has ended", Assert.Throws<ControlException>(() => AffinityPlans.Pin(target, CorePlan.All, null)).Message, StringComparison.Ordinal);
    }

    private static void RequireLinuxWithTwoCores()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads /proc");
        Assert.SkipUnless(Environment.ProcessorCount >= 2, "needs two cores");
    }

    private static IEnumerable<string> AllowedLists(int process) => Directory.GetDirectories($"/proc/{process}/task")
        .Select(task => TryRead(task + "/status").Split('\n').FirstOrDefault(line => line.StartsWith("Cpus_allowed_list:", StringComparison.Ordinal))?.Split('\t')[1])
        .OfType<string>().Distinct();

    /// <summary>Threads come and go.</summary>
    private static string TryRead(string path)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (IOException)
        {
            return "";
        }
    }

    private TargetContext Target(int process) => new(
        new TargetResolver(_platform, new GoProcessFinder(_platform, TimeProvider.System), []).Resolve(process.ToString(CultureInfo.InvariantCulture)).Target!.Identity,
        _platform, TargetSettings.Default, TimeProvider.System);

    private Task<ControlProgress> RunAsync(ControlPlan plan) =>
        new ControlSession(plan, ControlFixtures.Open(TimeProvider.System), ControlFixtures.Audit(_folder, TimeProvider.System), TimeProvider.System).RunAsync(Cancellation);
}
