using System.IO.Compression;
using GoTop.Engine.GoRuntime.Compression;
using Xunit;

namespace GoTop.Tests.GoRuntime.Compression;

public sealed class StrictGzipStreamTests
{
    private static readonly byte[] Data = [.. Enumerable.Range(0, 100_000).Select(i => (byte)(i * i / 7))];
    private static readonly byte[] Compressed = Compress(Data);

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(32)]
    [InlineData(33)]
    [InlineData(100)]
    [InlineData(4096)]
    [InlineData(1 << 20)]
    public void Whole_data_comes_out_whatever_the_size_of_the_buffer(int size)
    {
        byte[] data = size < 32 ? Data[..5000] : Data;
        Assert.Equal(data, Read(Compress(data), size));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(32)]
    [InlineData(64)]
    public void Little_data_comes_out(int length)
    {
        Assert.Equal(Data[..length], Read(Compress(Data[..length]), 4096));
        Assert.Equal(Data[..length], Read(Compress(Data[..length]), 5));
    }

    [Fact]
    public void Members_one_after_another_are_one() => Assert.Equal([.. Data, .. Data[..10], .. Data], Read([.. Compressed, .. Compress(Data[..10]), .. Compressed], 4096));

    [Fact]
    public void Data_cut_short_anywhere_is_an_error()
    {
        byte[] little = Compress(Data[..300]);
        for (int length = 2; length < little.Length; length++) Assert.Throws<InvalidDataException>(() => Read(little[..length], 4096));
        for (int length = Compressed.Length - 40; length < Compressed.Length; length++) Assert.Throws<InvalidDataException>(() => Read([.. Compressed, .. Compressed[..length]], 4096));
    }

    [Fact]
    public void Something_else_behind_it_is_an_error()
    {
        Assert.Throws<InvalidDataException>(() => Read([.. Compressed, 1], 4096));
        Assert.Throws<InvalidDataException>(() => Read([.. Compressed, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0], 7));
        Assert.Throws<InvalidDataException>(() => Read([.. Compressed, 0x1f], 4096));
    }

    [Fact]
    public void A_changed_bit_never_gives_other_data()
    {
        byte[] little = Compress(Data[..300]);
        int refused = 0;
        for (int bit = 0; bit < little.Length * 8; bit++)
        {
            byte[] changed = [.. little];
            changed[bit / 8] ^= (byte)(1 << bit % 8);
            try
            {
                Assert.Equal(Data[..300], Read(changed, 4096));
            }
            catch (InvalidDataException)
            {
                refused++;
            }
        }

        // The time and the operating system in the header may be anything, and the last bits of the data are not used.
        Assert.InRange(refused, (little.Length - 9) * 8, little.Length * 8);
    }

    private static byte[] Compress(byte[] data)
    {
        using MemoryStream member = new();
        using (GZipStream gzip = new(member, CompressionLevel.Optimal)) gzip.Write(data);
        return member.ToArray();
    }

    private static byte[] Read(byte[] compressed, int bufferSize)
    {
        using StrictGzipStream stream = new(new MemoryStream(compressed));
        using MemoryStream all = new();
        byte[] buffer = new byte[bufferSize];
        for (int read = stream.Read(buffer); read > 0; read = stream.Read(buffer)) all.Write(buffer, 0, read);
        Assert.Equal(0, stream.Read(buffer));
        return all.ToArray();
    }
}
