using System.Buffers.Binary;
using System.Text;
using GoTop.Engine.GoRuntime.BuildInfo;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.BuildInfo;

public sealed class GoBuildInfoReaderTests
{
    public static TheoryData<string, string> Recorded => new()
    {
        { "tiny-1.19-linux", "go1.19.8" },
        { "tiny-1.19-windows", "go1.19.8" },
        { "tiny-1.21-windows", "go1.21.13" },
        { "tiny-1.24-linux", "go1.24.4" },
        { "tiny-1.27-linux", "go1.27.4" },
        { "tiny-1.27-windows", "go1.27.4" },
    };

    [Theory]
    [MemberData(nameof(Recorded))]
    public void A_stripped_Go_executable_says_what_it_was_built_from(string name, string version)
    {
        GoBuildInfo info = GoBuildInfoReader.Read(new MemoryStream(MemoryFixtures.Executable(name))).Value;
        Assert.Equal(version, info.GoVersion);
        Assert.Equal("example.com/gotop/tiny", info.MainPackage);
        Assert.Equal("example.com/gotop/tiny", info.Module);
        Assert.Equal("(devel)", info.ModuleVersion);
        Assert.Equal("amd64", info.Settings["GOARCH"]);
        Assert.Equal(name.EndsWith("windows", StringComparison.Ordinal) ? "windows" : "linux", info.Settings["GOOS"]);
    }

    [Fact]
    public void Only_a_few_pages_of_the_executable_are_read()
    {
        using CountingStream stream = new(MemoryFixtures.Executable("tiny-1.27-linux"));
        Assert.True(GoBuildInfoReader.Read(stream).HasValue);
        Assert.InRange(stream.BytesRead, 1, 80_000);
    }

    [Fact]
    public void A_program_that_is_not_Go_is_said_to_be_none()
    {
        Assert.SkipUnless(File.Exists("/bin/ls"), "there is no /bin/ls here");
        using FileStream ls = File.OpenRead("/bin/ls");
        Reading<GoBuildInfo> reading = GoBuildInfoReader.Read(ls);
        Assert.Equal(ReadingState.NotSupported, reading.State);
        Assert.Equal("not a Go program", reading.Reason);
    }

    [Theory]
    [InlineData("")]
    [InlineData("MZ")]
    [InlineData("#!/bin/sh\necho hello\n")]
    public void A_file_that_is_no_executable_is_not_supported_or_torn(string content)
    {
        Reading<GoBuildInfo> reading = GoBuildInfoReader.Read(new MemoryStream(Encoding.ASCII.GetBytes(content)));
        Assert.False(reading.HasValue);
        Assert.NotNull(reading.Reason);
    }

    [Theory]
    [InlineData("tiny-1.19-windows")]
    [InlineData("tiny-1.27-linux")]
    public void A_truncated_executable_never_gives_a_wrong_answer(string name)
    {
        byte[] whole = MemoryFixtures.Executable(name);
        GoBuildInfo expected = GoBuildInfoReader.Read(new MemoryStream(whole)).Value;
        for (int length = 0; length < whole.Length; length += 1 + whole.Length / 211)
        {
            Reading<GoBuildInfo> reading = GoBuildInfoReader.Read(new MemoryStream(whole, 0, length));
            if (reading.TryGet(out GoBuildInfo? info)) Assert.Equal(expected.GoVersion, info.GoVersion);
            else Assert.NotNull(reading.Reason);
        }
    }

    [Theory]
    [InlineData(8)]
    [InlineData(4)]
    public void The_pointer_format_of_Go_1_17_and_before_is_read(int pointerSize)
    {
        GoBuildInfo info = GoBuildInfoReader.Read(new MemoryStream(OldExecutable(pointerSize, "go1.16.3"))).Value;
        Assert.Equal("go1.16.3", info.GoVersion);
        Assert.Equal("example.com/old", info.MainPackage);
        Assert.Equal("v1.2.3", info.ModuleVersion);
    }

    [Fact]
    public void A_version_string_that_points_outside_the_file_fails_with_its_place()
    {
        byte[] executable = OldExecutable(8, "go1.16.3");
        BinaryPrimitives.WriteUInt64LittleEndian(executable.AsSpan(0x1000 + 16), 0xdead0000);
        Reading<GoBuildInfo> reading = GoBuildInfoReader.Read(new MemoryStream(executable));
        Assert.Equal(ReadingState.Failed, reading.State);
        Assert.Contains("0xdead0000", reading.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fresh_build_says_its_settings()
    {
        string path = await GoToolchain.RequireAsync("census");
        using FileStream file = File.OpenRead(path);
        GoBuildInfo info = GoBuildInfoReader.Read(file).Value;
        Assert.Equal("true", info.Settings["-trimpath"]);
        Assert.Equal("gc", info.Settings["-compiler"]);
    }

    /// <summary>An ELF file of one writable segment at 0x400000, without sections, as a packer leaves it.</summary>
    private static byte[] OldExecutable(int pointerSize, string version)
    {
        bool wide = pointerSize == 8;
        byte[] file = new byte[0x2000];
        Span<byte> bytes = file;
        "\x7f"u8.CopyTo(bytes);
        "ELF"u8.CopyTo(bytes[1..]);
        bytes[4] = (byte)(wide ? 2 : 1);
        bytes[5] = 1;
        void Word(int at, ulong value)
        {
            if (wide) BinaryPrimitives.WriteUInt64LittleEndian(file.AsSpan(at), value);
            else BinaryPrimitives.WriteUInt32LittleEndian(file.AsSpan(at), (uint)value);
        }

        BinaryPrimitives.WriteUInt16LittleEndian(bytes[16..], 2);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[18..], (ushort)(wide ? 62 : 3));
        Word(wide ? 32 : 28, 64);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[(wide ? 54 : 42)..], (ushort)(wide ? 56 : 32));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[(wide ? 56 : 44)..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[64..], 1);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes[(64 + (wide ? 4 : 24))..], 6);
        Word(64 + (wide ? 8 : 4), 0x1000);
        Word(64 + (wide ? 16 : 8), 0x400000);
        Word(64 + (wide ? 32 : 16), 0x1000);
        Word(64 + (wide ? 40 : 20), 0x1000);
        bytes[0x1000] = 0xff;
        " Go buildinf:"u8.CopyTo(bytes[0x1001..]);
        bytes[0x100e] = (byte)pointerSize;
        Word(0x1010, 0x400100);
        Word(0x1010 + pointerSize, 0x400120);
        Word(0x1100, 0x400200);
        Word(0x1100 + pointerSize, (ulong)version.Length);
        Encoding.ASCII.GetBytes(version).CopyTo(bytes[0x1200..]);
        byte[] modules = [.. Convert.FromHexString("3077af0c9274080241e1c107e6d618e6"), .. "path\texample.com/old\nmod\texample.com/old\tv1.2.3\th1:x=\n"u8, .. Convert.FromHexString("f932433186182072008242104116d8f2")];
        Word(0x1120, 0x400300);
        Word(0x1120 + pointerSize, (ulong)modules.Length);
        modules.CopyTo(bytes[0x1300..]);
        return file;
    }

    private sealed class CountingStream(byte[] content) : MemoryStream(content)
    {
        public long BytesRead { get; private set; }

        public override int Read(Span<byte> buffer)
        {
            int count = base.Read(buffer);
            BytesRead += count;
            return count;
        }
    }
}
