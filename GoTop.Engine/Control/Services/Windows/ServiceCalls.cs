using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>The service manager's calls that ServiceController lacks.</summary>
[SupportedOSPlatform("windows")]
internal static unsafe class ServiceCalls
{
    public const int AccessDenied = 5;
    public const int ServiceSpecific = 1066;
    public const int NeverStarted = 1077;

    private const int ConfigFailureActions = 2;
    private const int ConfigFailureActionsFlag = 4;
    private const int LargestConfig = 8192;
    private const uint ChangeConfig = 0x0002;

    /// <summary>SERVICE_START: needed by whoever sets an action that restarts.</summary>
    private const uint Start = 0x0010;
    private const uint Connect = 0x0001;
    private const uint ResetAfterSeconds = 24 * 60 * 60;

    /// <summary>Its process, and what it ended with.</summary>
    public static (int? ProcessId, int ExitCode, int SpecificCode) Process(SafeHandle service)
    {
        // SERVICE_STATUS_PROCESS: type, state, accepted, exit code, own exit code, check point, wait hint, process id, flags.
        uint* status = stackalloc uint[9];
        if (!NativeMethods.QueryServiceStatusEx(service, infoLevel: 0, (byte*)status, 9 * sizeof(uint), out _)) return (null, 0, 0);
        return (status[7] == 0 ? null : (int)status[7], (int)status[3], (int)status[4]);
    }

    public static Reading<FailureActions> ReadFailureActions(SafeHandle service)
    {
        byte[] bytes = new byte[LargestConfig];
        fixed (byte* buffer = bytes)
        {
            if (!NativeMethods.QueryServiceConfig2W(service, ConfigFailureActions, buffer, LargestConfig, out uint needed))
                return Reading.NotSupported<FailureActions>($"the service manager does not tell: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
            return FailureActions.Decode(bytes, (ulong)buffer) is { } actions ? Reading.Of(actions) : Reading.Failed<FailureActions>($"its answer of {needed} bytes makes no sense");
        }
    }

    /// <summary>Whether failure actions also follow a stop with an error; false where the system does not tell.</summary>
    public static bool ActsOnStopWithError(SafeHandle service)
    {
        int flag;
        return NativeMethods.QueryServiceConfig2W(service, ConfigFailureActionsFlag, (byte*)&flag, sizeof(int), out _) && flag != 0;
    }

    /// <exception cref="Win32Exception"></exception>
    public static void SetFailureActions(string name, RecoveryPolicy wanted)
    {
        using NativeMethods.SafeServiceManagerHandle manager = NativeMethods.OpenSCManagerW(null, null, Connect);
        if (manager.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
        using NativeMethods.SafeServiceManagerHandle service = NativeMethods.OpenServiceW(manager, name, ChangeConfig | Start);
        if (service.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
        const int Count = 3;
        int* actions = stackalloc int[Count * 2];
        for (int i = 0; i < Count; i++)
        {
            actions[i * 2] = wanted.Restart == RestartCondition.No ? FailureAction.None : FailureAction.Restart;
            actions[(i * 2) + 1] = (int)wanted.Delay.TotalMilliseconds;
        }

        NativeMethods.ServiceFailureActions set = new() { ResetPeriodSeconds = ResetAfterSeconds, ActionCount = Count, Actions = (nint)actions };
        if (!NativeMethods.ChangeServiceConfig2W(service, ConfigFailureActions, &set)) throw new Win32Exception(Marshal.GetLastPInvokeError());
        int flag = wanted.Restart == RestartCondition.Always ? 1 : 0;
        if (!NativeMethods.ChangeServiceConfig2W(service, ConfigFailureActionsFlag, &flag)) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }
}
