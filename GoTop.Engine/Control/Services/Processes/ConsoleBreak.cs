using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.Versioning;
using CliWrap;
using GoTop.Engine.Platform.Windows;

namespace GoTop.Engine.Control.Services.Processes;

/// <summary>
/// Windows has no signals. A window can be closed; a console program gets Ctrl-Break, which whoever sends it must share the
/// console for. So another gotop does that, and this one keeps its own console.
/// </summary>
public static class ConsoleBreak
{
    /// <summary>The hidden command of the other gotop, with the process id after it.</summary>
    public const string Command = "console-break";

    [SupportedOSPlatform("windows")]
    internal static async Task<string> AskAsync(int processId, CancellationToken cancellation)
    {
        try
        {
            using Process process = Process.GetProcessById(processId);
            if (process.MainWindowHandle != 0 && process.CloseMainWindow()) return "its window was told to close";
        }
        catch (Exception gone) when (gone is ArgumentException or InvalidOperationException or Win32Exception)
        {
            return "it had ended already";
        }

        // Only gotop itself has the command: not a test's process.
        if (Environment.ProcessPath is not { } self || !Path.GetFileNameWithoutExtension(self).Equals("gotop", StringComparison.OrdinalIgnoreCase)) return "nothing can ask it to end";
        CommandResult result = await Cli.Wrap(self).WithArguments([Command, processId.ToString(CultureInfo.InvariantCulture)])
            .WithValidation(CommandResultValidation.None).ExecuteAsync(cancellation).ConfigureAwait(false);
        return result.ExitCode == 0 ? "Ctrl-Break was sent" : "it has no console of its own, so nothing can ask it to end";
    }

    /// <summary>Run by the other gotop: goes over to the console of a process and sends it Ctrl-Break.</summary>
    /// <returns>False when the process has no console, or shares it with others that would be hit as well.</returns>
    [SupportedOSPlatform("windows")]
    public static unsafe bool Send(int processId)
    {
        NativeMethods.FreeConsole();
        if (!NativeMethods.AttachConsole(processId)) return false;
        // We hear it too, and must live on to tell.
        if (!NativeMethods.SetConsoleCtrlHandler(0, add: true)) return false;
        uint* ids = stackalloc uint[8];
        uint count = NativeMethods.GetConsoleProcessList(ids, 8);
        // As the first of a group it can be meant alone; else only when nobody else shares its console.
        return NativeMethods.GenerateConsoleCtrlEvent(NativeMethods.CtrlBreakEvent, (uint)processId)
            || (count is > 0 and <= 2 && NativeMethods.GenerateConsoleCtrlEvent(NativeMethods.CtrlBreakEvent, 0));
    }
}
