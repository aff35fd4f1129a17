using System.Buffers.Binary;
using GoTop.Tests.Support;

namespace GoTop.Tests.Platform.Windows;

/// <summary>Buffers as the system filled them; see <c>Fixtures/windows/README.md</c>.</summary>
internal static class WindowsBuffers
{
    private const int HeaderLength = 8;

    public static string Folder => Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "windows");

    /// <summary>The bytes, and the address they lay at: names in them are pointers.</summary>
    public static (byte[] Bytes, ulong BaseAddress) Read(string name)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Folder, name));
        return (file[HeaderLength..], BinaryPrimitives.ReadUInt64LittleEndian(file));
    }

    public static void Write(string folder, string name, ReadOnlySpan<byte> bytes, ulong baseAddress)
    {
        byte[] file = new byte[HeaderLength + bytes.Length];
        BinaryPrimitives.WriteUInt64LittleEndian(file, baseAddress);
        bytes.CopyTo(file.AsSpan(HeaderLength));
        File.WriteAllBytes(Path.Combine(folder, name), file);
    }

    /// <summary>
    /// Every truncation of the recorded bytes and a thousand copies with some bytes overwritten: whoever decodes these must end
    /// and must not throw.
    /// </summary>
    public static IEnumerable<byte[]> Hostile(byte[] bytes)
    {
        for (int length = 0; length < bytes.Length; length += Math.Max(1, bytes.Length / 500)) yield return bytes[..length];
        Random random = new(20261123);
        for (int i = 0; i < 1000; i++)
        {
            byte[] copy = [.. bytes];
            for (int flips = random.Next(1, 20); flips > 0; flips--)
                copy[random.Next(copy.Length)] = random.Next(3) switch { 0 => 0, 1 => 0xff, _ => (byte)random.Next(256) };
            yield return copy;
        }
    }
}
