using System.Globalization;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Xml;
using GoTop.Cli;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Cli;

public sealed class AnalyzeCommandTests : IDisposable
{
    private static readonly string Fixtures = Path.Combine(RepositoryFiles.Root, "GoTop.Tests", "Fixtures");
    private static readonly string Cpu = Path.Combine(Fixtures, "Profiles", "go1.27-linux", "profile3s.pb.gz");
    private static readonly string Heap = Path.Combine(Fixtures, "Profiles", "go1.27-linux", "heap.delta2s.pb.gz");

    private readonly StringWriter _output = new(CultureInfo.InvariantCulture);
    private readonly StringWriter _error = new(CultureInfo.InvariantCulture);
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-analyze-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_profile_is_printed_as_the_document_that_tools_rely_on()
    {
        Assert.Equal(0, await RunAsync("analyze", Cpu, "--json"));
        JsonElement profile = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("profile", profile.GetProperty("kind").GetString());
        Assert.Equal(["samples", "cpu"], profile.GetProperty("sampleTypes").EnumerateArray().Select(type => type.GetProperty("type").GetString()));
        Assert.True(profile.GetProperty("durationNanoseconds").GetInt64() > 3_000_000_000);
        JsonElement first = profile.GetProperty("top").GetProperty("cpu")[0];
        Assert.Equal("hash/crc32.ieeeCLMUL", first.GetProperty("function").GetString());
        Assert.Equal(530_000_000, first.GetProperty("flat").GetInt64());
        Assert.True(first.TryGetProperty("file", out _) && first.TryGetProperty("line", out _) && first.TryGetProperty("cumulative", out _));
    }

    [Theory]
    [InlineData("go1.22-linux", "trace.load.0.2s")]
    [InlineData("go1.27-windows-wine", "trace.syscall.1s")]
    [InlineData("go1.19-linux", "trace.load.0.2s")]
    public async Task A_trace_is_printed_with_the_reference_readers_figures(string folder, string name)
    {
        string file = SharedFiles.Require($"go-fixtures/{folder}/{name}.gz");
        JsonElement golden = JsonDocument.Parse(PprofCapture.Read(folder, name + ".golden.json")).RootElement;
        Assert.Equal(0, await RunAsync("analyze", file, "--json"));
        JsonElement trace = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("trace", trace.GetProperty("kind").GetString());
        Assert.Equal(golden.GetProperty("events").GetInt64(), trace.GetProperty("events").GetInt64());
        Assert.Equal(golden.GetProperty("goroutinesSeen").GetInt64(), trace.GetProperty("goroutines").GetInt64());
        Assert.Equal(golden.GetProperty("runnableLatency").GetProperty("n").GetInt64(), trace.GetProperty("schedulingLatency").GetProperty("count").GetInt64());
        Dictionary<string, long> blocked = trace.GetProperty("blocked").EnumerateArray().ToDictionary(each => each.GetProperty("reason").GetString()!, each => each.GetProperty("count").GetInt64());
        Assert.Equal(golden.GetProperty("blockedByReason").EnumerateObject().ToDictionary(each => each.Name, each => each.Value.GetProperty("n").GetInt64()), blocked);
        foreach (string key in new[] { "durationNanoseconds", "running", "syscalls", "stopTheWorld", "ranges", "regions", "tasks", "procs", "heap", "verdict", "goVersion" })
            Assert.True(trace.TryGetProperty(key, out _), key);
    }

    [Fact]
    public async Task A_page_of_metrics_is_printed_with_what_it_tells()
    {
        string page = Path.Combine(Fixtures, "Metrics", "client_golang-go1.27.txt.gz");
        Assert.Equal(0, await RunAsync("analyze", page, "--json"));
        JsonElement metrics = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("metrics", metrics.GetProperty("kind").GetString());
        Assert.StartsWith("go1.27", metrics.GetProperty("goVersion").GetString(), StringComparison.Ordinal);
        Assert.True(metrics.GetProperty("go").GetProperty("goroutines").GetInt64() > 0);
        Assert.True(metrics.GetProperty("go").GetProperty("heapLiveBytes").GetInt64() > 0);
        // As many lines with a value as the page has.
        await using FileStream packed = File.OpenRead(page);
        using StreamReader lines = new(new GZipStream(packed, CompressionMode.Decompress));
        string[] values = (await lines.ReadToEndAsync(TestContext.Current.CancellationToken)).Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(line => line[0] != '#').ToArray();
        Assert.Equal(values.Length, metrics.GetProperty("series").GetInt64());
        Assert.Equal(values.Length, metrics.GetProperty("families").EnumerateArray().Sum(family => family.GetProperty("series").GetInt64()));
        Assert.Contains(metrics.GetProperty("families").EnumerateArray(), family => family.GetProperty("name").GetString() == "go_sched_latencies_seconds" && family.GetProperty("type").GetString() == "histogram");
        Assert.Equal(0, await RunAsync("analyze", page));
        Assert.Equal(0, await RunAsync("diff", page, page));
    }

    [Fact]
    public async Task A_log_of_windows_is_printed_with_the_process_that_was_asked_for()
    {
        string log = Path.Combine(Fixtures, "Etl", "scheduler.etl.gz");
        Assert.Equal(0, await RunAsync("analyze", log, "--json", "--process", "gosvc"));
        JsonElement target = JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("target");
        Assert.Equal((4321, true), (target.GetProperty("pid").GetInt32(), target.GetProperty("partial").GetBoolean()));
        JsonElement thread = Assert.Single(target.GetProperty("threads").EnumerateArray());
        Assert.Equal((100, 440_000L), (thread.GetProperty("tid").GetInt32(), thread.GetProperty("onCpuNanoseconds").GetInt64()));
        Assert.Equal(250_000, thread.GetProperty("runQueueDelay").GetProperty("p99Nanoseconds").GetInt64());
        Assert.Equal("WrQueue", thread.GetProperty("offCpu")[0].GetProperty("reason").GetString());
        Assert.Equal("other.exe", target.GetProperty("ranInstead")[0].GetProperty("process").GetString());
        Assert.Equal(2, target.GetProperty("runQueueDelayHistogram").EnumerateArray().Sum(bucket => bucket.GetProperty("count").GetInt64()));
        Assert.Equal(65_536, target.GetProperty("diskWrittenBytes").GetInt64());
        Assert.Equal("gosvc.exe", target.GetProperty("samples").GetProperty("functions")[0].GetProperty("function").GetString());
        Assert.Contains("does not lie on this machine", target.GetProperty("absent").GetProperty("functionsFrom").GetString(), StringComparison.Ordinal);

        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("analyze", log, "--process", "777"));
        string text = _output.ToString();
        Assert.Contains("Process other.exe (777): it was asked for by its number", text, StringComparison.Ordinal);
        Assert.Contains("times it lost a core to another", text, StringComparison.Ordinal);
        Assert.Contains("gosvc.exe (4321) 250 µs", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_said_of_a_log_must_fit_it()
    {
        string log = Path.Combine(Fixtures, "Etl", "scheduler.etl.gz");
        Assert.Equal(ExitCode.TargetNotFound, await RunAsync("analyze", log, "--process", "nobody"));
        Assert.Contains("no process named nobody", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(ExitCode.Usage, await RunAsync("analyze", log, "--binary", Path.Combine(_folder, "missing.exe")));
        Assert.Equal(ExitCode.Usage, await RunAsync("analyze", Cpu, "--process", "1"));
        Assert.Contains("it is a profile", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_dump_from_standard_input_is_grouped()
    {
        const string Dump = """
            goroutine 1 [chan receive, 12 minutes]:
            main.main()
            	/src/main.go:10 +0x1d

            goroutine 7 [select]:
            main.work(0x1)
            	/src/main.go:20 +0x1d
            created by main.main in goroutine 1
            	/src/main.go:8 +0x2e

            goroutine 8 [select]:
            main.work(0x2)
            	/src/main.go:20 +0x1d
            created by main.main in goroutine 1
            	/src/main.go:8 +0x2e

            """;
        Assert.Equal(0, await RunAsync(Encoding.UTF8.GetBytes(Dump), "analyze", "-", "--json"));
        JsonElement dump = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal("goroutineDump", dump.GetProperty("kind").GetString());
        Assert.Equal(3, dump.GetProperty("goroutines").GetInt64());
        JsonElement largest = dump.GetProperty("groups")[0];
        Assert.Equal(2, largest.GetProperty("count").GetInt64());
        Assert.Equal("select", largest.GetProperty("waitReason").GetString());
        Assert.Equal("main.work", largest.GetProperty("stack")[0].GetProperty("function").GetString());
        Assert.Equal(12, dump.GetProperty("groups")[1].GetProperty("oldestMinutes").GetInt32());
    }

    [Theory]
    [InlineData("utf-8")]
    [InlineData("utf-16")]
    [InlineData("utf-16BE")]
    public async Task A_text_that_windows_tools_have_redirected_is_read_from_its_first_line(string encoding)
    {
        string file = Path.Combine(_folder, "dump.txt");
        await File.WriteAllTextAsync(
            file,
            "goroutine 5 [select]:\r\nmain.wait()\r\n\t/src/main.go:3 +0x1\r\n\r\ngoroutine 6 [running]:\r\nmain.main()\r\n\t/src/main.go:9 +0x1\r\n",
            Encoding.GetEncoding(encoding),
            TestContext.Current.CancellationToken);
        Assert.True((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken))[0] > 127, "no byte order mark");
        Assert.Equal(0, await RunAsync("analyze", file, "--json"));
        Assert.Equal(2, JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("goroutines").GetInt64());
    }

    [Fact]
    public async Task Leaked_goroutines_are_called_so_by_report_and_comparison()
    {
        const string Sender = "goroutine 5 [chan send]:\nmain.send()\n\t/src/main.go:3 +0x1\n";
        string before = Write("a.txt", Sender), after = Write("b.txt", Sender.Replace("[chan send]", "[chan send (leaked)]", StringComparison.Ordinal));
        Assert.Equal(0, await RunAsync("analyze", after));
        Assert.Contains("1  chan send (leaked)", _output.ToString(), StringComparison.Ordinal);
        Assert.Contains("1 × chan send (leaked)", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("diff", before, after));
        Assert.Contains("0 before, 1 after  chan send (leaked)", _output.ToString(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("goroutineleak", "leaked")]
    [InlineData("goroutine", null)]
    public async Task All_of_a_leak_profiles_text_are_leaked_and_of_others_no_state_is_told(string profile, string? state)
    {
        string file = Write("counts.txt", $"{profile} profile: total 2\n2 @ 0x1 0x2\n#\t0x1\tmain.send+0x1\t/src/main.go:3\n\n");
        Assert.Equal(0, await RunAsync("analyze", file, "--json"));
        Assert.Equal(state, JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("groups")[0].GetProperty("state").GetString());
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("analyze", file));
        Assert.Contains($"2 × {state ?? "goroutine"}", _output.ToString(), StringComparison.Ordinal);
        Assert.Equal(state is not null, _output.ToString().Contains("By state", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_dump_can_be_drawn_as_stacks_too()
    {
        string file = Write("dump.txt", "goroutine 5 [select]:\nmain.wait()\n\t/src/main.go:3 +0x1\nmain.main()\n\t/src/main.go:9 +0x1\n");
        Assert.Equal(0, await RunAsync("analyze", file, "--collapsed"));
        Assert.Equal("main.main;main.wait 1\n", _output.ToString());
    }

    [Fact]
    public async Task A_profile_is_drawn_as_valid_svg_and_speedscope()
    {
        Assert.Equal(0, await RunAsync("analyze", Cpu, "--svg"));
        XmlDocument svg = new();
        svg.LoadXml(_output.ToString());
        Assert.Equal("svg", svg.DocumentElement!.Name);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("analyze", Cpu, "--speedscope"));
        Assert.Equal("sampled", JsonDocument.Parse(_output.ToString()).RootElement.GetProperty("profiles")[0].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Text_begins_with_what_stands_out()
    {
        Assert.Equal(0, await RunAsync("analyze", Cpu));
        Assert.Contains("hash/crc32.ieeeCLMUL", _output.ToString().Split('\n')[0], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("hello\nworld\n", "text of no format that is known")]
    [InlineData("\0\u0001\u0002", "no format that is known")]
    [InlineData("", "it is empty")]
    [InlineData("\0\0\0\0\0\0\0\0", "it is no format that is known")]
    public async Task What_is_of_no_format_ends_with_1_and_names_the_file(string content, string reason)
    {
        string file = Write("what.bin", content);
        Assert.Equal(1, await RunAsync("analyze", file));
        Assert.StartsWith($"gotop: {file}: ", _error.ToString(), StringComparison.Ordinal);
        Assert.Contains(reason, _error.ToString(), StringComparison.Ordinal);
        Assert.Empty(_output.ToString());
    }

    [Fact]
    public async Task Gzip_that_ends_too_early_is_told_so()
    {
        using MemoryStream whole = new();
        using (GZipStream gzip = new(whole, CompressionLevel.Fastest, leaveOpen: true)) gzip.Write(Encoding.UTF8.GetBytes(string.Concat(Enumerable.Repeat("goroutine 1 [select]:\nmain.main()\n\t/a.go:1 +0x1\n\n", 5000))));
        string file = Path.Combine(_folder, "cut.gz");
        await File.WriteAllBytesAsync(file, whole.ToArray().AsMemory(0, (int)whole.Length / 2), TestContext.Current.CancellationToken);
        Assert.Equal(1, await RunAsync("analyze", file));
        Assert.Contains("gzip", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_not_there_ends_with_2()
    {
        Assert.Equal(2, await RunAsync("analyze", Path.Combine(_folder, "none")));
        Assert.Contains("no such file", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_folder_or_no_name_at_all_is_wrong_usage()
    {
        Assert.Equal(2, await RunAsync("analyze", _folder));
        Assert.Contains($"{_folder}: it is a folder", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(2, await RunAsync("analyze", ""));
        Assert.Contains("name is empty", _error.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_pipe_that_nobody_writes_to_is_given_up()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "named pipes are no files there");
        string pipe = Path.Combine(_folder, "pipe");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([pipe]).ExecuteAsync(TestContext.Current.CancellationToken);
        AwaitableTime time = new();
        Task<int> run = CommandRunner.RunAsync(new CliContext(_output, _error, time), ["analyze", pipe]);
        await time.PassAsync(TimeSpan.FromSeconds(10));
        Assert.Equal(1, await run);
        Assert.StartsWith($"gotop: {pipe}: it could not be opened within 10 s", _error.ToString(), StringComparison.Ordinal);
        // Lets the thread go on that still waits for a writer.
        await using FileStream writer = new(pipe, FileMode.Open, FileAccess.ReadWrite);
    }

    [Fact]
    public async Task Damaged_gzip_is_said_so_once()
    {
        byte[] damaged = await File.ReadAllBytesAsync(Cpu, TestContext.Current.CancellationToken);
        damaged.AsSpan(damaged.Length / 2).Fill(0x55);
        Assert.Equal(1, await RunAsync(damaged, "analyze", "-"));
        Assert.Single(_error.ToString().Split("gzip data").Skip(1));
    }

    [Fact]
    public async Task A_profile_of_too_few_samples_carries_a_warning()
    {
        ProfileBuilder builder = new(new ProfileValueType("samples", "count"), new ProfileValueType("cpu", "nanoseconds"));
        builder.AddSample([new ProfileFrame("main.work", "/src/main.go", 7)], [2, 20_000_000]);
        using MemoryStream few = new();
        ProfileWriter.Write(builder.Build(), few);
        Assert.Equal(0, await RunAsync(few.ToArray(), "analyze", "-"));
        Assert.Contains("It has 2 samples only: too few to tell where time goes.", _output.ToString(), StringComparison.Ordinal);
        _output.GetStringBuilder().Clear();
        Assert.Equal(0, await RunAsync("analyze", Cpu));
        Assert.DoesNotContain("too few", _output.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_dumps_leaked_groups_stand_apart()
    {
        const string Waits = "goroutine 5 [chan send]:\nmain.wait()\n\t/src/main.go:3 +0x1\n\n";
        string before = Write("a.txt", Waits), after = Write("b.txt", Waits.Replace("chan send", "chan send (leaked)", StringComparison.Ordinal) + "goroutine 6 [select]:\nmain.new()\n\t/src/main.go:8 +0x1\n");
        Assert.Equal(0, await RunAsync("diff", before, after));
        Assert.Equal(
            """
            1 goroutine before, 2 after: +1
            Found leaked by the runtime: 0 before, 1 after: +1

            Leaked: nothing can wake these any more
            +1  new: 0 before, 1 after  chan send (leaked)
                main.wait (/src/main.go:3)

            All others
            +1  new: 0 before, 1 after  select
                main.new (/src/main.go:8)

            -1  gone: 1 before, 0 after  chan send
                main.wait (/src/main.go:3)

            """.ReplaceLineEndings("\n"),
            _output.ToString().ReplaceLineEndings("\n"));
    }

    [Fact]
    public async Task Two_dumps_are_compared_by_group()
    {
        const string One = "goroutine 5 [select]:\nmain.wait()\n\t/src/main.go:3 +0x1\n\n";
        string before = Write("a.txt", One + "goroutine 9 [chan send]:\nmain.gone()\n\t/src/main.go:7 +0x1\n"), after = Write("b.txt", One + One.Replace('5', '6'));
        Assert.Equal(0, await RunAsync("diff", before, after, "--json"));
        JsonElement difference = JsonDocument.Parse(_output.ToString()).RootElement;
        Assert.Equal(["growing", "gone"], difference.GetProperty("groups").EnumerateArray().Select(group => group.GetProperty("change").GetString()));
        Assert.Equal(1, difference.GetProperty("groups")[0].GetProperty("before").GetInt64());
        Assert.Equal(2, difference.GetProperty("groups")[0].GetProperty("after").GetInt64());
    }

    [Fact]
    public async Task Files_of_different_kinds_are_not_compared()
    {
        string dump = Write("a.txt", "goroutine 5 [select]:\nmain.wait()\n\t/src/main.go:3 +0x1\n");
        Assert.Equal(1, await RunAsync("diff", Cpu, dump));
        Assert.Contains("same kind", _error.ToString(), StringComparison.Ordinal);
        Assert.Equal(1, await RunAsync("diff", Cpu, Heap));
        Assert.Contains("no sample type in common", _error.ToString(), StringComparison.Ordinal);
    }

    private string Write(string name, string content)
    {
        string file = Path.Combine(_folder, name);
        File.WriteAllText(file, content);
        return file;
    }

    private Task<int> RunAsync(params string[] arguments) => RunAsync([], arguments);

    private Task<int> RunAsync(byte[] input, params string[] arguments) =>
        CommandRunner.RunAsync(new CliContext(_output, _error, TimeProvider.System) { OpenInput = () => new MemoryStream(input) }, arguments);
}
