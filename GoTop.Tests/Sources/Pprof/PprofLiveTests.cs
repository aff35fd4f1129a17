using System.Net;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Pprof;

/// <summary>Real Go services of the oldest and the newest version.</summary>
public sealed class PprofLiveTests
{
    [Theory]
    [InlineData("1.19")]
    [InlineData("1.27")]
    public async Task A_healthy_service_is_found_by_its_arguments_and_read(string version)
    {
        string program = await GoToolchain.RequireAsync("healthy", version, HostGoos());
        await using GoService service = await GoService.StartAsync(program, "-rate", "20");
        Uri? url = await PprofProbe.FindAsync("127.0.0.1", service.Port, [program, "-rate", "20"], new AwaitableTime(), TestContext.Current.CancellationToken);
        Assert.Equal($"http://{service.Address}/debug/pprof/", url?.AbsoluteUri);
        Assert.Null(await PprofProbe.FindAsync("127.0.0.1", service.Port, [program], new AwaitableTime(), TestContext.Current.CancellationToken));

        RuntimeCounters runtime = (await ReadAsync(url!)).Facts.Runtime;
        Assert.InRange(runtime.Goroutines.Value, 5, 60);
        Assert.InRange(runtime.Threads.Value, 2, 100);
        Assert.InRange(runtime.HeapLiveBytes.Value, 100_000, 100_000_000);
        Assert.True(runtime.HeapGoalBytes.Value >= 4 << 20);
        Assert.Equal(runtime.GcCycles.Value, runtime.RecentPausesNanoseconds.Value.Length);
        Assert.True(runtime.PauseTotalNanoseconds.HasValue);
    }

    [Fact]
    public async Task A_leaking_service_has_a_goroutine_for_each_request_it_gave_up()
    {
        string program = await GoToolchain.RequireAsync("leak", goos: HostGoos());
        await using GoService service = await GoService.StartAsync(program, "-rate", "0");
        Uri url = new($"http://{service.Address}");
        long before = (await ReadAsync(url)).Facts.Runtime.Goroutines.Value;
        using HttpClient customer = new();
        int leaked = 0;
        for (int request = 0; request < 1000 && leaked < 40; request++)
        {
            // On a busy machine a request may be so late that its answer is there, which then leaks nothing.
            using HttpResponseMessage answer = await customer.GetAsync(new Uri(url, "/order"), TestContext.Current.CancellationToken);
            if (answer.StatusCode == HttpStatusCode.GatewayTimeout) leaked++;
        }

        // Other than those there are only the connections' goroutines.
        long after = (await ReadAsync(url)).Facts.Runtime.Goroutines.Value;
        Assert.InRange(after - before, 40, 50);
    }

    [Fact]
    public async Task Without_pprof_there_is_nothing_to_find()
    {
        string program = await GoToolchain.RequireAsync("healthy", goos: HostGoos());
        await using GoService service = await GoService.StartAsync(program, "-pprof=false");
        Assert.Null(await PprofProbe.FindAsync("127.0.0.1", service.Port, [program, "-pprof=false"], new AwaitableTime(), TestContext.Current.CancellationToken));
    }

    private static string HostGoos() => OperatingSystem.IsWindows() ? "windows" : "linux";

    private static async Task<SourceResult> ReadAsync(Uri url)
    {
        TargetContext context = new(
            new TargetIdentity { Name = "healthy" }, new UnsupportedPlatform(), new TargetSettings { Url = url }, new AwaitableTime());
        await using ISource source = PprofSource.Create(context)!;
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal(SourceState.Ok, result.State);
        return result;
    }
}
