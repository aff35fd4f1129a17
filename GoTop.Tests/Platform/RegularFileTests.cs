using System.Net.Sockets;
using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;
using Xunit;

namespace GoTop.Tests.Platform;

public sealed class RegularFileTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-file-");

    private string At => Path.Combine(_folder.FullName, "x");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void A_file_is_opened_also_by_a_link()
    {
        File.WriteAllText(At, "hello");
        using (SafeFileHandle file = RegularFile.Open(At)) Assert.Equal(5, RandomAccess.GetLength(file));
        if (OperatingSystem.IsWindows()) return;
        File.CreateSymbolicLink(At + "2", At);
        using FileStream stream = new(RegularFile.Open(At + "2"), FileAccess.Read);
        Assert.Equal("hello", new StreamReader(stream).ReadToEnd());
    }

    [Fact]
    public void What_is_not_there_and_what_is_a_folder_are_told_apart()
    {
        Assert.Throws<FileNotFoundException>(() => RegularFile.Open(At));
        Assert.Throws<UnauthorizedAccessException>(() => RegularFile.Open(_folder.FullName));
        Assert.ThrowsAny<IOException>(() => RegularFile.Open("a\0b"));
    }

    /// <summary>To open a pipe would wait for a writer that never comes.</summary>
    [Fact]
    public async Task Pipes_sockets_and_devices_are_refused_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs what Linux has in folders");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([At]).ExecuteAsync(TestContext.Current.CancellationToken);
        using Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(At + "s"));
        File.CreateSymbolicLink(At + "l", At);
        foreach ((string path, string what) in ((string, string)[])[(At, "a pipe"), (At + "l", "a pipe"), (At + "s", "a socket"), ("/dev/zero", "a device")])
        {
            Task<IOException> refused = Task.Run(() => Assert.ThrowsAny<IOException>(() => RegularFile.Open(path)), TestContext.Current.CancellationToken);
            Assert.Equal($"{path} is no regular file: {what}", (await refused.WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken)).Message);
        }
    }
}
