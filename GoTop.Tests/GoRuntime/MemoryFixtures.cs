using System.IO.Compression;
using GoTop.Tests.Support;

namespace GoTop.Tests.GoRuntime;

/// <summary>The recorded programs of shared/go-fixtures/memory: stripped executables, pages of their memory, and the truth.</summary>
internal static class MemoryFixtures
{
    public static readonly string[] Names =
        ["tiny-1.19-linux", "tiny-1.19-windows", "tiny-1.21-windows", "tiny-1.24-linux", "tiny-1.27-linux", "tiny-1.27-windows"];

    public static byte[] Executable(string name) => Unpack(name + ".exe.gz");

    public static byte[] Unpack(string file)
    {
        using FileStream packed = File.OpenRead(SharedFiles.Require("go-fixtures/memory/" + file));
        using GZipStream gzip = new(packed, CompressionMode.Decompress);
        using MemoryStream unpacked = new();
        gzip.CopyTo(unpacked);
        return unpacked.ToArray();
    }
}
