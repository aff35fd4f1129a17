using System.Security.Cryptography;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.Control.Capture;

public sealed class CaptureFolderTests : IDisposable
{
    private static readonly DateTimeOffset Now = new(2026, 11, 25, 17, 3, 9, TimeSpan.FromHours(2));
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gotop-capture-");

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public void A_folder_is_named_after_target_and_moment()
    {
        Assert.Equal(Path.Combine(_parent.FullName, "shop-20261125-150309"), NewPath("shop"));
        Directory.CreateDirectory(NewPath("shop"));
        Assert.Equal(Path.Combine(_parent.FullName, "shop-20261125-150309-2"), NewPath("shop"));
    }

    [Theory]
    [InlineData("../../etc/passwd", "etc_passwd")]
    [InlineData("host:6060", "host_6060")]
    [InlineData("  ", "target")]
    [InlineData("..", "target")]
    [InlineData("naïve\u001b[2J\n", "na_ve__2J")]
    [InlineData("C:\\x", "C__x")]
    public void A_targets_name_is_made_fit_for_a_file(string target, string expected) => Assert.Equal(expected, CaptureFolder.FileName(target));

    [Fact]
    public void A_long_name_is_cut() => Assert.Equal(64, CaptureFolder.FileName(new string('x', 500)).Length);

    [Fact]
    public async Task A_file_has_its_name_when_it_is_whole()
    {
        CaptureFolder folder = CaptureFolder.Open(Path.Combine(_parent.FullName, "new", "deeper"));
        byte[] content = [.. Enumerable.Range(0, 200_000).Select(i => (byte)i)];
        (long bytes, string hash) = await folder.WriteAsync("heap.pb.gz", null, async file =>
        {
            await file.WriteAsync(content, TestContext.Current.CancellationToken);
            Assert.False(File.Exists(Path.Combine(folder.Path, "heap.pb.gz")));
        });
        Assert.Equal(["heap.pb.gz"], Names(folder));
        Assert.Equal(content, await File.ReadAllBytesAsync(Path.Combine(folder.Path, "heap.pb.gz"), TestContext.Current.CancellationToken));
        Assert.Equal((content.Length, Convert.ToHexStringLower(SHA256.HashData(content))), (bytes, hash));
    }

    [Fact]
    public async Task One_that_is_given_up_leaves_nothing_or_a_part_that_says_so()
    {
        CaptureFolder folder = CaptureFolder.Open(_parent.FullName);
        Func<Stream, Task> broken = async file =>
        {
            await file.WriteAsync("some"u8.ToArray(), TestContext.Current.CancellationToken);
            throw new InvalidDataException("the rest did not come");
        };
        await Assert.ThrowsAsync<InvalidDataException>(() => folder.WriteAsync("heap.pb.gz", null, broken));
        Assert.Empty(Names(folder));
        await Assert.ThrowsAsync<InvalidDataException>(() => folder.WriteAsync("trace.out", "part-of-trace.out", broken));
        Assert.Equal(["part-of-trace.out"], Names(folder));
        Assert.Equal("some", await File.ReadAllTextAsync(Path.Combine(folder.Path, "part-of-trace.out"), TestContext.Current.CancellationToken));
        await Assert.ThrowsAsync<InvalidDataException>(() => folder.WriteAsync("empty.out", "part-of-empty.out", _ => throw new InvalidDataException("nothing came")));
        Assert.Equal(["part-of-trace.out"], Names(folder));
    }

    [Fact]
    public async Task Nothing_is_overwritten()
    {
        CaptureFolder folder = CaptureFolder.Open(_parent.FullName);
        await File.WriteAllTextAsync(Path.Combine(folder.Path, "heap.pb.gz"), "evidence", TestContext.Current.CancellationToken);
        CaptureException refused = await Assert.ThrowsAsync<CaptureException>(() => folder.WriteAsync("heap.pb.gz", null, _ => Task.CompletedTask));
        Assert.Contains("is there already", refused.Message, StringComparison.Ordinal);
        Assert.Equal("evidence", await File.ReadAllTextAsync(Path.Combine(folder.Path, "heap.pb.gz"), TestContext.Current.CancellationToken));
    }

    [Fact]
    public void A_folder_that_cannot_be_made_is_told_at_once()
    {
        string file = Path.Combine(_parent.FullName, "a-file");
        File.WriteAllText(file, "");
        CaptureException refused = Assert.Throws<CaptureException>(() => CaptureFolder.Open(Path.Combine(file, "inside")));
        Assert.True(refused.IsOfTheFolder);
        Assert.Contains("cannot be written: ", refused.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_full_disk_is_told_as_such()
    {
        Assert.SkipWhen(!File.Exists("/dev/full"), "this system has no /dev/full");
        await using FileStream full = new("/dev/full", FileMode.Open, FileAccess.Write, FileShare.ReadWrite, bufferSize: 0);
        HashingStream file = new(full, "/captures/trace.out");
        CaptureException refused = await Assert.ThrowsAsync<CaptureException>(() => file.WriteAsync(new byte[100], TestContext.Current.CancellationToken).AsTask());
        Assert.True(refused.IsOfTheFolder);
        Assert.StartsWith("/captures/trace.out cannot be written: No space left on device", refused.Message, StringComparison.Ordinal);
        Assert.Equal(0, file.Length);
    }

    [Fact]
    public void A_manifest_replaces_the_one_before()
    {
        CaptureFolder folder = CaptureFolder.Open(_parent.FullName);
        folder.WriteManifest("{1}");
        folder.WriteManifest("{2}");
        Assert.Equal(["manifest.json"], Names(folder));
        Assert.Equal("{2}", File.ReadAllText(Path.Combine(folder.Path, "manifest.json")));
    }

    [Fact]
    public void One_capture_of_a_kind_at_a_time_for_each_target()
    {
        string locks = Path.Combine(_parent.FullName, "locks");
        TargetIdentity shop = new() { Name = "shop", Process = new ProcessKey(7, 1) };
        CaptureLock held = CaptureLock.TryTake(locks, shop, null, "cpu")!;
        Assert.Null(CaptureLock.TryTake(locks, shop with { Name = "the same" }, null, "cpu"));
        CaptureLock.TryTake(locks, shop, null, "trace")!.Dispose();
        CaptureLock.TryTake(locks, shop with { Process = new ProcessKey(7, 2) }, null, "cpu")!.Dispose();
        CaptureLock.TryTake(locks, new TargetIdentity { Name = "shop" }, "http://a:1/", "cpu")!.Dispose();
        held.Dispose();
        CaptureLock.TryTake(locks, shop, null, "cpu")!.Dispose();
    }

    [Fact]
    public void Where_there_can_be_no_locks_captures_go_on_without()
    {
        string file = Path.Combine(_parent.FullName, "a-file");
        File.WriteAllText(file, "");
        using CaptureLock? free = CaptureLock.TryTake(Path.Combine(file, "locks"), new TargetIdentity { Name = "shop" }, null, "cpu");
        Assert.NotNull(free);
    }

    private string NewPath(string target) => CaptureFolder.NewPath(_parent.FullName, target, Now);

    private static string[] Names(CaptureFolder folder) => [.. Directory.GetFileSystemEntries(folder.Path).Select(Path.GetFileName).OfType<string>().Order(StringComparer.Ordinal)];
}
