using System.ComponentModel;
using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Opens processes, and says what stands in the way.</summary>
[SupportedOSPlatform("windows")]
internal sealed class ProcessAccess
{
    private readonly Lazy<bool> _debugPrivilege = new(TakeDebugPrivilege);

    /// <summary>A handle to this very life of the process. The caller disposes of it.</summary>
    /// <param name="access">PROCESS_QUERY_LIMITED_INFORMATION must be among the rights.</param>
    public Reading<SafeProcessHandle> Open(ProcessKey process, uint access, string what)
    {
        Reading<SafeProcessHandle> opened = Open(process.ProcessId, access, what);
        // Administrators have the right to read services of other accounts, but must claim it.
        if (opened.State == ReadingState.Denied && _debugPrivilege.Value) opened = Open(process.ProcessId, access, what);
        if (!opened.TryGet(out SafeProcessHandle? handle) || IsSameLife(handle, process)) return opened;
        handle.Dispose();
        return Gone<SafeProcessHandle>(process.ProcessId);
    }

    public static Reading<T> Gone<T>(int processId) => Reading.Failed<T>($"process {processId} has exited");

    /// <summary>Why a call failed, from its error code.</summary>
    public static Reading<T> Refused<T>(int error, string what) =>
        error == NativeMethods.ErrorAccessDenied
            ? Reading.Denied<T>($"{what} needs more rights: run GoTop as administrator, or as the user the process runs as")
            : Reading.Failed<T>($"{what} failed: {new Win32Exception(error).Message} ({error})");

    private static Reading<SafeProcessHandle> Open(int processId, uint access, string what)
    {
        SafeProcessHandle handle = NativeMethods.OpenProcess(access, inherit: false, processId);
        if (!handle.IsInvalid) return Reading.Of(handle);
        int error = Marshal.GetLastPInvokeError();
        handle.Dispose();
        // OpenProcess calls an id that no process has an invalid parameter.
        return error == NativeMethods.ErrorInvalidParameter ? Gone<SafeProcessHandle>(processId) : Refused<SafeProcessHandle>(error, what);
    }

    /// <summary>Process ids recur within seconds, and a handle does not: once it is open, the creation time tells.</summary>
    private static bool IsSameLife(SafeProcessHandle handle, ProcessKey process) =>
        !NativeMethods.GetProcessTimes(handle, out ulong created, out _, out _, out _) || created == process.StartToken;

    private static bool TakeDebugPrivilege()
    {
        try
        {
            Process.EnterDebugMode();
            return true;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
