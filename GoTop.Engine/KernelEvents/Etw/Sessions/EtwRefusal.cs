using System.ComponentModel;
using System.Runtime.InteropServices;
using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>Why Windows does not give a session, in words for the screen.</summary>
internal static class EtwRefusal
{
    public const string NeedsElevation = "collecting kernel events needs an administrator: start GoTop elevated (or as LocalSystem)";

    private const int AccessDenied = unchecked((int)0x80070005);
    private const int PrivilegeNotHeld = unchecked((int)0x80070522);
    private const int NoSystemResources = unchecked((int)0x800705aa);
    private const int AlreadyExists = unchecked((int)0x800700b7);
    private const int NotSupportedCode = unchecked((int)0x80070032);
    private const int CallNotImplemented = unchecked((int)0x80070078);

    /// <summary>Whether it is the system's answer and not a mistake of ours.</summary>
    public static bool IsRefusal(Exception thrown) =>
        thrown is ExternalException or UnauthorizedAccessException or IOException or DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException
            or NotSupportedException or InvalidOperationException or NotImplementedException;

    /// <param name="needs">What it takes, where rights are what is missing.</param>
    public static Reading<T> Say<T>(Exception refused, string needs = NeedsElevation)
    {
        int code = refused is Win32Exception win32 ? unchecked((int)0x80070000) | win32.NativeErrorCode : refused.HResult;
        return code switch
        {
            AccessDenied => Reading.Denied<T>(needs),
            PrivilegeNotHeld => Reading.Denied<T>("collecting kernel events needs the right \"Profile system performance\" (SeSystemProfilePrivilege)"),
            NoSystemResources => Reading.Failed<T>("Windows has no room for another session of kernel events: at most 8 run at once; logman query -ets lists them"),
            AlreadyExists => Reading.Failed<T>("a session of that name runs already"),
            NotSupportedCode or CallNotImplemented => Reading.NotSupported<T>("this system has no event tracing (ETW)"),
            _ => refused switch
            {
                UnauthorizedAccessException => Reading.Denied<T>(needs),
                DllNotFoundException or EntryPointNotFoundException or PlatformNotSupportedException or NotImplementedException => Reading.NotSupported<T>("this system has no event tracing (ETW)"),
                _ => Reading.Failed<T>($"Windows did not start the session: {PlainText.Clean(refused.Message, 200)}"),
            },
        };
    }
}
