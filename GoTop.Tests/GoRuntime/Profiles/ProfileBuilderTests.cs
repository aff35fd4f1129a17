using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Profiles;

public sealed class ProfileBuilderTests
{
    private static readonly ProfileFrame Park = new("runtime.gopark", "runtime/proc.go", 398);
    private static readonly ProfileFrame Worker = new("main.worker", "main.go", 12);
    private static readonly ProfileFrame Main = new("main.main", "main.go", 40);

    [Fact]
    public void Stacks_of_frames_become_a_profile()
    {
        ProfileBuilder builder = new(new ProfileValueType("goroutine", "count")) { PeriodType = new ProfileValueType("goroutine", "count"), Period = 1, TimeNanoseconds = 5 };
        builder.AddSample([Park, Worker], [3], new KeyValuePair<string, string>("kind", "worker"));
        builder.AddSample([Park, Worker], [4], new KeyValuePair<string, string>("kind", "worker"));
        builder.AddSample([Park, Worker], [5]);
        builder.AddSample([Main], [1]);
        Profile profile = builder.Build();

        Assert.Equal(3, profile.SampleCount);
        Assert.Equal([7L, 5L, 1L], profile.Values.ToArray());
        Assert.Equal(2, profile.StackCount);
        Assert.Equal(3, profile.Functions.Length);
        ProfileLabel label = Assert.Single(profile.LabelSet(profile.SampleLabelSets[0]).ToArray());
        Assert.Equal(("kind", "worker"), (profile.Strings[label.Key], profile.Strings[label.Text]));
        ProfileLine line = Assert.Single(profile.LinesOf(profile.Stack(0)[1]).ToArray());
        Assert.Equal(("main.worker", "main.go", 12L), (profile.Strings[profile.Functions[line.Function].Name], profile.Strings[profile.Functions[line.Function].File], line.Line));
    }

    [Fact]
    public void What_is_built_is_read_again()
    {
        ProfileBuilder builder = new(new("samples", "count"), new("cpu", "nanoseconds"))
        {
            DefaultSampleType = "cpu",
            Period = 10_000_000,
            PeriodType = new("cpu", "nanoseconds"),
            DurationNanoseconds = 7,
            Comments = ["one", "ünïcode ☃"],
            DropFrames = "a",
            KeepFrames = "b",
            DocumentationUrl = "c",
        };
        builder.AddSample([Worker, Main], [1, -2], new KeyValuePair<string, string>("日本", "語"));
        builder.AddSample(ReadOnlySpan<ProfileFrame>.Empty, [long.MaxValue, long.MinValue]);
        int mapping = builder.AddMapping(new ProfileMapping(0, 0x1000, ulong.MaxValue, 3, builder.AddString("/usr/lib/libc.so"), 0, ProfileMappingTraits.HasFileNames));
        int unsymbolised = builder.AddLocation(mapping, 0xffff_ffff_ffff_0000, [], isFolded: true);
        builder.AddSample([unsymbolised], [1, 1], [new ProfileLabel(builder.AddString("bytes"), 0, -16, builder.AddString("bytes"))]);
        Profile profile = builder.Build();
        using MemoryStream written = new();
        ProfileWriter.WriteUncompressed(profile, written);
        Assert.Equal(ProfileFixtures.Describe(profile), ProfileFixtures.Describe(ProfileFixtures.Parse(written.ToArray())));
    }

    [Fact]
    public void Samples_that_became_zero_can_be_left_out()
    {
        ProfileBuilder builder = new(new ProfileValueType("n", "count"));
        builder.AddSample([Worker], [3]);
        builder.AddSample([Worker], [-3]);
        builder.AddSample([Main], [1]);
        Assert.Equal([0L, 1L], builder.Build().Values.ToArray());
        Assert.Equal([1L], builder.Build(withoutZeros: true).Values.ToArray());
    }
}
