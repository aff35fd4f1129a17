using CsCheck;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Profiles;

/// <summary>Damaged profiles: a profile or a <see cref="ProfileException"/>, never anything else, and all of it sound.</summary>
public sealed class ProfileMutationTests
{
    private static readonly byte[][] Seeds = [HandMadeProfile.Valid().Bytes, Uncompressed("profile3s"), Uncompressed("heap.delta2s"), Uncompressed("goroutineleak")];

    [Fact]
    public void Every_truncation_of_a_small_profile_is_refused_or_sound()
    {
        byte[] whole = HandMadeProfile.Valid().Bytes;
        for (int length = 0; length < whole.Length; length++) AssertSound(whole[..length]);
    }

    [Fact]
    public void Every_changed_bit_of_a_small_profile_is_refused_or_sound()
    {
        byte[] whole = HandMadeProfile.Valid().Bytes;
        for (int bit = 0; bit < whole.Length * 8; bit++)
        {
            byte[] changed = [.. whole];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            AssertSound(changed);
        }
    }

    [Fact]
    public void Damaged_real_profiles_are_refused_or_sound()
    {
        Gen<byte[]> mutations =
            from seed in Gen.Int[0, Seeds.Length - 1].Select(i => Seeds[i])
            from cut in Gen.Int[0, seed.Length]
            from shape in Gen.Int[0, 3]
            from changes in Gen.Select(Gen.Int[0, seed.Length - 1], Gen.Byte).Array[0, 8]
            from other in Gen.Int[0, seed.Length - 1]
            select Mutate(seed, cut, shape, changes, other);
        mutations.Sample(AssertSound, iter: 5000);
    }

    private static byte[] Mutate(byte[] seed, int cut, int shape, (int At, byte Value)[] changes, int other)
    {
        byte[] changed = [.. seed];
        foreach ((int at, byte value) in changes) changed[at] = value;
        return shape switch
        {
            0 => changed[..cut],
            1 => [.. changed[..Math.Max(cut, other)], .. changed[Math.Min(cut, other)..]],
            2 => [.. changed[..Math.Min(cut, other)], .. changed[Math.Max(cut, other)..]],
            _ => changed,
        };
    }

    private static void AssertSound(byte[] bytes)
    {
        Profile profile;
        try
        {
            profile = ProfileReader.Read(bytes);
        }
        catch (ProfileException refused)
        {
            Assert.NotEmpty(refused.Message);
            return;
        }

        // Looks at everything, so a place outside its table would throw.
        string before = ProfileFixtures.Describe(profile);
        using MemoryStream written = new();
        ProfileWriter.WriteUncompressed(profile, written);
        Assert.Equal(before, ProfileFixtures.Describe(ProfileReader.Read(written.ToArray())));
    }

    private static byte[] Uncompressed(string name)
    {
        using System.IO.Compression.GZipStream gzip = new(new MemoryStream(ProfileFixtures.Bytes(name)), System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream bytes = new();
        gzip.CopyTo(bytes);
        return bytes.ToArray();
    }
}
