using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Logs.Containers;
using GoTop.Engine.Sources.Logs.Files;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>Patterns of files, code pages, and what container runtimes wrap around lines.</summary>
public sealed class LogFormsTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-logs-");
    private readonly FakeTimeProvider _time = new(TimeProvider.System.GetUtcNow());

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public async Task Files_that_a_pattern_finds_are_followed_and_new_ones_from_their_start()
    {
        await using LogSource source = Follow("*.log");
        Assert.Contains("is there yet", (await ReadAsync(source)).Reason, StringComparison.Ordinal);
        Write("a.log", "a1\n");
        Write("b.txt", "b1\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["a1"], await TextsAsync(source));
        Write("c.log", "c1\n");
        Append("a.log", "a2\n");
        Assert.Equal(["a2"], await TextsAsync(source));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["c1"], await TextsAsync(source));
    }

    [Fact]
    public async Task A_file_that_is_rotated_under_a_name_that_matches_as_well_is_not_read_twice()
    {
        Write("app.log", Lines(0, 20));
        await using LogSource source = Follow("*.log");
        await ReadAsync(source);
        // Renamed.
        Append("app.log", "before rename\n");
        File.Move(At("app.log"), At("app-1.log"));
        Write("app.log", "2026 after rename " + new string('x', 300) + "\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        string[] lines = await TextsAsync(source);
        Assert.Equal(["before rename", "2026 after rename " + new string('x', 300)], lines);
        // Copied away.
        File.Copy(At("app.log"), At("app-2.log"));
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Empty(await TextsAsync(source));
        Write("app.log", "2027 after copy\n");
        _time.Advance(TimeSpan.FromSeconds(3));
        Assert.Equal(["2027 after copy"], await TextsAsync(source));
    }

    [Fact]
    public async Task The_number_of_files_is_bounded_and_said()
    {
        for (int i = 0; i < FileInput.MostFound + 5; i++) Write($"f{i:000}.log", "x\n");
        await using LogSource source = Follow("*.log");
        SourceResult result = await ReadAsync(source);
        Assert.Equal(FileInput.MostFound, result.Facts.LogLines.Length);
        Assert.Equal($"more than {FileInput.MostFound} files match: those written to last are followed", result.Reason);
    }

    [Theory]
    [InlineData("utf-16", true, null)]
    [InlineData("utf-16BE", true, null)]
    [InlineData("utf-8", true, null)]
    [InlineData("utf-16", false, null)]
    [InlineData("utf-16BE", false, null)]
    [InlineData("windows-1252", false, "windows-1252")]
    [InlineData("ibm850", false, "ibm850")]
    public async Task Code_pages_are_found_out_or_configured(string written, bool mark, string? configured)
    {
        Encoding encoding = TextDecoding.Find(written)!;
        byte[] bytes = [.. mark ? encoding.GetPreamble() : [], .. encoding.GetBytes("level=error msg=\"größe überschritten\"\nzweite Zeile für später\n")];
        await using LogSource source = FollowEncoded(configured, "app.log");
        await ReadAsync(source);
        // Cut within a character.
        File.WriteAllBytes(At("app.log"), bytes[..45]);
        List<string> lines = [.. await TextsAsync(source)];
        using (FileStream file = new(At("app.log"), FileMode.Append)) file.Write(bytes.AsSpan(45));
        lines.AddRange(await TextsAsync(source));
        Assert.Equal(["level=error msg=\"größe überschritten\"", "zweite Zeile für später"], lines);
    }

    [Fact]
    public async Task The_end_of_a_large_file_of_utf_16_is_read_from_the_start_of_a_line()
    {
        File.WriteAllText(At("app.log"), Lines(0, 5000), Encoding.Unicode);
        await using LogSource source = Follow("app.log");
        string[] lines = await TextsAsync(source);
        Assert.Equal("line 04999", lines[^1]);
        Assert.All(lines, line => Assert.StartsWith("line 0", line, StringComparison.Ordinal));
        Assert.Equal(1000, lines.Length);
    }

    [Fact]
    public async Task Lines_of_Docker_and_CRI_are_unwrapped()
    {
        string stack = """{"log":"goroutine 1 [running]:\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"\u0009/src/main.go:12 +0x1d\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n";
        Write(
            "docker.log",
            """{"log":"{\"level\":\"ERROR\",\"msg\":\"a \\\"b\\\"\"}\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"first half, ","stream":"stdout","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"second half\n","stream":"stdout","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"panic: boom\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + stack.Replace("/src", "main.main()\\n\",\"stream\":\"stderr\"}\n{\"log\":\"\\u0009/src", StringComparison.Ordinal).Replace("{\"log\":\"\\u0009main", "{\"log\":\"main", StringComparison.Ordinal));
        Write("cri.log", "2026-11-25T10:00:00.669794202Z stdout F level=warn msg=slow\n2026-11-25T10:00:00.669794202Z stderr P one \n2026-11-25T10:00:00.669794202Z stderr F line\n");
        await using LogSource source = Follow("docker.log", "cri.log");
        SampleFacts facts = (await ReadAsync(source)).Facts;
        Assert.Equal(
            ["""{"level":"ERROR","msg":"a \"b\""}""", "first half, second half", "panic: boom", "", "goroutine 1 [running]:", "main.main()", " /src/main.go:12 +0x1d", "level=warn msg=slow", "one line"],
            facts.LogLines.Select(line => line.Text));
        LogCrash crash = Assert.Single((await ReadAsync(source)).Facts.Logs.Value.Crashes);
        Assert.Equal(("boom", "main.main", 1L), (crash.Reason, crash.Place!.Value.Function, crash.Goroutine));
    }

    [Fact]
    public async Task Parts_of_lines_of_standard_output_and_standard_error_are_kept_apart()
    {
        Write(
            "docker.log",
            """{"log":"first half, ","stream":"stdout","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"panic: ","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"second half\n","stream":"stdout","time":"2026-11-25T10:00:00.1Z"}""" + "\n"
            + """{"log":"boom\n","stream":"stderr","time":"2026-11-25T10:00:00.1Z"}""" + "\n");
        Write("cri.log", "2026-11-25T10:00:00.6Z stdout P one, \n2026-11-25T10:00:00.6Z stderr F error\n2026-11-25T10:00:00.6Z stdout F two\n".Replace("00.6Z", "00.669794202Z", StringComparison.Ordinal));
        await using LogSource source = Follow("docker.log", "cri.log");
        Assert.Equal(["first half, second half", "panic: boom", "error", "one, two"], await TextsAsync(source));
    }

    [Fact]
    public void What_a_service_logs_to_the_journal_is_its_own_however_it_looks()
    {
        LogIntake intake = new(new LogTally(_time.GetUtcNow(), new CodeOrigins(""), []), _time);
        const string Line = """{"log":"half of a line","stream":"stdout"}""";
        intake.Open("journal:orders.service", unwraps: false).Take(Encoding.UTF8.GetBytes(Line));
        Assert.Equal(Line, Assert.Single(intake.Drain(1).Lines).Text);
    }

    [Fact]
    public async Task A_files_name_cannot_steer_the_terminal()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "no file can have such a name here");
        Write("a\u001b[2J\u202e.log", "x\n");
        Write("a.log", "y\n");
        await using LogSource source = Follow("*.log");
        Assert.Equal([At("a.log"), At("a.log")], (await ReadAsync(source)).Facts.LogLines.Select(line => line.Origin));
        File.Delete(At("a\u001b[2J\u202e.log"));
        await ReadAsync(source);
        _time.Advance(TimeSpan.FromSeconds(12));
        // The one that is gone takes nothing with it that the other needs.
        Append("a.log", "z\n");
        Assert.Equal(["z"], await TextsAsync(source));
    }

    [Fact]
    public async Task A_pipe_is_no_log_file_and_holds_nothing_up()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "needs mkfifo");
        await CliWrap.Cli.Wrap("mkfifo").WithArguments([At("app.log")]).ExecuteAsync(TestContext.Current.CancellationToken);
        foreach (string name in (string[])["app.log", "app.*"])
        {
            LogSource source = Follow(name);
            SourceResult result = await Task.Run(() => ReadAsync(source), TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromMinutes(1), TimeProvider.System, TestContext.Current.CancellationToken);
            Assert.Equal((SourceState.Failed, $"{At("app.log")} is no regular file: a pipe"), (result.State, result.Reason));
            await source.DisposeAsync();
        }
    }

    [Fact]
    public void A_containers_file_is_found_by_its_control_group_and_by_its_name()
    {
        string id = string.Concat(Enumerable.Repeat("0123456789abcdef", 4)), pod = string.Concat(Enumerable.Repeat("fedcba9876543210", 4));
        Assert.Equal(id, ContainerLogFiles.IdOf($"/system.slice/docker-{id}.scope"));
        Assert.Equal(pod, ContainerLogFiles.IdOf($"/kubepods.slice/kubepods-burstable.slice/kubepods-burstable-pod1_2.slice/cri-containerd-{pod}.scope v2"));
        Assert.Null(ContainerLogFiles.IdOf("/system.slice/orders.service"));
        Assert.Null(ContainerLogFiles.IdOf("/x/" + new string('a', 65)));
        string docker = At($"var/lib/docker/containers/{id}");
        Directory.CreateDirectory(docker);
        File.WriteAllText(Path.Combine(docker, id + "-json.log"), "");
        File.WriteAllText(Path.Combine(docker, "config.v2.json"), """{"StreamConfig":{},"State":{"Running":true},"Name":"/orders","Driver":"overlay2"}""");
        Directory.CreateDirectory(At("var/log/containers"));
        File.WriteAllText(At($"var/log/containers/orders-1_shop_orders-{pod}.log"), "");
        ContainerLogFiles files = new(_folder.FullName);
        Assert.Equal([Path.Combine(docker, id + "-json.log")], files.OfId(id));
        Assert.Equal([At($"var/log/containers/orders-1_shop_orders-{pod}.log")], files.OfId(pod));
        Assert.Equal(Path.Combine(docker, id + "-json.log"), files.OfName("orders"));
        Assert.Null(files.OfName("other"));
    }

    [Fact]
    public async Task All_lines_are_counted_also_those_that_are_not_kept()
    {
        await using LogSource source = Follow("app.log");
        await ReadAsync(source);
        StringBuilder flood = new();
        for (int i = 0; i < 50_000; i++) flood.Append(System.Globalization.CultureInfo.InvariantCulture, $"level={(i % 10 == 0 ? "error" : "info")} msg=\"request {i} served\"\n");
        Write("app.log", flood.ToString());
        SampleFacts facts = (await ReadAsync(source)).Facts;
        LogCounters logs = facts.Logs.Value;
        Assert.Equal((50_000, 5_000, 45_000), (logs.Lines, logs[LineLevel.Error], logs[LineLevel.Info]));
        Assert.Equal((1000, 49_000), (facts.LogLines.Length, facts.LogLinesDropped));
        Assert.Equal([("request * served", 45_000L), ("request * served", 5_000L)], logs.Patterns.Select(pattern => (pattern.Template, pattern.Lines)));
    }

    [Fact]
    public async Task What_is_written_to_a_renamed_file_that_is_then_removed_is_read()
    {
        Write("app.log", Lines(0, 3));
        await using LogSource source = Follow("app.log");
        await ReadAsync(source);
        await using FileStream writer = new(At("app.log"), FileMode.Append, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete);
        File.Move(At("app.log"), At("app.log.1"));
        Write("app.log", "new\n");
        Assert.Equal(["new"], await TextsAsync(source));
        // Its writer has not been told of the rotation yet.
        writer.Write("late\n"u8);
        await writer.FlushAsync(TestContext.Current.CancellationToken);
        File.Delete(At("app.log.1"));
        Assert.Equal(["late"], await TextsAsync(source));
    }

    private LogSource Follow(params string[] names) => FollowEncoded(null, names);

    private LogSource FollowEncoded(string? encoding, params string[] names) => Following.Of(_time, new TargetSettings { Logs = [.. names.Select(At)], LogEncoding = encoding });

    private string At(string name) => Path.GetFullPath(name, _folder.FullName);

    private void Write(string name, string text) => File.WriteAllText(At(name), text);

    private void Append(string name, string text) => File.AppendAllText(At(name), text);

    private static string Lines(int from, int to) => string.Concat(Enumerable.Range(from, to - from).Select(i => $"line {i:00000}\n"));

    private static async Task<SourceResult> ReadAsync(LogSource source) => await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);

    private static async Task<string[]> TextsAsync(LogSource source) => [.. (await ReadAsync(source)).Facts.LogLines.Select(line => line.Text)];
}
