using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>For tests of what only Windows (or Wine) can answer.</summary>
internal static class WindowsOnly
{
    public static void Require() => Assert.SkipUnless(OperatingSystem.IsWindows(), "needs Windows; eng/test-wine.sh runs it under Wine");
}
