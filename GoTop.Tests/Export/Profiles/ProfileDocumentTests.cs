using System.Text.Json;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Export.Profiles;

/// <summary>Other tools rely on these names: see docs/json.md.</summary>
public sealed class ProfileDocumentTests
{
    [Fact]
    public void A_cpu_profile_as_json()
    {
        using JsonDocument document = Document(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        JsonElement root = document.RootElement;
        Assert.Equal("profile", root.GetProperty("kind").GetString());
        Assert.Equal(JsonValueKind.Null, root.GetProperty("goVersion").ValueKind);
        Assert.Equal(
            ["samples count 132", "cpu nanoseconds 1320000000"],
            root.GetProperty("sampleTypes").EnumerateArray().Select(type => $"{type.GetProperty("type").GetString()} {type.GetProperty("unit").GetString()} {type.GetProperty("total").GetInt64()}"));
        Assert.InRange(root.GetProperty("durationNanoseconds").GetInt64(), 3_000_000_000, 3_100_000_000);
        Assert.Equal("cpu", root.GetProperty("defaultSampleType").GetString());
        Assert.InRange(root.GetProperty("samples").GetInt32(), 1, 132);
        JsonElement[] top = [.. root.GetProperty("top").GetProperty("cpu").EnumerateArray()];
        Assert.InRange(top.Length, 50, 200);
        Assert.Equal("hash/crc32.ieeeCLMUL", top[0].GetProperty("function").GetString());
        Assert.EndsWith(".s", top[0].GetProperty("file").GetString(), StringComparison.Ordinal);
        Assert.True(top[0].GetProperty("line").GetInt64() > 0);
        Assert.Equal((530_000_000, 530_000_000), (top[0].GetProperty("flat").GetInt64(), top[0].GetProperty("cumulative").GetInt64()));
        Assert.Equal(470_000_000, top.Single(row => row.GetProperty("function").GetString() == "main.(*service).account").GetProperty("cumulative").GetInt64());
        Assert.Contains("worker", root.GetProperty("labels").EnumerateArray().Select(label => label.GetProperty("key").GetString()));
        Assert.Contains("1.32 s of CPU in 3.02 s, 0.44 cores on average", root.GetProperty("verdict").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Lock_sites_of_a_mutex_profile_name_the_line()
    {
        using JsonDocument document = Document(ProfileFixtures.Parse(ProfileFixtures.Bytes("mutex")));
        JsonElement first = document.RootElement.GetProperty("sites").GetProperty("delay")[0];
        Assert.StartsWith("main.(*service)", first.GetProperty("function").GetString(), StringComparison.Ordinal);
        Assert.True(first.GetProperty("line").GetInt64() > 0);
        Assert.Contains("Unlock", first.GetProperty("called").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_difference_has_a_total_and_a_sum()
    {
        using JsonDocument document = Document(ProfileFixtures.Parse(ProfileFixtures.Bytes("goroutine.delta2s")));
        JsonElement type = document.RootElement.GetProperty("sampleTypes")[0];
        Assert.Equal(48, type.GetProperty("total").GetInt64());
        Assert.InRange(type.GetProperty("sum").GetInt64(), 1, 47);
    }

    [Fact]
    public void A_profile_of_nothing_is_a_document()
    {
        using JsonDocument document = Document(ProfileFixtures.Parse(ProtobufText.Message().Text(6, "").Bytes));
        Assert.Equal("The profile holds no values.", document.RootElement.GetProperty("verdict").GetString());
        Assert.Equal(0, document.RootElement.GetProperty("sampleTypes").GetArrayLength());
    }

    [Fact]
    public void Sample_types_of_the_same_name_keep_their_own_rows()
    {
        Profile profile = Stacks.Builder([new("n", "count"), new("n", "bytes"), new("n", "bytes")], "f 1 2 3").Build();
        using JsonDocument document = Document(profile);
        Assert.Equal([("n", 1L), ("n/bytes", 2L), ("n/bytes#2", 3L)], document.RootElement.GetProperty("top").EnumerateObject().Select(type => (type.Name, type.Value[0].GetProperty("flat").GetInt64())));
    }

    [Fact]
    public void A_difference_of_two_profiles_as_json()
    {
        ProfileBuilder before = Stacks.Builder([new("inuse_space", "bytes")], "main@m.go:1;grow@g.go:2 100");
        before.TimeNanoseconds = 1_700_000_000_000_000_000;
        ProfileBuilder after = Stacks.Builder([new("inuse_space", "bytes")], "main@m.go:1;grow@g.go:2 300", "main@m.go:9;fresh@f.go:2 50");
        after.TimeNanoseconds = 1_700_000_002_000_000_000;
        using JsonDocument document = JsonDocument.Parse(ExportJson.Write(ProfileDiffDocument.Of(ProfileDifference.Between(new AnalysedProfile(before.Build()), new AnalysedProfile(after.Build()))!)));
        JsonElement root = document.RootElement;
        Assert.Equal(("profileDiff", "timeBetween", "inuse_space"), (root.GetProperty("kind").GetString(), root.GetProperty("rates").GetString(), root.GetProperty("defaultSampleType").GetString()));
        Assert.Equal(["grow grown 100 300 100", "fresh new 0 50 25", "main grown 0 0 0"], root.GetProperty("functions").GetProperty("inuse_space").EnumerateArray().Select(Row("flatBefore", "flatAfter", "flatPerSecond")));
        Assert.Equal(["grow grown 100 300 100", "fresh new 0 50 25"], root.GetProperty("sites").GetProperty("inuse_space").EnumerateArray().Select(Row("before", "after", "perSecond")));

        static Func<JsonElement, string> Row(string earlier, string later, string rate) => row =>
            $"{row.GetProperty("function").GetString()} {row.GetProperty("change").GetString()} {row.GetProperty(earlier).GetInt64()} {row.GetProperty(later).GetInt64()} {row.GetProperty(rate).GetDouble()}";
    }

    [Fact]
    public void Every_key_is_documented()
    {
        string documentation = File.ReadAllText(Path.Combine(RepositoryFiles.Root, "docs", "json.md"));
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s")));
        foreach (string json in (string[])[ExportJson.Write(ProfileDocument.Of(profile)), ExportJson.Write(ProfileDiffDocument.Of(ProfileDifference.Between(profile, profile)!))])
        {
            using JsonDocument document = JsonDocument.Parse(json);
            Assert.All(Keys(document.RootElement).Except(["samples", "cpu"]).Distinct(), key => Assert.Matches($"[`{{ ,]{key}[`}},:\\] ]", documentation));
        }
    }

    [Fact]
    public void As_text_it_says_what_stands_out_first()
    {
        using StringWriter text = new() { NewLine = "\n" };
        ProfileText.Write(text, new AnalysedProfile(ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s"))), rows: 12);
        GoldenScreens.AssertSame("profile-cpu", text.ToString());
    }

    [Fact]
    public void A_mutex_profile_as_text_names_its_locks()
    {
        using StringWriter text = new() { NewLine = "\n" };
        ProfileText.Write(text, new AnalysedProfile(ProfileFixtures.Parse(ProfileFixtures.Bytes("mutex"))), rows: 8);
        GoldenScreens.AssertSame("profile-mutex", text.ToString());
    }

    [Fact]
    public void A_difference_as_text_puts_the_largest_change_first()
    {
        using StringWriter text = new() { NewLine = "\n" };
        AnalysedProfile profile = new(ProfileFixtures.Parse(ProfileFixtures.Bytes("heap.delta2s")));
        ProfileText.WriteDifference(text, ProfileDifference.Between(profile, profile.With(new ProfileFilter { Ignore = "main.tree" }))!, rows: 5);
        GoldenScreens.AssertSame("profile-difference", text.ToString());
    }

    private static JsonDocument Document(Profile profile) => JsonDocument.Parse(ExportJson.Write(ProfileDocument.Of(new AnalysedProfile(profile))));

    private static IEnumerable<string> Keys(JsonElement element) => element.ValueKind switch
    {
        JsonValueKind.Object => element.EnumerateObject().SelectMany(property => Keys(property.Value).Prepend(property.Name)),
        JsonValueKind.Array => element.EnumerateArray().SelectMany(Keys),
        _ => [],
    };
}
