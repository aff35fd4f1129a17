using System.Diagnostics;
using System.Globalization;

namespace GoTop.Bench.Target;

/// <summary>A program that watches the target. PID in its command stands for the target's.</summary>
/// <param name="TargetArguments">How the target is started for it.</param>
internal sealed record Watcher(string Name, string[] Command, string[] TargetArguments)
{
    /// <summary>The first does nothing: what it "costs" is what this machine's noise looks like.</summary>
    public static Watcher[] All(string gotop) =>
    [
        new("nothing (control)", ["sleep", "60"], []),
        new("gotop, memory only", [gotop, "top", "PID", "--batch", "-d", "1"], []),
        new("gotop, memory and pprof", [gotop, "top", "PID", "--batch", "-d", "1"], ["-pprof"]),
        new("top", ["top", "-b", "-d", "1", "-p", "PID"], []),
    ];

    public Process Start(int target)
    {
        string[] command = [.. Command.Select(word => word == "PID" ? target.ToString(CultureInfo.InvariantCulture) : word)];
        Process process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardOutput = true, RedirectStandardError = true })
            ?? throw new InvalidOperationException($"{command[0]} did not start");
        // Read, so that it never waits for its reader; kept by nobody.
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }
}
