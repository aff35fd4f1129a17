using GoTop.Engine.Analysis.EventLogs;
using Xunit;

namespace GoTop.Tests.Analysis.EventLogs;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData(@"C:\Program Files\Shop\orders.exe", true)]
    [InlineData(@"d:\orders", true)]
    [InlineData(@"\\server\share\orders.exe", false)]
    [InlineData(@"//server/share/orders.exe", false)]
    [InlineData(@"\\.\pipe\orders", false)]
    [InlineData(@"\\?\C:\orders.exe", false)]
    [InlineData(@"\\?\UNC\server\share\orders.exe", false)]
    [InlineData(@"\??\C:\orders.exe", false)]
    [InlineData(@"\Device\HarddiskVolume3\orders.exe", false)]
    [InlineData(@"C:orders.exe", false)]
    [InlineData(@"C:/orders.exe", false)]
    [InlineData(@"C:\", false)]
    [InlineData(@"C:\\orders.exe", false)]
    [InlineData(@"C:\..\orders.exe", false)]
    [InlineData(@"C:\orders.exe:stream", false)]
    [InlineData(@"C:\shop\nul.exe", false)]
    [InlineData(@"C:\shop\CON", false)]
    [InlineData(@"C:\shop\com1.log", false)]
    [InlineData(@"C:\shop\lpt² .x", false)]
    [InlineData(@"C:\shop\common.exe", true)]
    [InlineData(@"C:\GLOBALROOT\Device\x/y", false)]
    [InlineData("", false)]
    [InlineData(@"/usr/bin/orders", false)]
    public void Only_plain_paths_of_a_drive_may_be_opened(string path, bool may) => Assert.Equal(may, LocalPath.IsPlainOnWindows(path));

    [Theory]
    [InlineData("orders.exe", true)]
    [InlineData("..", false)]
    [InlineData("a\\b", false)]
    [InlineData("a/b", false)]
    [InlineData("nul", false)]
    [InlineData("a\u0000b", false)]
    [InlineData("", false)]
    public void Only_plain_names_are_put_into_a_folder(string name, bool may) => Assert.Equal(may, LocalPath.IsPlainName(name));
}
