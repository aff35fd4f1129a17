using System.Runtime.InteropServices;
using System.Runtime.Versioning;

namespace GoTop.Screen;

/// <summary>Modes of the Windows console (console API, SetConsoleMode).</summary>
[SupportedOSPlatform("windows")]
internal static partial class WindowsConsole
{
    private const int OutputHandle = -11;
    private const int InputHandle = -10;
    private const uint VirtualTerminalProcessing = 4;

    /// <summary>Modes of input and output, to be set again at the end; null for one that is no console.</summary>
    public static (uint? Input, uint? Output) ReadModes() => (ReadMode(InputHandle), ReadMode(OutputHandle));

    public static void ApplyModes((uint? Input, uint? Output) modes)
    {
        if (modes.Input is { } input) SetConsoleMode(GetStdHandle(InputHandle), input);
        if (modes.Output is { } output) SetConsoleMode(GetStdHandle(OutputHandle), output);
    }

    /// <summary>Makes the console understand escape sequences; consoles before Windows 10 1607 cannot.</summary>
    public static void EnableEscapeSequences()
    {
        if (ReadMode(OutputHandle) is { } mode) SetConsoleMode(GetStdHandle(OutputHandle), mode | VirtualTerminalProcessing);
    }

    private static uint? ReadMode(int which) => GetConsoleMode(GetStdHandle(which), out uint mode) ? mode : null;

    [LibraryImport("kernel32.dll")]
    private static partial nint GetStdHandle(int which);

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool GetConsoleMode(nint handle, out uint mode);

    [LibraryImport("kernel32.dll")]
    [return: MarshalAs(UnmanagedType.Bool)]
    private static partial bool SetConsoleMode(nint handle, uint mode);
}
