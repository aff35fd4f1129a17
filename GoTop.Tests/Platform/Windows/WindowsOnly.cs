using GoTop.Engine.Platform.Windows;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>For tests of what only Windows (or Wine) can answer.</summary>
internal static class WindowsOnly
{
    public static void Require() => Assert.SkipUnless(OperatingSystem.IsWindows(), "needs Windows; eng/test-wine.sh runs it under Wine");

    /// <summary>For what goes through Windows' own decoder of events.</summary>
    public static void SkipWithoutDecoder() =>
        Assert.SkipWhen(OperatingSystem.IsWindows() && WineDetector.IsWine(), "Wine's tdh.dll has no TdhGetEventInformation, which TraceEvent asks on Windows");
}
