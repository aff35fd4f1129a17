using System.Text;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etl;

public sealed class XpressTests
{
    /// <summary>The examples of [MS-XCA] 3.1.</summary>
    [Theory]
    [InlineData("3f 00 00 00 61 62 63 64 65 66 67 68 69 6a 6b 6c 6d 6e 6f 70 71 72 73 74 75 76 77 78 79 7a", "abcdefghijklmnopqrstuvwxyz", 1)]
    [InlineData("ff ff ff 1f 61 62 63 17 00 0f ff 26 01", "abc", 100)]
    public void The_specification_s_examples_unpack(string hex, string text, int times)
    {
        byte[] packed = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] unpacked = new byte[text.Length * times];
        Assert.Equal(unpacked.Length, Xpress.Decompress(packed, unpacked));
        Assert.Equal(string.Concat(Enumerable.Repeat(text, times)), Encoding.ASCII.GetString(unpacked));
    }

    [Fact]
    public void What_tests_pack_unpacks()
    {
        byte[] log = SchedulerIncident.Log.ToArray();
        byte[] unpacked = new byte[log.Length];
        Assert.Equal(log.Length, Xpress.Decompress(SyntheticEtl.Compress(log), unpacked));
        Assert.Equal(log, unpacked);
    }

    [Fact]
    public void A_match_before_the_beginning_is_damage() => Assert.Equal(-1, Xpress.Decompress([0, 0, 0, 0x80, 0xff, 0xff], new byte[10]));

    [Fact]
    public void Data_that_ends_early_gives_what_there_is() => Assert.Equal(2, Xpress.Decompress([0, 0, 0, 0, 1, 2], new byte[10]));
}
