using System.Buffers.Binary;
using System.Text;

namespace GoTop.Tests.Support;

/// <summary>The least of an ELF file that holds Go build info: one writable segment that begins with it.</summary>
internal static class SmallGoBinary
{
    private const int HeaderSize = 64;
    private const int ProgramHeaderSize = 56;
    private const int DataOffset = 0x1000;
    private const int BuildInfoHeaderSize = 32;

    public static byte[] Build(string goVersion, string module)
    {
        string guarded = $"{new string('s', 16)}path\t{module}\nmod\t{module}\t(devel)\t\n{new string('e', 16)}";
        byte[] file = new byte[DataOffset + 4096];
        "\u007fELF"u8.CopyTo(file);
        file[4] = 2; // 64 bits
        file[5] = 1; // little-endian
        file[6] = 1;
        Short(file, 16, 2); // executable
        Short(file, 18, 62); // x86-64
        Int(file, 20, 1);
        Long(file, 32, HeaderSize); // program headers
        Short(file, 52, HeaderSize);
        Short(file, 54, ProgramHeaderSize);
        Short(file, 56, 1);
        Short(file, 58, 64);
        Int(file, HeaderSize, 1); // PT_LOAD
        Int(file, HeaderSize + 4, 6); // readable and writable
        Long(file, HeaderSize + 8, DataOffset);
        Long(file, HeaderSize + 16, 0x401000);
        Long(file, HeaderSize + 24, 0x401000);
        Long(file, HeaderSize + 32, 4096);
        Long(file, HeaderSize + 40, 4096);
        Long(file, HeaderSize + 48, 4096);
        Span<byte> info = file.AsSpan(DataOffset);
        info[0] = 0xff;
        " Go buildinf:"u8.CopyTo(info[1..]);
        info[14] = 8;
        info[15] = 2; // inline strings
        info = info[BuildInfoHeaderSize..];
        info = Append(info, goVersion);
        Append(info, guarded);
        return file;
    }

    private static Span<byte> Append(Span<byte> into, string text)
    {
        int length = Encoding.UTF8.GetByteCount(text);
        int at = 0;
        for (int rest = length; ; rest >>= 7)
        {
            into[at++] = (byte)(rest > 127 ? (rest & 127) | 128 : rest);
            if (rest <= 127) break;
        }

        Encoding.UTF8.GetBytes(text, into[at..]);
        return into[(at + length)..];
    }

    private static void Short(byte[] file, int at, ushort value) => BinaryPrimitives.WriteUInt16LittleEndian(file.AsSpan(at), value);

    private static void Int(byte[] file, int at, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), value);

    private static void Long(byte[] file, int at, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
}
