using GoTop.Engine.Config;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Profiles;

/// <summary>Real Go services, from the oldest version to the newest.</summary>
public sealed class ProfileLiveTests
{
    private static readonly ProfileKindSet EveryVersionsKinds = ProfileKindSet.Of(
        ProfileKind.Cpu, ProfileKind.Heap, ProfileKind.Allocs, ProfileKind.Goroutine, ProfileKind.Mutex, ProfileKind.Block, ProfileKind.ThreadCreate);

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task Every_kind_is_had_and_is_a_profile(string version)
    {
        await using GoService service = await StartAsync("trouble", version, "-profiles");
        Interest interest = new() { Profiles = EveryVersionsKinds, LeakRequest = 1, Condition = new TargetCondition { Goroutines = Reading.Of(300L) } };
        ProfileCaptures captures = (await ReadAsync(service, interest)).Facts.ProfileCaptures;
        foreach (ProfileKind kind in EveryVersionsKinds)
        {
            Assert.True(captures[kind].HasValue, $"{kind}: {captures[kind].Reason}");
            Profile profile = ProfileReader.Read(captures[kind].Value.Content.AsMemory(), cancellation: TestContext.Current.CancellationToken);
            Assert.True(profile.SampleCount > 0, $"{kind} has no samples");
            Assert.Equal(kind == ProfileKind.Cpu ? 1 : 0, captures[kind].Value.Seconds);
        }

        if (version == "1.27") Assert.True(captures.GoroutineLeak.HasValue, captures.GoroutineLeak.Reason);
        else Assert.Equal((ReadingState.NotSupported, "404 Not Found for goroutineleak: Unknown profile"), (captures.GoroutineLeak.State, captures.GoroutineLeak.Reason));
    }

    [Fact]
    public async Task A_service_that_has_not_enabled_lock_profiles_serves_empty_ones()
    {
        await using GoService service = await StartAsync("trouble", "1.27");
        ProfileCaptures captures = (await ReadAsync(service, new Interest { Profiles = ProfileKindSet.Of(ProfileKind.Mutex, ProfileKind.Block) })).Facts.ProfileCaptures;
        Assert.Equal(0, ProfileReader.Read(captures.Mutex.Value.Content.AsMemory(), cancellation: TestContext.Current.CancellationToken).SampleCount);
        Assert.Equal(0, ProfileReader.Read(captures.Block.Value.Content.AsMemory(), cancellation: TestContext.Current.CancellationToken).SampleCount);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.27")]
    public async Task Somebody_elses_profile_is_told_as_such(string version)
    {
        await using GoService service = await StartAsync("healthy", version);
        using HttpClient somebody = new();
        // Once its headers are there the profile has begun: a trace streams from the start.
        using HttpResponseMessage theirs = await somebody.GetAsync(
            new Uri($"http://{service.Address}/debug/pprof/trace?seconds=30"), HttpCompletionOption.ResponseHeadersRead, TestContext.Current.CancellationToken);
        AwaitableTime time = new();
        using ProfileClient client = ProfileClient.Create(new PprofPlace(new Uri($"http://{service.Address}/debug/pprof/"), FoundByProbe: false), new HttpSettings(), time);
        HttpException failure = await Assert.ThrowsAsync<HttpException>(() => client.AskAsync(
            ServedProfile.Trace, 1, 1 << 20, (_, _) => ValueTask.CompletedTask, new RequestProgress("", 0, time), askTwice: false, TestContext.Current.CancellationToken));
        Assert.Equal(HttpFailure.InUse, failure.Failure);
        Assert.Contains("already enabled", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("1.19", 1)]
    [InlineData("1.22", 1)]
    [InlineData("1.25", 4)]
    public async Task A_write_timeout_shortens_the_profile_where_the_version_lets_it(string version, int seconds)
    {
        await using GoService service = await StartAsync("healthy", version, "-write-timeout", "2s");
        using ProfileClient client = ProfileClient.Create(
            new PprofPlace(new Uri($"http://{service.Address}/debug/pprof/"), FoundByProbe: false), new HttpSettings(), TimeProvider.System);
        ProfileAnswer answer = await client.AskAsync(
            ServedProfile.Cpu, 4, 1 << 20, (body, token) => new ValueTask(body.CopyToAsync(Stream.Null, token)), new RequestProgress("", 0, TimeProvider.System), askTwice: true,
            TestContext.Current.CancellationToken);
        Assert.Equal(seconds, answer.Seconds);
        Assert.True(answer.Bytes > 100);
    }

    private static async Task<GoService> StartAsync(string target, string version, params string[] arguments) =>
        await GoService.StartAsync(await GoToolchain.RequireAsync(target, version, OperatingSystem.IsWindows() ? "windows" : "linux"), arguments);

    private static async Task<SourceResult> ReadAsync(GoService service, Interest interest)
    {
        TargetContext context = new(
            new TargetIdentity { Name = "svc" }, new UnsupportedPlatform(), new TargetSettings { Url = new Uri($"http://{service.Address}") }, TimeProvider.System)
        {
            Profiles = new ProfileSettings { CpuSeconds = 1 },
        };
        await using ProfileSource source = (ProfileSource)ProfileSource.Create(context)!;
        await source.ReadAsync(interest, TestContext.Current.CancellationToken);
        await source.Working!;
        return await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
    }
}
