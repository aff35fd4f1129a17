using System.IO.Compression;
using System.Text;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Profiles;

/// <summary>The texts of <c>?debug=1</c> that real services gave; the figures of 1.19 are those of <c>go tool pprof -top</c> on it.</summary>
public sealed class ProfileTextReaderTests
{
    [Fact]
    public void A_mutex_profile_of_1_19_is_multiplied_by_its_sampling_period()
    {
        AnalysedProfile profile = new(ReadFixture("go1.19-mutex"));
        Assert.Equal([new ProfileValueType("contentions", "count"), new ProfileValueType("delay", "nanoseconds")], profile.SampleTypes);
        Assert.Equal(6420, profile.Functions(0).Sum(function => function.Flat));
        Assert.Equal(1055907059 / 0.2596174786, profile.Functions(1).Sum(function => function.Flat), 2.0);
        FunctionTotals account = Assert.Single(profile.Functions(0), function => function.Function == "main.(*service).account");
        Assert.Equal((0, 4920), (account.Flat, account.Cumulative));
    }

    [Fact]
    public void A_mutex_profile_of_1_27_is_multiplied_already()
    {
        AnalysedProfile profile = new(ReadFixture("go1.27-mutex"));
        FunctionTotals contend = Assert.Single(profile.Functions(0), function => function.Function == "main.(*service).contend");
        Assert.Equal(1670, contend.Cumulative);
        contend = Assert.Single(profile.Functions(1), function => function.Function == "main.(*service).contend");
        Assert.Equal(11046849810 / 2.596032418, contend.Cumulative, 2.0);
    }

    [Fact]
    public void A_block_profile_names_the_line()
    {
        AnalysedProfile profile = new(ReadFixture("go1.27-block"));
        Assert.Equal("delay", profile.SampleTypes[profile.DefaultType].Type);
        Assert.Contains(profile.Lines(0), line => line is { Function: "main.(*service).contend", Line: 137, Cumulative: 1463 });
    }

    [Fact]
    public void A_profile_that_only_counts_has_its_own_name()
    {
        AnalysedProfile profile = new(ReadFixture("go1.27-threadcreate"));
        Assert.Equal([new ProfileValueType("threadcreate", "count")], profile.SampleTypes);
        Assert.Equal(9, profile.Functions(0).Sum(function => function.Flat));
        Assert.Contains(profile.Functions(0), function => function is { Function: "main.(*service).zoo.func10", Flat: 1 });
    }

    [Theory]
    [InlineData("--- mutex:\ncycles/second=1000\n1 x @ 0x1\n", "line 3 has no count")]
    [InlineData("--- mutex:\n5 1 @ 0x1\n#\t0x1\tmain.f+0x1\t/x.go:1\n\n", "no line cycles/second")]
    [InlineData("--- mutex:\ncycles/second=1000\n5 1 @ 0x1\n#\t0x1\tmain.f+0x1\t/x.g", "line 4 has no line end")]
    [InlineData("--- contention:\ncycles/second=1000\n#\t0x1\tmain.f+0x1\t/x.go:1\n", "line 3 is no frame")]
    [InlineData("mine profile: total 1\n99999999999999999999 @ 0x1\n", "line 2 has no count")]
    [InlineData("mine profile: total 1\nhello\n", "line 2 is neither")]
    public void What_is_wrong_is_told_with_its_line(string text, string problem)
    {
        ProfileException failure = Assert.Throws<ProfileException>(() => Read(text));
        Assert.Contains(problem, failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_of_nothing_is_read() => Assert.Equal(0, Read("--- contention:\ncycles/second=2596032418\n").SampleCount);

    private static Profile Read(string text)
    {
        using MemoryStream stream = new(Encoding.UTF8.GetBytes(text));
        return ProfileTextReader.Read(stream);
    }

    private static Profile ReadFixture(string name)
    {
        using FileStream packed = File.OpenRead(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Profiles", "text", name + ".txt.gz"));
        using GZipStream text = new(packed, CompressionMode.Decompress);
        return ProfileTextReader.Read(text);
    }
}
