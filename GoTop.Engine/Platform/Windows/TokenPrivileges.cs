using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Which privileges this process has, enabled or not: TOKEN_PRIVILEGES of winnt.h.</summary>
[SupportedOSPlatform("windows")]
internal static partial class TokenPrivileges
{
    private const int PrivilegesClass = 3;

    /// <summary>LUID_AND_ATTRIBUTES: two halves of the number, then flags.</summary>
    private const int EntryBytes = 12;

    /// <returns>Null where the system does not tell.</returns>
    public static bool? Holds(string privilege)
    {
        using SafeProcessHandle own = new(GetCurrentProcess(), ownsHandle: false);
        if (!LookupPrivilegeValue(null, privilege, out long wanted) || !NativeMethods.OpenProcessToken(own, NativeMethods.TokenQuery, out SafeAccessTokenHandle token)) return null;
        using (token)
        {
            byte[] buffer = new byte[4096];
            return GetTokenInformation(token, PrivilegesClass, buffer, buffer.Length, out int bytes) ? Holds(buffer.AsSpan(0, Math.Min(bytes, buffer.Length)), wanted) : null;
        }
    }

    internal static bool Holds(ReadOnlySpan<byte> privileges, long wanted)
    {
        if (privileges.Length < 4) return false;
        int count = BitConverter.ToInt32(privileges);
        for (int i = 0; i < count && 4 + (i + 1) * EntryBytes <= privileges.Length; i++)
        {
            if (BitConverter.ToInt64(privileges[(4 + i * EntryBytes)..]) == wanted) return true;
        }

        return false;
    }

    [LibraryImport("kernel32.dll")]
    private static partial nint GetCurrentProcess();

    [LibraryImport("advapi32.dll", EntryPoint = "LookupPrivilegeValueW", SetLastError = true, StringMarshalling = StringMarshalling.Utf16)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool LookupPrivilegeValue(string? system, string name, out long luid);

    [LibraryImport("advapi32.dll", SetLastError = true)]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetTokenInformation(SafeAccessTokenHandle token, int kind, byte[] information, int length, out int needed);
}
