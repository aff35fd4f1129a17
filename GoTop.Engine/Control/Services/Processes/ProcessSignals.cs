using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Linux = GoTop.Engine.Platform.Linux;

namespace GoTop.Engine.Control.Services.Processes;

/// <summary>Asks a process to end, and ends it. The caller has made sure that it is the process that is meant; so do these, as late as they can.</summary>
internal sealed class ProcessSignals(IPlatform platform)
{
    private const int Terminate = 15;
    private const int KillSignal = 9;

    /// <summary>How it is asked, for a step's title.</summary>
    public static string Graceful => OperatingSystem.IsWindows() ? "ask (Ctrl-Break, or closing its window)" : "SIGTERM to";

    /// <returns>What was done, in words.</returns>
    /// <exception cref="ControlException">It may not be asked.</exception>
    public async Task<string> AskToEndAsync(ProcessKey process, CancellationToken cancellation)
    {
        if (!platform.IsAlive(process)) return "it had ended already";
        if (OperatingSystem.IsWindows()) return await ConsoleBreak.AskAsync(process.ProcessId, cancellation).ConfigureAwait(false);
        Signal(process, Terminate, "SIGTERM");
        return "SIGTERM was sent";
    }

    /// <exception cref="ControlException">It may not be ended.</exception>
    public void Kill(ProcessKey process)
    {
        if (!platform.IsAlive(process)) return;
        if (!OperatingSystem.IsWindows())
        {
            Signal(process, KillSignal, "SIGKILL");
            return;
        }

        try
        {
            using Process found = Process.GetProcessById(process.ProcessId);
            if (platform.IsAlive(process)) found.Kill();
        }
        catch (ArgumentException)
        {
            // It has ended.
        }
        catch (Win32Exception refused)
        {
            throw new ControlException($"process {process.ProcessId} cannot be ended: {refused.Message}") { IsDenied = true };
        }
    }

    private static void Signal(ProcessKey process, int signal, string name)
    {
        if (!OperatingSystem.IsLinux()) throw new ControlException("processes cannot be ended on this system");
        if (Linux.NativeMethods.Kill(process.ProcessId, signal) == 0) return;
        int error = Marshal.GetLastPInvokeError();
        if (error == Linux.Errno.NoProcess) return;
        throw new ControlException(string.Create(CultureInfo.InvariantCulture, $"{name} to process {process.ProcessId}: {Marshal.GetPInvokeErrorMessage(error)}")) { IsDenied = error == Linux.Errno.NotPermitted };
    }
}
