using System.Diagnostics;

namespace GoTop.Tests.Platform.Windows;

/// <summary>Small processes of the system's own to look at.</summary>
internal static class Children
{
    /// <summary>A process that waits for its input to end.</summary>
    public static Process Wait()
    {
        ProcessStartInfo start = new("cmd.exe") { RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false };
        start.ArgumentList.Add("/q");
        Process process = Process.Start(start) ?? throw new InvalidOperationException("cmd.exe did not start");
        // Its banner says that it has come to life.
        _ = process.StandardOutput.ReadLine();
        return process;
    }

    public static void End(Process process)
    {
        if (!process.HasExited) process.Kill();
        process.WaitForExit();
    }
}
