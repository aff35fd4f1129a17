using System.Net;
using System.Net.Sockets;
using System.Runtime.Versioning;
using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>
/// Not a test but the tool that made <c>Fixtures/windows</c>: run it on Windows or Wine with <c>-explicit only</c>
/// (<c>--explicit only</c>) and GOTOP_RECORD_TO set to a folder.
/// </summary>
[SupportedOSPlatform("windows")]
public sealed class RecordWindowsBuffers
{
    [Fact(Explicit = true)]
    public void Record()
    {
        Assert.SkipUnless(OperatingSystem.IsWindows(), "the buffers are Windows' own");
        string? folder = Environment.GetEnvironmentVariable("GOTOP_RECORD_TO");
        Assert.SkipWhen(folder is null, "GOTOP_RECORD_TO names no folder");
        Directory.CreateDirectory(folder);

        // So that the tables have something to show.
        using TcpListener listener4 = new(IPAddress.Loopback, 18404);
        using TcpListener listener6 = new(IPAddress.IPv6Loopback, 18406);
        listener4.Start();
        listener6.Start();

        (byte[] processes, ulong address) = new SystemProcessTable(TimeProvider.System).Copy();
        WindowsBuffers.Write(folder, "processes.bin", processes, address);
        WindowsBuffers.Write(folder, "processor-times.bin", HostReader.ReadGroupTimes(group: 0, groups: 1), 0);
        WindowsBuffers.Write(folder, "topology.bin", HostReader.ReadRelations(0xffff), 0);
        WindowsBuffers.Write(folder, "tcp4.bin", ListenerReader.ReadTable(NativeMethods.AddressFamilyIPv4).Table, 0);
        WindowsBuffers.Write(folder, "tcp6.bin", ListenerReader.ReadTable(NativeMethods.AddressFamilyIPv6).Table, 0);
        uint services = 0;
        ServiceReader.ReadPages(
            (page, pageAddress, count) =>
            {
                services = count;
                WindowsBuffers.Write(folder, "services.bin", page, pageAddress);
            },
            pageLength: 4096);
        File.WriteAllText(
            Path.Combine(folder, "recorded.txt"),
            $"pid {Environment.ProcessId}, {services} services, {Environment.OSVersion}, Wine: {WineDetector.IsWine()}\n");
    }
}
