using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace GoTop.Engine.Platform.Windows;

/// <summary>Whether this Windows is Wine, which answers some questions with a constant.</summary>
[SupportedOSPlatform("windows")]
internal static class WineDetector
{
    public static bool IsWine() =>
        NativeLibrary.TryLoad("ntdll.dll", typeof(WineDetector).Assembly, DllImportSearchPath.System32, out nint ntdll)
        && NativeLibrary.TryGetExport(ntdll, "wine_get_version", out _);
}
