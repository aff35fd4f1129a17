using System.Diagnostics;
using System.Globalization;
using Xunit;

namespace GoTop.Tests.Support;

/// <summary>A file system of its own in memory, which a test can fill. Where none can be mounted the test is skipped.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private SmallDisk(string folder) => Folder = folder;

    public string Folder { get; }

    private string Filling => Path.Combine(Folder, "filling");

    public static async Task<SmallDisk> RequireAsync(int megabytes)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "mounts a tmpfs");
        string folder = Directory.CreateTempSubdirectory("gotop-small-disk-").FullName;
        string options = string.Create(CultureInfo.InvariantCulture, $"size={megabytes}m");
        if (await RunAsync("mount", "-t", "tmpfs", "-o", options, "none", folder) is { } problem)
        {
            Directory.Delete(folder);
            Assert.Skip($"no small disk can be mounted: {problem}");
        }

        return new SmallDisk(folder);
    }

    /// <summary>Until not one byte is left. What others give free afterwards is free.</summary>
    public void Fill()
    {
        using FileStream file = new(Filling, FileMode.Append, FileAccess.Write, FileShare.None, bufferSize: 0);
        byte[] page = new byte[4096];
        try
        {
            while (true) file.Write(page);
        }
        catch (IOException)
        {
            // That is all.
        }
    }

    public void Free() => File.Delete(Filling);

    public async ValueTask DisposeAsync()
    {
        // Whoever still has a file open there may keep it.
        await RunAsync("umount", "--lazy", Folder);
        Directory.Delete(Folder);
    }

    /// <returns>What went wrong; null when nothing did.</returns>
    private static async Task<string?> RunAsync(string program, params string[] arguments)
    {
        try
        {
            using Process process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
            string error = await process.StandardError.ReadToEndAsync();
            await process.WaitForExitAsync();
            return process.ExitCode == 0 ? null : error.Trim();
        }
        catch (System.ComponentModel.Win32Exception missing)
        {
            return missing.Message;
        }
    }
}
