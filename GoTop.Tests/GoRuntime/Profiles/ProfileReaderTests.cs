using System.IO.Compression;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Profiles;

public sealed class ProfileReaderTests
{
    public static TheoryData<string> Folders => [.. PprofCapture.Folders];

    [Fact]
    public void A_cpu_profile_of_a_real_service_is_read()
    {
        Profile profile = ProfileFixtures.Parse(ProfileFixtures.Bytes("profile3s"));
        Assert.Equal([new ProfileValueType("samples", "count"), new ProfileValueType("cpu", "nanoseconds")], profile.SampleTypes);
        Assert.Equal(new ProfileValueType("cpu", "nanoseconds"), profile.PeriodType);
        Assert.Equal(10_000_000, profile.Period);
        Assert.InRange(profile.DurationNanoseconds, 3_000_000_000, 4_000_000_000);
        Assert.True(profile.SampleCount > 0);
        Assert.Contains("main.(*service).account", Enumerable.Range(0, profile.Strings.Count).Select(i => profile.Strings[i]));
        Assert.Contains("worker", Enumerable.Range(0, profile.Strings.Count).Select(i => profile.Strings[i]));
        for (int i = 0; i < profile.SampleCount; i++) Assert.Equal(profile.ValuesOf(i)[0] * profile.Period, profile.ValuesOf(i)[1]);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void Goroutine_profiles_count_what_the_service_knew(string folder)
    {
        foreach ((string name, byte[] bytes) in ProfileFixtures.All(folder))
        {
            Profile profile = ProfileFixtures.Parse(bytes);
            Assert.NotEmpty(profile.SampleTypes);
            if (name != "goroutine.pb.gz") continue;
            long count = 0;
            foreach (long value in profile.Values) count += value;
            (long before, long after) = PprofCapture.GoroutinesAroundIndex(folder);
            Assert.InRange(count, before - 5, after + 5);
        }
    }

    [Theory]
    [MemberData(nameof(ProfileFixtures.Committed), MemberType = typeof(ProfileFixtures))]
    public void What_is_written_is_what_was_read(string name)
    {
        Profile profile = ProfileFixtures.Parse(ProfileFixtures.Bytes(name));
        using MemoryStream written = new();
        ProfileWriter.Write(profile, written);
        Assert.Equal(ProfileFixtures.Describe(profile), ProfileFixtures.Describe(ProfileFixtures.Parse(written.ToArray())));
    }

    [Fact]
    public void Everything_the_format_knows_is_kept()
    {
        Profile profile = ProfileFixtures.Parse(HandMadeProfile.Valid().Bytes);
        Assert.Equal([new ProfileValueType("samples", "count"), new ProfileValueType("cpu", "nanoseconds")], profile.SampleTypes);
        Assert.Equal("cpu", profile.DefaultSampleType);
        Assert.Equal(1_700_000_000_000_000_000, profile.TimeNanoseconds);
        Assert.Equal(3_000_000_000, profile.DurationNanoseconds);
        Assert.Equal(10_000_000, profile.Period);
        Assert.Equal(["a comment", "cpu"], profile.Comments);
        Assert.Equal("main\\.drop", profile.DropFrames);
        Assert.Equal("main\\.keep", profile.KeepFrames);
        Assert.Equal("https://example.com/doc", profile.DocumentationUrl);
        Assert.Equal(3, profile.SampleCount);
        // The same stack, once packed and once not.
        Assert.Equal(profile.SampleStacks[0], profile.SampleStacks[1]);
        Assert.Equal([1, 0], profile.Stack(profile.SampleStacks[0]).ToArray());
        Assert.Equal([-5L, long.MinValue], profile.ValuesOf(1).ToArray());
        Assert.True(profile.Stack(profile.SampleStacks[2]).IsEmpty);

        ProfileLabel[] labels = profile.LabelSet(profile.SampleLabelSets[0]).ToArray();
        Assert.Equal(2, labels.Length);
        Assert.True(labels[0].IsText);
        Assert.Equal(("handler", "/orders"), (profile.Strings[labels[0].Key], profile.Strings[labels[0].Text]));
        Assert.False(labels[1].IsText);
        Assert.Equal((4096, "bytes"), (labels[1].Number, profile.Strings[labels[1].Unit]));

        ProfileLocation location = profile.Locations[1];
        Assert.Equal((ulong.MaxValue, 0x401000UL, 0), (location.Id, location.Address, location.Mapping));
        ProfileLine[] lines = profile.LinesOf(1).ToArray();
        Assert.Equal(2, lines.Length);
        Assert.Equal(("main.inner", 12L, 3L), (profile.Strings[profile.Functions[lines[0].Function].Name], lines[0].Line, lines[0].Column));
        Assert.Equal("main.outer", profile.Strings[profile.Functions[lines[1].Function].Name]);
        Assert.True(profile.LinesOf(0).IsEmpty);
        Assert.Equal(-1, profile.Locations[0].Mapping);
        Assert.Equal(ProfileMappingTraits.HasFunctions | ProfileMappingTraits.HasInlineFrames, profile.Mappings[0].Traits);
    }

    [Fact]
    public void Compressed_members_one_after_another_are_one_profile()
    {
        byte[] bytes = HandMadeProfile.Valid().Bytes;
        byte[] members = [.. Gzip(bytes[..40]), .. Gzip(bytes[40..])];
        Assert.Equal(ProfileFixtures.Describe(ProfileFixtures.Parse(bytes)), ProfileFixtures.Describe(ProfileFixtures.Parse(members)));
    }

    [Fact]
    public void Bytes_may_come_in_pieces()
    {
        byte[] bytes = ProfileFixtures.Bytes("profile3s");
        using MemoryStream inner = new(bytes);
        Assert.Equal(ProfileFixtures.Describe(ProfileFixtures.Parse(bytes)), ProfileFixtures.Describe(ProfileFixtures.Parse(new OneByteStream(inner))));
    }

    [Theory]
    [InlineData(16)]
    [InlineData(31)]
    [InlineData(99)]
    public void Unknown_fields_are_passed_over(int field)
    {
        ProtobufText profile = HandMadeProfile.Valid()
            .Raw((ulong)field, new byte[1_000_000]).Number((ulong)field, 5UL)
            .Varint((ulong)field << 3 | 1).Append(1, 2, 3, 4, 5, 6, 7, 8)
            .Varint((ulong)field << 3 | 5).Append(1, 2, 3, 4)
            .Raw(0, [1, 2]);
        Assert.Equal(ProfileFixtures.Describe(ProfileFixtures.Parse(HandMadeProfile.Valid().Bytes)), ProfileFixtures.Describe(ProfileFixtures.Parse(profile.Bytes)));
    }

    [Theory]
    [MemberData(nameof(HandMadeProfile.Broken), MemberType = typeof(HandMadeProfile))]
    public void What_google_pprof_rejects_is_rejected(string what, string problem)
    {
        ProfileException refused = Assert.Throws<ProfileException>(() => ProfileFixtures.Parse(HandMadeProfile.BrokenBytes(what)));
        Assert.Contains(problem, refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_profile_without_samples_is_one() => Assert.Equal(0, ProfileFixtures.Parse(ProtobufText.Message().Text(6, "").Bytes).SampleCount);

    [Fact]
    public void Limits_hold()
    {
        byte[] bytes = HandMadeProfile.Valid().Bytes;
        foreach (ProfileLimits limits in (ReadOnlySpan<ProfileLimits>)
        [
            new() { MaxBytes = 100 }, new() { MaxCompressedBytes = 100 }, new() { MaxFieldBytes = 5 }, new() { MaxSamples = 2 }, new() { MaxStackLocations = 1 },
            new() { MaxLabels = 1 }, new() { MaxLocations = 1 }, new() { MaxLines = 1 }, new() { MaxFunctions = 1 }, new() { MaxMappings = 0 }, new() { MaxStrings = 5 },
            new() { MaxSampleTypes = 1 }, new() { MaxComments = 1 },
        ])
        {
            Assert.Throws<ProfileException>(() => ProfileFixtures.Parse(bytes, limits));
        }
    }

    [Fact]
    public void A_compression_bomb_ends_at_the_limit()
    {
        using MemoryStream bomb = new();
        using (GZipStream gzip = new(bomb, CompressionLevel.SmallestSize, leaveOpen: true))
        {
            byte[] zeros = new byte[1 << 20];
            // A field that nobody knows, of 64 MB.
            gzip.Write(ProtobufText.Message().Varint(16 << 3 | 2).Varint(64 << 20).Bytes);
            for (int i = 0; i < 64; i++) gzip.Write(zeros);
        }

        Assert.InRange(bomb.Length, 1, 1 << 20);
        ProfileException refused = Assert.Throws<ProfileException>(() => ProfileFixtures.Parse(bomb.ToArray(), new ProfileLimits { MaxBytes = 16 << 20 }));
        Assert.Contains("larger than 16777216 bytes", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Counts_that_only_claim_to_be_large_cost_nothing()
    {
        // A sample that says it has two billion bytes of locations.
        byte[] claim = ProtobufText.Message().Varint(2 << 3 | 2).Varint(2_000_000_000).Append(10, 1).Bytes;
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<ProfileException>(() => ProfileFixtures.Parse(claim));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 8 << 20);
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Optimal)) gzip.Write(bytes);
        return member.ToArray();
    }

    /// <summary>Gives one byte at a time.</summary>
    private sealed class OneByteStream(Stream inner) : Stream
    {
        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(Span<byte> buffer) => inner.Read(buffer[..Math.Min(1, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
