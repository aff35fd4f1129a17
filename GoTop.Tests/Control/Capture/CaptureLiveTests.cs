using CliWrap;
using CliWrap.Buffered;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;
using CommandLine = CliWrap.Cli;

namespace GoTop.Tests.Control.Capture;

/// <summary>Real services, and Go's own tools that open what was captured of them.</summary>
public sealed class CaptureLiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-capture-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task Gos_own_tools_open_every_file(string version)
    {
        await using GoService service = await StartAsync("trouble", version, "-profiles");
        CaptureProgress progress = await RunAsync(service, new TargetCondition { Goroutines = Reading.Of(300L) });
        foreach (CaptureItem item in progress.Items)
        {
            bool isHad = item.Kind.Id switch
            {
                "goroutineleak" => version == "1.27",
                CaptureCatalog.FlightId => false, // Windows'
                _ => true,
            };
            Assert.True(item.State == (isHad ? CaptureState.Done : CaptureState.NotHad), $"{item.Kind.Id}: {item.State} {item.Reason}");
        }

        string go = GoToolchain.RequireGo(version);
        foreach (CapturedFile file in progress.Items.SelectMany(item => item.Files).Where(file => file.Name.EndsWith(".pb.gz", StringComparison.Ordinal)))
            Assert.Contains("flat  flat%", await GoAsync(go, "tool", "pprof", "-top", file.Name), StringComparison.Ordinal);
        Assert.Contains("main.(*ledger).teller", await GoAsync(go, "tool", "pprof", "-top", "stacks.pb.gz"), StringComparison.Ordinal);
        Assert.Contains("main.(*ledger).book", await GoAsync(go, "tool", "pprof", "-traces", "-tagfocus=wait_reason=sync.Mutex.Lock|semacquire", "stacks.pb.gz"), StringComparison.Ordinal);
        // A profile of the waits that the trace holds: the tool has read all of it for that.
        await GoAsync(go, "tool", "trace", "-pprof=sync", "trace.out");
        Assert.True(new FileInfo(Path.Combine(_folder.FullName, "goroutine.txt")).Length > 10_000);
        await using FileStream text = File.OpenRead(Path.Combine(_folder.FullName, "stacks.txt"));
        GoroutineDump dump = GoroutineDumpReader.Read(text, TestContext.Current.CancellationToken).Value;
        Assert.Empty(dump.Problems);
        Assert.InRange(dump.Rows.Length, 205, 260);
    }

    [Fact]
    public async Task Without_pprof_there_are_the_stacks()
    {
        await using GoService service = await StartAsync("trouble", "1.27", "-pprof=false");
        CaptureProgress progress = await RunAsync(service, TargetCondition.Unknown);
        Assert.Equal(CaptureState.Done, progress.Items.Single(item => item.Kind.Id == "stacks").State);
        Assert.All(progress.Items.Where(item => item.Kind.Id != "stacks"), item => Assert.Equal(CaptureState.NotHad, item.State));
        Assert.Equal(0, progress.Failed);
        Assert.Equal(["manifest.json", "stacks.pb.gz", "stacks.txt"], _folder.GetFiles().Select(file => file.Name).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_target_that_ends_leaves_what_was_captured()
    {
        GoService service = await StartAsync("healthy", "1.27");
        using CaptureSession session = Session(service, new TargetCondition { Goroutines = Reading.Of(30L) }, seconds: 60);
        Task<CaptureProgress> run = session.RunAsync(TestContext.Current.CancellationToken);
        await Until.TrueAsync(() => session.Progress.Running is { Kind.Id: "cpu" });
        await service.DisposeAsync();
        CaptureProgress progress = await run;
        Assert.Equal(CaptureState.Done, progress.Items.Single(item => item.Kind.Id == "heap").State);
        // A process loses its connections a moment before it has ended, so the reason may be the one or the other.
        foreach (string kind in new[] { "cpu", "trace" })
        {
            CaptureItem item = progress.Items.Single(each => each.Kind.Id == kind);
            Assert.True(item.State is CaptureState.Failed or CaptureState.NotHad, $"{kind}: {item.State}");
            Assert.False(string.IsNullOrEmpty(item.Reason));
        }
    }

    private static async Task<GoService> StartAsync(string target, string version, params string[] arguments)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "reads the memory of a Linux process");
        return await GoService.StartAsync(await GoToolchain.RequireAsync(target, version), arguments);
    }

    private CaptureSession Session(GoService service, TargetCondition condition, int seconds)
    {
        IPlatform platform = HostPlatform.Detect(TimeProvider.System);
        TargetIdentity target = new() { Name = "svc", Process = platform.FindProcess(service.ProcessId).Value };
        TargetContext context = new(target, platform, TargetSettings.Default, TimeProvider.System);
        CapturePlan plan = new(CaptureCatalog.All, seconds, _folder.FullName) { IsAll = true, ToolVersion = "0" };
        return new CaptureSession(context, plan, () => condition, Path.Combine(_folder.FullName, "..", _folder.Name + "-locks"));
    }

    private async Task<CaptureProgress> RunAsync(GoService service, TargetCondition condition)
    {
        using CaptureSession session = Session(service, condition, seconds: 1);
        return await session.RunAsync(TestContext.Current.CancellationToken);
    }

    private async Task<string> GoAsync(string go, params string[] arguments)
    {
        BufferedCommandResult result = await CommandLine.Wrap(go).WithArguments(arguments).WithWorkingDirectory(_folder.FullName)
            .WithEnvironmentVariables(v => v.Set("PPROF_TMPDIR", _folder.FullName).Set("GOTOOLCHAIN", "local"))
            .WithValidation(CommandResultValidation.None).ExecuteBufferedAsync(TestContext.Current.CancellationToken);
        Assert.True(result.ExitCode == 0, $"go {string.Join(' ', arguments)}: {result.StandardError}");
        return result.StandardOutput;
    }
}
