using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Platform.Windows;
using GoTop.Tests.Platform.Windows;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw.Sessions;

public sealed class EtwRightsLiveTests
{
    [Fact]
    public void Windows_tells_which_rights_there_are()
    {
        WindowsOnly.Require();
        if (!OperatingSystem.IsWindows()) return;
        LiveEtwSystem system = new();
        Assert.NotNull(system.IsElevated);
        Assert.NotNull(system.IsPerformanceLogUser);
        Assert.NotNull(system.HasProfileRight);
        // Everybody may shut the machine down or at least pass through folders; nobody has what does not exist.
        Assert.True(TokenPrivileges.Holds("SeChangeNotifyPrivilege"));
        Assert.Null(TokenPrivileges.Holds("SeNoSuchPrivilege"));
    }

    [Fact]
    public void A_privilege_is_found_among_those_that_a_process_has()
    {
        // Two entries of LUID_AND_ATTRIBUTES: 8 disabled, 23 enabled.
        byte[] privileges = [2, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 23, 0, 0, 0, 0, 0, 0, 0, 2, 0, 0, 0];
#pragma warning disable CA1416 // Reads bytes, asks nothing of Windows.
        Assert.True(TokenPrivileges.Holds(privileges, 8));
        Assert.True(TokenPrivileges.Holds(privileges, 23));
        Assert.False(TokenPrivileges.Holds(privileges, 11));
        Assert.False(TokenPrivileges.Holds(privileges.AsSpan(0, 20), 23));
        Assert.False(TokenPrivileges.Holds([], 8));
#pragma warning restore CA1416
    }
}
