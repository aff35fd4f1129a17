using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

/// <summary>Against <c>go tool pprof</c>: profiles of a live service, and profiles that we made.</summary>
public sealed class LivePprofTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-profiles-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.22")]
    [InlineData("1.25")]
    [InlineData("1.27")]
    public async Task Functions_of_a_live_service_are_those_of_pprof(string version)
    {
        string program = await GoToolchain.RequireAsync("trouble", version);
        await using GoService service = await GoService.StartAsync(program, "-profiles", "-rate", "20");
        using HttpClient client = new() { BaseAddress = new Uri($"http://{service.Address}/debug/pprof/") };
        foreach (string page in (string[])["profile?seconds=1", "heap", "allocs", "goroutine", "mutex", "block", "threadcreate", "heap?seconds=1", "goroutine?seconds=1"])
        {
            string file = Path.Combine(_folder.FullName, page.Replace('?', '-') + ".pb.gz");
            await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync(new Uri(page, UriKind.Relative), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
            await AssertAgreesAsync(file);
        }
    }

    [Fact]
    public async Task What_we_subtract_is_what_pprof_subtracts()
    {
        string program = await GoToolchain.RequireAsync("trouble", "1.22");
        await using GoService service = await GoService.StartAsync(program, "-profiles", "-rate", "20");
        using HttpClient client = new() { BaseAddress = new Uri($"http://{service.Address}/debug/pprof/") };
        foreach (string page in (string[])["heap", "mutex", "goroutine"])
        {
            string earlier = await SaveAsync(client, page, page + ".1.pb.gz");
            await client.GetByteArrayAsync(new Uri("profile?seconds=1", UriKind.Relative), TestContext.Current.CancellationToken);
            string later = await SaveAsync(client, page, page + ".2.pb.gz");
            Profile difference = ProfileSubtraction.Subtract(Parse(later), Parse(earlier));
            Assert.InRange(difference.DurationNanoseconds, 1, 600_000_000_000);
            await AssertAgreesAsync(later, new AnalysedProfile(difference), $"-base={earlier}");

            // Saved and opened again it is still that.
            string saved = Save(difference, page + ".difference.pb.gz");
            await AssertAgreesAsync(saved, new AnalysedProfile(difference));
        }
    }

    [Fact]
    public async Task Profiles_of_other_tools_are_shown_as_pprof_shows_them()
    {
        await AssertAgreesAsync(Save(ForeignProfiles.WithoutSymbols(), "unsymbolised.pb.gz"));
        await AssertAgreesAsync(Save(ForeignProfiles.WithEverything(), "everything.pb.gz"));
        await AssertAgreesAsync(Save(ForeignProfiles.WithDroppedFrames(), "dropped.pb.gz"));
        await AssertAgreesAsync(Save(ForeignProfiles.ThatCancelsOut(), "cancelled.pb.gz"));
    }

    [Theory]
    [MemberData(nameof(HandMadeProfile.Broken), MemberType = typeof(HandMadeProfile))]
    public async Task What_we_reject_pprof_rejects(string what, string problem)
    {
        Assert.NotEmpty(problem);
        string file = Path.Combine(_folder.FullName, "broken.pb");
        await File.WriteAllBytesAsync(file, HandMadeProfile.BrokenBytes(what), TestContext.Current.CancellationToken);
        (bool succeeded, string output) = await GoPprof.RunAsync(null, "-raw", file);
        Assert.False(succeeded, output);
    }

    [Fact]
    public async Task What_is_valid_here_is_valid_for_pprof()
    {
        string file = Path.Combine(_folder.FullName, "valid.pb");
        await File.WriteAllBytesAsync(file, HandMadeProfile.Valid().Bytes, TestContext.Current.CancellationToken);
        (bool succeeded, string output) = await GoPprof.RunAsync(null, "-raw", file);
        Assert.True(succeeded, output);
    }

    private async Task<string> SaveAsync(HttpClient client, string page, string name)
    {
        string file = Path.Combine(_folder.FullName, name);
        await File.WriteAllBytesAsync(file, await client.GetByteArrayAsync(new Uri(page, UriKind.Relative), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        return file;
    }

    private string Save(Profile profile, string name)
    {
        string path = Path.Combine(_folder.FullName, name);
        using FileStream file = File.Create(path);
        ProfileWriter.Write(profile, file);
        return path;
    }

    private static Profile Parse(string file) => ProfileFixtures.Parse(File.ReadAllBytes(file));

    /// <summary>All functions of all sample types, with their values and their order.</summary>
    private static async Task AssertAgreesAsync(string file, AnalysedProfile? own = null, params string[] arguments)
    {
        own ??= new AnalysedProfile(Parse(file));
        for (int type = 0; type < own.SampleTypes.Length; type++)
        {
            ProfileValueType kind = own.SampleTypes[type];
            // Pprof says nothing but an error of a profile whose values are all 0.
            if (own.Totals(type).Absolute == 0) continue;
            PprofTop top = await GoPprof.TopAsync(null, file, kind.Type, arguments);
            // A live service's difference may cancel out in each function; then neither has a row.
            Assert.Equal(own.Functions(type).IsEmpty, top.Rows.Count == 0);
            top.AssertBegins(own.Functions(type), own.Totals(type), kind.Unit, $"{Path.GetFileName(file)} {kind.Type}");
            Assert.Equal(top.Rows.Count, own.Functions(type).Length);
        }
    }
}
