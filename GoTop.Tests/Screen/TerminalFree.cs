using System.Runtime.CompilerServices;

namespace GoTop.Tests.Screen;

/// <summary>Keeps Terminal.Gui off the terminal that the tests run in.</summary>
internal static class TerminalFree
{
    [ModuleInitializer]
    internal static void Initialize() => Environment.SetEnvironmentVariable("DisableRealDriverIO", "1");
}
