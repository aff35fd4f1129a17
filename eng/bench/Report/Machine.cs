using System.Runtime.InteropServices;

namespace GoTop.Bench.Report;

/// <summary>The machine a figure was measured on, in one line.</summary>
internal static class Machine
{
    public static string Describe()
    {
        string processor = Value("/proc/cpuinfo", "model name") ?? "unknown processor";
        string memory = Value("/proc/meminfo", "MemTotal") is { } total && long.TryParse(total.Split(' ')[0], out long kibibytes) ? $"{kibibytes / 1048576.0:0} GiB" : "unknown memory";
        int processes = Directory.GetDirectories("/proc").Count(path => char.IsAsciiDigit(Path.GetFileName(path)[0]));
        string load = File.ReadAllText("/proc/loadavg").Split(' ')[0];
        return $"{processor}, {Environment.ProcessorCount} cores, {memory}, Linux {KernelRelease()}, {processes} processes, load {load} at the end";
    }

    private static string KernelRelease() => File.ReadAllText("/proc/sys/kernel/osrelease").Trim() + " " + RuntimeInformation.OSArchitecture;

    private static string? Value(string path, string key) =>
        File.ReadLines(path).FirstOrDefault(line => line.StartsWith(key, StringComparison.Ordinal))?.Split(':', 2)[1].Trim();
}
