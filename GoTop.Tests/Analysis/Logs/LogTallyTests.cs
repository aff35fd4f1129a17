using System.Globalization;
using System.IO.Compression;
using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Logs;

public sealed class LogTallyTests
{
    private static readonly DateTimeOffset Start = new(2026, 5, 4, 3, 2, 1, TimeSpan.Zero);
    private readonly LogTally _tally = new(Start, new CodeOrigins(""), []);
    private DateTimeOffset _now = Start;

    [Fact]
    public void Lines_are_counted_by_level_and_pattern()
    {
        for (int i = 0; i < 30; i++)
        {
            Add($$"""{"level":"INFO","msg":"request /orders/{{i}} took {{i}}ms"}""");
            Add($"2026/05/04 03:02:{i:00} ERROR publish order {7000 + i} for \"anna {i}\": x=y{i}, deadline");
        }

        Add("\u001b[31mERR\u001b[0m broken pipe");
        LogCounters counters = Read();
        Assert.Equal((61, 30, 31), (counters.Lines, counters[LineLevel.Info], counters[LineLevel.Error]));
        Assert.Equal(
            [("publish order * for *: x=*, deadline", LineLevel.Error, 30L), ("request /orders/* took *", LineLevel.Info, 30L), ("broken pipe", LineLevel.Error, 1L)],
            counters.Patterns.Select(pattern => (pattern.Template, pattern.Level, pattern.Lines)));
    }

    [Fact]
    public void Lines_that_look_the_same_once_they_are_cleaned_are_one_pattern()
    {
        foreach (string line in (string[])["disk \u0001full", "disk full", "disk \u0002full", "disk\u200b full", "disk \u0001full", "disk \u0001 full", "disk full \u0001"]) Add(line);
        _tally.Add([.. "bad "u8, 0xff], "/var/log/app.log", _now, isPast: false);
        _tally.Add([.. "bad "u8, 0xfe], "/var/log/app.log", _now, isPast: false);
        Add("[ERROR] disk full");
        Assert.Equal(
            [("disk full", LineLevel.Unknown, 7L), ("bad \ufffd", LineLevel.Unknown, 2L), ("disk full", LineLevel.Error, 1L)],
            Read().Patterns.Select(pattern => (pattern.Template, pattern.Level, pattern.Lines)));
    }

    [Fact]
    public void Ever_new_control_characters_in_a_line_neither_fill_the_memory_nor_are_patterns_of_their_own()
    {
        for (int i = 0; i < 20_000; i++)
        {
            string marks = string.Concat(Enumerable.Range(0, 15).Select(bit => (i >> bit & 1) == 0 ? '\u0001' : '\u0002'));
            Add($"disk {marks}full");
        }

        Assert.Equal([("disk full", 20_000L)], Read().Patterns.Select(pattern => (pattern.Template, pattern.Lines)));
        _now += TimeSpan.FromMinutes(2);
        Add("disk full");
        Assert.Equal(20_001, Assert.Single(Read().Patterns).Lines);
    }

    [Theory]
    [InlineData("""{"msg":"said \"good bye\" to anna"}""", "said * to anna")]
    [InlineData("""{"msg":"\"quoted\" first, \"then \\\" this\" last"}""", "* first, * last")]
    [InlineData("""{"msg":"never \"closed"}""", "never *")]
    [InlineData("level=warn msg=\"said \\\"good bye\\\" to anna\"", "said * to anna")]
    [InlineData("""said "good \"old\" times" to anna""", "said * to anna")]
    public void Quoted_texts_are_masked_also_where_their_marks_are_escaped(string line, string template)
    {
        Add(line);
        Assert.Equal(template, Assert.Single(Read().Patterns).Template);
    }

    [Fact]
    public void A_pattern_is_new_when_it_comes_after_the_usual_ones_were_learnt()
    {
        Add("started");
        _now += PatternTable.Learning + TimeSpan.FromSeconds(1);
        Add("disk is nearly full");
        Add("started");
        Assert.Equal([("started", false, 2L), ("disk is nearly full", true, 1L)], Read().Patterns.Select(pattern => (pattern.Template, pattern.IsNew, pattern.Lines)));
    }

    [Fact]
    public void Ever_new_lines_cannot_fill_the_memory()
    {
        Random random = new(3);
        for (int i = 0; i < 20_000; i++)
        {
            string word = new([.. Enumerable.Range(0, 12).Select(_ => (char)('a' + random.Next(26)))]);
            Add($"hostile {word} {word}");
        }

        LogCounters counters = Read();
        Assert.Equal(20_000, counters.Lines);
        Assert.Equal(PatternTable.MostTold, counters.Patterns.Length);
        Assert.Equal(20_000 - PatternTable.MostKept, counters.LinesOfOtherPatterns);
        // Once they are forgotten, there is room for what is real.
        _now += TimeSpan.FromMinutes(2);
        Add("request served");
        Assert.Contains(Read().Patterns, pattern => pattern.Template == "request served");
    }

    /// <summary>Texts that Go printed (GoTop.Tests/Targets/crash), here between lines of a log.</summary>
    [Theory]
    [InlineData("go1.25/nil", LogCrashKind.Panic, "runtime error: invalid memory address or nil pointer dereference", "main.")]
    [InlineData("go1.19/panic", LogCrashKind.Panic, null, "main.")]
    [InlineData("go1.27/repanic", LogCrashKind.Panic, null, "main.")]
    [InlineData("go1.27/map", LogCrashKind.FatalError, "concurrent map", "main.")]
    [InlineData("go1.25/deadlock", LogCrashKind.FatalError, "all goroutines are asleep - deadlock!", "main.")]
    [InlineData("go1.22/overflow", LogCrashKind.FatalError, "stack overflow", "main.")]
    [InlineData("go1.27-windows-wine/nil", LogCrashKind.Panic, "runtime error", "main.")]
    public void Crashes_are_found_and_counted_as_one_group(string capture, LogCrashKind kind, string? reason, string place)
    {
        string[] lines = Capture(capture);
        for (int round = 0; round < 2; round++)
        {
            Add("2026/05/04 03:02:01 INFO before");
            foreach (string line in lines) Add(line);
            Add("2026/05/04 03:02:01 INFO started");
            Add("2026/05/04 03:02:01 INFO listening");
            Add("2026/05/04 03:02:01 INFO ready");
            Add("2026/05/04 03:02:01 INFO serving");
        }

        LogCounters counters = Read();
        LogCrash crash = Assert.Single(counters.Crashes);
        Assert.Equal((kind, 2L, 2L, 2L), (crash.Kind, crash.Count, crash.CountSince, counters.CrashTotal));
        if (reason is not null) Assert.StartsWith(reason, crash.Reason, StringComparison.Ordinal);
        Assert.StartsWith(place, crash.Place!.Value.Function, StringComparison.Ordinal);
        Assert.Equal(crash.Reason.Contains("deadlock", StringComparison.Ordinal), crash.Goroutine is null);
        // Its stack is no pattern of the log.
        Assert.DoesNotContain(counters.Patterns, pattern => pattern.Template.Contains("goroutine *", StringComparison.Ordinal) || pattern.Template.Contains(".go:", StringComparison.Ordinal) || pattern.Template.StartsWith("main.", StringComparison.Ordinal));
    }

    [Fact]
    public void Panics_that_net_http_recovers_are_found_with_the_handler()
    {
        string[] text =
        [
            "2026/11/25 23:37:09 http: panic serving 127.0.0.1:37094: runtime error: invalid memory address or nil pointer dereference",
            "goroutine 18 [running]:", "net/http.(*conn).serve.func1()", "\tnet/http/server.go:1943 +0xd3", "panic({0x70eb40?, 0xa0d6c0?})", "\truntime/panic.go:783 +0x132",
            "main.(*order).price(0xc0000e7ad8?)", "\texample.com/chatty/main.go:25", "main.charge(0x0?)", "\texample.com/chatty/main.go:28 +0x13",
            "created by net/http.(*Server).Serve in goroutine 4", "\tnet/http/server.go:3493 +0x485",
        ];
        foreach (string line in text) Add(line);
        foreach (string line in text) Add(line.Replace("37094", "40001", StringComparison.Ordinal).Replace("goroutine 18", "goroutine 99", StringComparison.Ordinal));
        // Nothing comes for a while.
        _now += TimeSpan.FromSeconds(2);
        LogCrash crash = Assert.Single(Read().Crashes);
        Assert.Equal((LogCrashKind.Recovered, 2L, 99L), (crash.Kind, crash.Count, crash.Goroutine));
        Assert.Equal(("main.(*order).price", 25), (crash.Place!.Value.Function, crash.Place.Value.Line));
        Assert.Equal("runtime error: invalid memory address or nil pointer dereference", crash.Reason);
        Assert.Equal(text[1].Replace("18", "99", StringComparison.Ordinal), crash.Text[1]);
    }

    [Fact]
    public void A_crash_that_stood_there_before_is_shown_and_not_counted_as_new()
    {
        foreach (string line in Capture("go1.25/nil")) Add(line, isPast: true);
        LogCounters counters = Read();
        Assert.Equal((1L, 0L, 0L), (Assert.Single(counters.Crashes).Count, counters.Crashes[0].CountSince, counters.CrashTotal));
        Assert.Equal(0, counters.Lines);
    }

    [Fact]
    public void Many_kinds_of_crashes_are_bounded()
    {
        for (int i = 0; i < 200; i++)
        {
            _now += TimeSpan.FromSeconds(1);
            string word = string.Concat(i.ToString(CultureInfo.InvariantCulture).Select(digit => (char)('a' + digit - '0')));
            Add($"panic: {word}");
            Add("");
            Add("goroutine 1 [running]:");
            Add("main.main()");
            Add("\t/src/main.go:12 +0x1d");
        }

        _now += TimeSpan.FromSeconds(2);
        LogCounters counters = Read();
        Assert.Equal((CrashTable.MostGroups, 200L), (counters.Crashes.Length, counters.CrashTotal));
        Assert.Equal("bjj", counters.Crashes[0].Reason);
    }

    [Theory]
    [InlineData("gc 21 @0.077s 5%: 2.8+0.11+0.037 ms clock, 5.6+0/0.12/0+0.075 ms cpu, 8->8->4 MB, 8 MB goal, 0 MB stacks, 0 MB globals, 2 P (forced)", 21, 5, 2_837_000, 4, 8, 2, true)]
    [InlineData("gc 1 @0.012s 2%: 0.026+0.39+0.10 ms clock, 0.21+0.88/0.52/0+0.84 ms cpu, 4->4->0 MB, 5 MB goal, 8 P", 1, 2, 126_000, 0, 5, 8, false)]
    public void Lines_of_gctrace_become_figures(string line, long cycle, double percent, long pause, long live, long goal, int procs, bool forced)
    {
        Add(line);
        Assert.Equal(new GcTraceLine(cycle, percent, pause, live << 20, goal << 20, procs, forced, _now), Read().GcTrace);
        for (int length = 0; length < line.Length; length++) Add(line[..length]);
        Assert.Equal(cycle, Read().GcTrace!.Cycle);
    }

    [Theory]
    [InlineData("gc 1 @0.1s 2% ms clock, a, b, c: d, e")]
    [InlineData("gc 1 @0.1s 2%: ms clock, a, b, c, d")]
    [InlineData("gc 1 @0.1s 2%: 1+1+1 ms clock, a->b->c, 5 MB goal, d, 2 P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+1 ms clock, ->->, 5 MB goal, d, 2 P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+1 ms clock, a, 4->4->1 MB,  MB goal, P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+1 ms clock, a, 4->4->9223372036854775807 MB, 5 MB goal, 2 P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+1 ms clock, a, 4->4->1 MB, -5 MB goal, 2 P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+NaN ms clock, a, 4->4->1 MB, 5 MB goal, 2 P")]
    [InlineData("gc 1 @0.1s 2%: 1+1+-1e300 ms clock, a, 4->4->1 MB, 5 MB goal, 2 P")]
    [InlineData("gc  ")]
    [InlineData("gc : ms clock, , , , ")]
    [InlineData("SCHED gomaxprocs=1 runqueue=1 ] [")]
    [InlineData("SCHED gomaxprocs=1 runqueue= [")]
    public void Lines_that_look_like_those_of_gctrace_are_passed_over(string line)
    {
        Add(line);
        Assert.Null(Read().GcTrace);
        for (int length = 0; length < line.Length; length++) Add(line[..length]);
        Assert.Null(Read().GcTrace);
    }

    [Fact]
    public void Lines_of_schedtrace_become_figures()
    {
        Add("SCHED 115ms: gomaxprocs=4 idleprocs=2 threads=6 spinningthreads=1 needspinning=0 idlethreads=2 runqueue=3 [ 0 2 1 0 ] schedticks=[ 209603 241475 1 1 ]");
        Assert.Equal(new SchedTraceLine(4, 2, 6, 1, 2, 6, _now), Read().SchedTrace);
        Add("SCHED 0ms: gomaxprocs=8 idleprocs=6 threads=3 spinningthreads=1 idlethreads=0 runqueue=1 [0 0 0 0 0 0 0 7]");
        Assert.Equal(8, Read().SchedTrace!.RunQueue);
    }

    [Fact]
    public void Watched_filters_count_every_line()
    {
        Assert.True(LogFilter.TryParse("level>=error and order>7000", out LogFilter? filter, out _));
        LogTally tally = new(Start, new CodeOrigins(""), [filter]);
        for (int i = 6990; i < 7010; i++) tally.Add(Encoding.UTF8.GetBytes($"level=error msg=failed order={i}"), "x", Start, isPast: false);
        Assert.Equal([new LogMatches("level>=error and order>7000", 9)], tally.Read(Start).Matches);
    }

    private LogCounters Read() => _tally.Read(_now);

    private void Add(string line, bool isPast = false) => _tally.Add(Encoding.UTF8.GetBytes(line), "/var/log/app.log", _now, isPast);

    private static string[] Capture(string name)
    {
        using GZipStream text = new(File.OpenRead(Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures", "Dumps", name + ".txt.gz")), CompressionMode.Decompress);
        using StreamReader reader = new(text);
        return reader.ReadToEnd().ReplaceLineEndings("\n").TrimEnd('\n').Split('\n');
    }
}
