using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Traces;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Traces;

public sealed class TraceLiveTests
{
    [Theory]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task A_service_in_trouble_is_traced_while_the_trace_arrives(string version)
    {
        string program = await GoToolchain.RequireAsync("trouble", version, OperatingSystem.IsWindows() ? "windows" : "linux");
        await using GoService service = await GoService.StartAsync(program);
        TargetContext context = new(
            new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = new Uri($"http://{service.Address}") }, TimeProvider.System);
        await using TraceSource source = (TraceSource)TraceSource.Create(context)!;
        await source.ReadAsync(new Interest { TraceRequest = 1 }, TestContext.Current.CancellationToken);
        await source.Working!;
        Reading<TraceBurst> trace = (await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken)).Facts.Trace;
        Assert.True(trace.HasValue, trace.Reason);
        Assert.Null(trace.Value.Report.EndedEarly);
        Assert.InRange(trace.Value.Report.DurationNanoseconds, 700_000_000, 10_000_000_000);
        Assert.Contains(trace.Value.Report.Blocked, blocked => blocked.Name == "sync");
    }
}
