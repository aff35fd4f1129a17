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
    private const uint CreateService = 0x0002;
    private const uint DeleteAccess = 0x00010000;
    private const uint OwnProcess = 0x10;
    private const uint AutoStart = 2;
    private const uint NormalErrors = 1;
    private const int ConfigDescription = 1;
    private const int ConfigDelayedAutoStart = 3;
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

    /// <summary>As LocalSystem, in a process of its own, started with the machine.</summary>
    /// <exception cref="Win32Exception"></exception>
    public static void Create(string name, string display, string command)
    {
        using NativeMethods.SafeServiceManagerHandle manager = NativeMethods.OpenSCManagerW(null, null, Connect | CreateService);
        if (manager.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
        using NativeMethods.SafeServiceManagerHandle service = NativeMethods.CreateServiceW(
            manager, name, display, ChangeConfig, OwnProcess, AutoStart, NormalErrors, command, null, null, null, null, null);
        if (service.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <exception cref="Win32Exception"></exception>
    public static void ChangeCommand(string name, string command)
    {
        using NativeMethods.SafeServiceManagerHandle service = Open(name, ChangeConfig);
        if (!NativeMethods.ChangeServiceConfigW(service, OwnProcess, AutoStart, NormalErrors, command, null, null, null, null, null, null))
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Its description, and a start some time after the others (delayed).</summary>
    /// <exception cref="Win32Exception"></exception>
    public static void Describe(string name, string description)
    {
        using NativeMethods.SafeServiceManagerHandle service = Open(name, ChangeConfig);
        fixed (char* text = description)
        {
            nint info = (nint)text;
            if (!NativeMethods.ChangeServiceConfig2W(service, ConfigDescription, &info)) throw new Win32Exception(Marshal.GetLastPInvokeError());
        }

        int delayed = 1;
        if (!NativeMethods.ChangeServiceConfig2W(service, ConfigDelayedAutoStart, &delayed)) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>It is gone when nobody has it open any more.</summary>
    /// <exception cref="Win32Exception"></exception>
    public static void Delete(string name)
    {
        using NativeMethods.SafeServiceManagerHandle service = Open(name, DeleteAccess);
        if (!NativeMethods.DeleteService(service)) throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    private static NativeMethods.SafeServiceManagerHandle Open(string name, uint access)
    {
        using NativeMethods.SafeServiceManagerHandle manager = NativeMethods.OpenSCManagerW(null, null, Connect);
        if (manager.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
        NativeMethods.SafeServiceManagerHandle service = NativeMethods.OpenServiceW(manager, name, access);
        if (!service.IsInvalid) return service;
        int error = Marshal.GetLastPInvokeError();
        service.Dispose();
        throw new Win32Exception(error);
    }
}
