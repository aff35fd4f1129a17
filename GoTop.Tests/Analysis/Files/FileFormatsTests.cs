using System.Text;
using GoTop.Engine.Analysis.Files;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Files;

public sealed class FileFormatsTests
{
    [Theory]
    [InlineData("", FileFormat.Empty)]
    [InlineData("go 1.26 trace\0\0\0\u0001", FileFormat.Trace)]
    [InlineData("goroutine 1 [running]:\nmain.main()\n", FileFormat.GoroutineDump)]
    [InlineData("goroutine profile: total 3\n", FileFormat.GoroutineDump)]
    [InlineData("2026/11/23 12:00:00 starting\npanic: boom\n", FileFormat.GoroutineDump)]
    [InlineData("{\"level\":\"info\"}\n{\"level\":\"info\"}\npanic: boom\n", FileFormat.GoroutineDump)]
    [InlineData("heap profile: 1: 2 [3: 4] @ heap/1048576\n", FileFormat.HeapText)]
    [InlineData("--- mutex:\ncycles/second=1\n", FileFormat.ProfileText)]
    [InlineData("--- contention:\ncycles/second=1\n", FileFormat.ProfileText)]
    [InlineData("threadcreate profile: total 9\n8 @ 0x0\n", FileFormat.ProfileText)]
    [InlineData("my own/profile profile: total 2\n", FileFormat.ProfileText)]
    [InlineData("goroutineleak profile: total 3\n", FileFormat.GoroutineDump)]
    [InlineData("{\n\"cmdline\": [],\n\"memstats\": {}}\n", FileFormat.Expvar)]
    [InlineData("{\"cmdline\":[],\"memstats\":{}}", FileFormat.Expvar)]
    [InlineData("# HELP go_goroutines Number\n# TYPE go_goroutines gauge\n", FileFormat.Metrics)]
    [InlineData("SQLite format 3\0", FileFormat.Recording)]
    [InlineData("\n\u0004\b\u0001\u0010\u0002", FileFormat.Profile)]
    public void A_format_is_known_by_its_first_bytes(string start, FileFormat expected) =>
        Assert.Equal(expected, FileFormats.Recognize(Encoding.UTF8.GetBytes(start)));

    [Fact]
    public void An_event_trace_log_of_windows_is_known() =>
        Assert.Equal(FileFormat.Etl, FileFormats.Recognize(File.ReadAllBytes(SharedFiles.Require("etl/SelfDescribingSingleEvent.etl")).AsSpan(0, 4096)));
}
