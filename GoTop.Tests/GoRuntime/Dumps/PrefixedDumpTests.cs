using System.Text;
using System.Text.Json;
using GoTop.Engine.GoRuntime.Dumps;
using Xunit;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>Crashes that were taken from a log: something stands before each line.</summary>
public sealed class PrefixedDumpTests
{
    private const string Crash = """
        panic: no database

        goroutine 1 [running]:
        main.main()
        	/src/main.go:10 +0x1d

        goroutine 7 [chan receive, 12 minutes]:
        main.work(0x1, {0xc000012345, 0x5})
        	/src/main.go:20 +0x1d
        main.start(...)
        	/src/main.go:28
        created by main.main in goroutine 1
        	/src/main.go:8 +0x2e
        exit status 2

        """;

    public static TheoryData<string> Prefixes =>
    [
        "2026-11-25T10:00:0{0}Z myhost svc[123]: ",
        "Nov 25 10:00:0{0} myhost svc[123]: ",
        "Nov  5 10:0{0}:00 myhost svc[123]: ",
        "2026-11-25T10:00:0{0}.12345{0}Z stderr F ",
        "web-1  | ",
        "[pod/orders-7d9f/orders] ",
        "I1125 10:00:0{0}.000123   4242 log.go:12] ",
    ];

    [Theory]
    [MemberData(nameof(Prefixes))]
    public void Each_line_has_a_prefix(string prefix)
    {
        string text = string.Join('\n', Lines().Select((line, i) => string.Format(System.Globalization.CultureInfo.InvariantCulture, prefix, i % 10) + line));
        AssertIsCrash(text, 1);
        AssertIsCrash(text.Replace("\n", "\r\n", StringComparison.Ordinal), 1);
        // A log that trims the blank of empty lines, and one that drops those lines.
        AssertIsCrash(string.Join('\n', text.Split('\n').Select(line => line.TrimEnd(' '))), 1);
        AssertIsCrash(string.Join('\n', text.Split('\n').Where((_, i) => Lines()[i].Length > 0)), 1);
    }

    [Fact]
    public void Dockers_and_journalds_json_lines_are_read()
    {
        AssertIsCrash(string.Join('\n', Lines().Select(line => $$"""{"log":{{JsonSerializer.Serialize(line + "\n")}},"stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""")), 1);
        AssertIsCrash(string.Join('\n', Lines().Select(line => $$"""{"_PID":"12","MESSAGE":{{JsonSerializer.Serialize(line)}},"PRIORITY":"6"}""")), 1);
    }

    [Fact]
    public void Lines_of_others_in_between_are_passed_over()
    {
        string[] lines = [.. Lines().Select(line => "Nov 25 10:00:00 myhost svc[123]: " + line)];
        string text = string.Join('\n', lines.SelectMany((line, i) => i % 3 == 1 ? [line, "Nov 25 10:00:00 kernel says: something else"] : new[] { line }));
        AssertIsCrash(text, 1);
    }

    [Fact]
    public void A_stack_that_the_program_logged_itself_has_a_prefix_at_its_head_only() =>
        AssertIsCrash("2026/11/25 10:00:00 slow, stack: goroutine 1 [running]:\n" + string.Join('\n', Lines()[3..]), 0);

    [Fact]
    public void Words_of_a_log_are_no_crash()
    {
        const string Log = "2026/11/25 10:00:00 recovered from panic: boom\n2026/11/25 10:00:01 goes on\n";
        Assert.False(GoroutineDumpReader.Read(Encoding.UTF8.GetBytes(Log)).HasValue);
        // Neither where a dump without a prefix follows.
        AssertIsCrash(Log + string.Join('\n', Lines()[2..]), 0);
    }

    private static string[] Lines() => Crash.ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');

    private static void AssertIsCrash(string text, int crashes)
    {
        GoroutineDump dump = GoroutineDumpReader.Read(Encoding.UTF8.GetBytes(text + "\n")).Value;
        Assert.Equal([1, 7], dump.Rows.Select(row => row.Id));
        Assert.Equal(12, dump.Rows[1].WaitMinutes);
        Assert.Equal(1, dump.Rows[1].ParentId);
        Assert.Equal(["main.work /src/main.go:20", "main.start /src/main.go:28"], dump.Stacks[dump.Rows[1].Stack].Frames.Select(frame => Place(dump, frame)));
        Assert.Equal("main.main /src/main.go:8", Place(dump, dump.Rows[1].CreatedBy));
        Assert.Null(dump.Truncation);
        Assert.Equal(crashes, dump.Crashes.Length);
        if (crashes > 0) Assert.Equal("panic: no database", dump.Crashes[0].Messages[0]);
    }

    private static string Place(GoroutineDump dump, int frame) => $"{dump.Locations[frame].Function} {dump.Locations[frame].File}:{dump.Locations[frame].Line}";
}
