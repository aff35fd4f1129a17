using System.Text;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Profiles;

/// <summary>Every profile of every capture against what <c>go tool pprof -top</c> printed for it.</summary>
public sealed class GoldenTopTests
{
    public static TheoryData<string> Folders => [.. PprofCapture.Folders];

    [Theory]
    [MemberData(nameof(Folders))]
    public void Functions_are_those_of_pprof(string folder)
    {
        Dictionary<string, byte[]> profiles = ProfileFixtures.All(folder).ToDictionary(each => each.Name, each => each.Bytes);
        int compared = Compare(PprofCapture.Read(folder, "golden-pprof.txt"), name => profiles[name]);
        Assert.InRange(compared, profiles.Count, profiles.Count * 4);
    }

    [Fact]
    public void Functions_of_the_committed_profiles_are_those_of_pprof()
    {
        string[] names = [.. ProfileFixtures.Committed.Select(row => row.Data + ".pb.gz")];
        int compared = Compare(ProfileFixtures.CommittedGolden(), name => names.Contains(name) ? ProfileFixtures.Bytes(name[..^".pb.gz".Length]) : null);
        Assert.Equal(10, compared);
    }

    private static int Compare(byte[] golden, Func<string, byte[]?> bytesOf)
    {
        int compared = 0;
        foreach ((string file, string type, PprofTop top) in PprofTop.Golden(Encoding.UTF8.GetString(golden).Split('\n')))
        {
            if (bytesOf(file) is not { } bytes) continue;
            AnalysedProfile profile = new(ProfileFixtures.Parse(bytes));
            int index = profile.TypeOf(type);
            Assert.True(index >= 0, $"{file} has no sample type {type}");
            Assert.NotEmpty(top.Rows);
            top.AssertBegins(profile.Functions(index), profile.Totals(index), profile.SampleTypes[index].Unit, $"{file} {type}");
            compared++;
        }

        return compared;
    }
}
