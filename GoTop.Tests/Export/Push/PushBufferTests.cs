using System.Security.Cryptography;
using GoTop.Engine.Export.Push;
using GoTop.Engine.Http;
using GoTop.Tests.Support;
using Microsoft.Data.Sqlite;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Export.Push;

public sealed class PushBufferTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-push-").FullName;

    private string File => Path.Combine(_folder, "export-push.db");

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void The_oldest_comes_first_and_all_of_it_is_there_after_a_restart()
    {
        using (PushBuffer buffer = Open())
        {
            buffer.Add([1, 2, 3]);
            buffer.Add([4, 5]);
        }

        using PushBuffer again = Open();
        Assert.Equal(2, again.Count);
        WaitingDocument oldest = again.Oldest()!;
        Assert.Equal([1, 2, 3], GzipBytes.Unpack(oldest.Gzip));
        again.Remove(oldest.Id, wasTaken: true);
        Assert.Equal([4, 5], Body(again));
        Assert.Equal((1L, 0L), (again.Count, again.Dropped));
    }

    [Fact]
    public void Above_its_size_the_oldest_make_room_and_are_counted_and_the_file_stays_small()
    {
        const int Size = 100_000;
        int kept;
        using (PushBuffer buffer = Open(10 * Size))
        {
            for (int i = 0; i < 50; i++) buffer.Add(Noise(i, Size));
            // Compressed, noise is a little larger.
            kept = (int)buffer.Count;
            Assert.InRange(kept, 7, 10);
            Assert.InRange(buffer.Bytes, kept * Size, 10 * Size);
            Assert.Equal(50 - kept, buffer.Dropped);
            Assert.Equal(Noise(50 - kept, Size), Body(buffer));
        }

        Assert.InRange(new FileInfo(File).Length, 1, 20 * Size);
        using PushBuffer again = Open();
        Assert.Equal((kept, 50L - kept), (again.Count, again.Dropped));
    }

    [Fact]
    public void One_that_alone_is_too_large_is_kept_until_the_next()
    {
        using PushBuffer buffer = Open(10);
        Assert.Equal(0, buffer.Add(Noise(1, 1008)));
        Assert.Equal(1, buffer.Add(Noise(2, 1008)));
        Assert.Equal(Noise(2, 1008), Body(buffer));
    }

    [Fact]
    public void What_nobody_will_take_is_counted_as_dropped()
    {
        using PushBuffer buffer = Open();
        buffer.Add([1]);
        buffer.Remove(buffer.Oldest()!.Id, wasTaken: false);
        buffer.Remove(17, wasTaken: false);
        Assert.Equal((0L, 1L, 0L), (buffer.Count, buffer.Dropped, buffer.Bytes));
        Assert.Null(buffer.Oldest());
    }

    [Fact]
    public void A_damaged_file_is_set_aside()
    {
        System.IO.File.WriteAllText(File, "this is no database, whatever its name says; it is long enough to be looked at");
        using PushBuffer buffer = Open();
        buffer.Add([1]);
        Assert.Equal(1, buffer.Count);
        Assert.StartsWith("this is no database", System.IO.File.ReadAllText(File + ".damaged"), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_file_it_waits_in_memory()
    {
        Directory.CreateDirectory(File);
        using PushBuffer buffer = Open();
        buffer.Add([7]);
        Assert.Equal([7], Body(buffer));
        buffer.Dispose();
    }

    /// <summary>Else nothing behind it would ever be sent.</summary>
    [Theory]
    [InlineData("x'1F8B0800FFFF'")]
    [InlineData("x''")]
    [InlineData("x'6E6F74207061636B656420617420616C6C2C206E6F74206174207468697320656E64'")]
    [InlineData("substr(body, 1, length(body) - 4)")]
    public void A_document_that_is_damaged_is_dropped_and_the_next_one_comes(string damaged)
    {
        using PushBuffer buffer = Open();
        buffer.Add([1]);
        buffer.Add([2]);
        Execute($"UPDATE documents SET body = {damaged} WHERE id = 1");
        Assert.Equal([2], Body(buffer));
        Assert.Equal((1L, 1L), (buffer.Count, buffer.Dropped));
    }

    [Fact]
    public void A_file_that_is_damaged_while_it_is_used_is_set_aside_and_what_was_in_it_counted()
    {
        using (PushBuffer buffer = Open())
        {
            buffer.Add([1]);
            buffer.Add([2]);
            Execute("PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'no sense' WHERE name = 'documents'; PRAGMA schema_version = 4711");
            buffer.Add([3]);
            Assert.Equal([3], Body(buffer));
            Assert.Equal((1L, 2L), (buffer.Count, buffer.Dropped));
        }

        Assert.True(System.IO.File.Exists(File + ".damaged"));
        using PushBuffer again = Open();
        Assert.Equal((1L, 2L), (again.Count, again.Dropped));
    }

    [Fact]
    public async Task On_a_full_disk_what_is_new_waits_in_memory_and_what_is_taken_is_gone()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 2);
        using (PushBuffer buffer = PushBuffer.Open(disk.Folder, 1 << 20, NullLogger.Instance))
        {
            buffer.Add([0]);
            buffer.Add([1]);
            disk.Fill();
            // The pages that its files have already take some.
            for (byte number = 2; number < 100; number++) Assert.Equal(0, buffer.Add([number, .. Noise(number, 1600)]));
            Assert.Equal((100L, 0L), (buffer.Count, buffer.Dropped));
            for (byte number = 0; number < 90; number++)
            {
                Assert.Equal(number, Body(buffer)[0]);
                buffer.Remove(buffer.Oldest()!.Id, wasTaken: number % 30 > 0);
            }

            Assert.Equal((10L, 3L), (buffer.Count, buffer.Dropped));
            WaitingDocument held = buffer.Oldest()!;
            Assert.True(held.Id < 0);
            disk.Free();
            buffer.Add([100]);
            buffer.Add([101]);
            // It is in the file since, under another id.
            buffer.Remove(held.Id, wasTaken: true);
            Assert.Equal(91, Body(buffer)[0]);
        }

        using PushBuffer again = PushBuffer.Open(disk.Folder, 1 << 20, NullLogger.Instance);
        Assert.Equal((11L, 3L), (again.Count, again.Dropped));
        for (byte number = 91; number < 102; number++)
        {
            Assert.Equal(number, Body(again)[0]);
            again.Remove(again.Oldest()!.Id, wasTaken: true);
        }

        Assert.Equal((0L, 0L), (again.Count, again.Bytes));
    }

    [Fact]
    public async Task What_waits_in_memory_is_written_at_the_end_if_there_is_room_by_then()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 1);
        using (PushBuffer buffer = PushBuffer.Open(disk.Folder, 50 << 20, NullLogger.Instance))
        {
            disk.Fill();
            buffer.Add(Noise(1, 1 << 19));
            disk.Free();
        }

        using PushBuffer again = PushBuffer.Open(disk.Folder, 50 << 20, NullLogger.Instance);
        Assert.Equal(Noise(1, 1 << 19), Body(again));
    }

    [Fact]
    public async Task On_a_full_disk_the_oldest_in_memory_make_room_and_are_counted()
    {
        await using SmallDisk disk = await SmallDisk.RequireAsync(megabytes: 1);
        using PushBuffer buffer = PushBuffer.Open(disk.Folder, 50 << 20, NullLogger.Instance);
        disk.Fill();
        const int Size = 1 << 20;
        int dropped = 0;
        for (byte number = 0; number < 10; number++) dropped += buffer.Add([number, .. Noise(number, Size)]);
        Assert.Equal((dropped, 3), (7, (int)buffer.Count));
        Assert.Equal((7L, 7), (buffer.Dropped, Body(buffer)[0]));
        Assert.InRange(buffer.Bytes, 3 * Size, UnwrittenDocuments.MostBytes);
    }

    /// <summary>By somebody else, in the file.</summary>
    private void Execute(string sql)
    {
        using SqliteConnection connection = new($"Data Source={File};Pooling=False");
        connection.Open();
        using SqliteCommand command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    private static byte[] Body(PushBuffer buffer) => GzipBytes.Unpack(buffer.Oldest()!.Gzip);

    private PushBuffer Open(long mostBytes = 1 << 20) => PushBuffer.Open(_folder, mostBytes, NullLogger.Instance);

    /// <summary>That no compression makes smaller; of a multiple of 16 bytes.</summary>
    private static byte[] Noise(int seed, int length)
    {
        byte[] noise = new byte[length];
        byte[] key = SHA256.HashData(BitConverter.GetBytes(seed));
        using Aes aes = Aes.Create();
        aes.Key = key;
        return aes.EncryptCbc(noise, key.AsSpan(0, 16), PaddingMode.None);
    }
}
