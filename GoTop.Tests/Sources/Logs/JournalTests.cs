using System.Text;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Logs;
using GoTop.Engine.Sources.Logs.Journal;
using GoTop.Engine.Sources.Logs.WindowsEvents;
using GoTop.Tests.Support;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>
/// systemd's journal by a journalctl that is a script, and Windows' event logs by recorded XML: the machines that build GoTop
/// have neither.
/// </summary>
public sealed class JournalTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-journal-");
    private readonly AwaitableTime _time = new();

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void An_entry_is_read_with_its_lines()
    {
        JournalEntry entry = JournalEntry.Parse("""{"__CURSOR":"s=1;i=2","__REALTIME_TIMESTAMP":"1732577829250000","PRIORITY":"3","_PID":"42","MESSAGE":"cannot bind\nlevel=info msg=ok"}"""u8)!;
        Assert.Equal(("s=1;i=2", 3), (entry.Cursor, entry.Priority));
        Assert.Equal(new DateTimeOffset(2024, 11, 25, 23, 37, 9, 250, TimeSpan.Zero), entry.At);
        Assert.Equal(["[ERROR] cannot bind", "level=info msg=ok"], entry.Lines().Select(Encoding.UTF8.GetString));
        // What is no UTF-8 comes as an array of bytes.
        Assert.Equal("\u001b[31mred", JournalEntry.Parse("""{"MESSAGE":[27,91,51,49,109,114,101,100]}"""u8)!.Message);
        // What journalctl leaves out, or is no text at all, was a line nevertheless, and where following goes on from.
        foreach (string message in (string[])["null", "[]", """["a","b"]""", "true"])
        {
            JournalEntry none = JournalEntry.Parse(Encoding.UTF8.GetBytes($$"""{"__CURSOR":"s=1;i=3","MESSAGE":{{message}},"PRIORITY":"3"}"""))!;
            Assert.Equal(("s=1;i=3", "[ERROR] (a message that journalctl does not tell)"), (none.Cursor, Encoding.UTF8.GetString(Assert.Single(none.Lines()))));
        }

        Assert.Null(JournalEntry.Parse("-- No entries --"u8));
        Assert.Null(JournalEntry.Parse("""{"PRIORITY":"3"}"""u8));
    }

    [Fact]
    public async Task Journalctl_is_started_again_after_a_pause_where_it_left_off_and_killed_at_the_end()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        string program = Path.Combine(_folder.FullName, "journalctl"), calls = Path.Combine(_folder.FullName, "calls"), pid = Path.Combine(_folder.FullName, "pid");
        // The first ends by itself, the second stays.
        await File.WriteAllTextAsync(
            program,
            $$"""
            #!/bin/sh
            echo "$*" >> {{calls}}
            if [ "$(wc -l < {{calls}})" = 1 ]; then
              echo '{"__CURSOR":"c1","__REALTIME_TIMESTAMP":"1","MESSAGE":"one"}'
              exit 1
            fi
            echo '{"__CURSOR":"c2","__REALTIME_TIMESTAMP":"9000000000000000","PRIORITY":"6","MESSAGE":"level=error msg=two"}'
            echo $$ > {{pid}}
            exec sleep 1000
            """,
            TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);

        LogTally tally = new(_time.GetUtcNow(), new CodeOrigins(""), []);
        LogIntake intake = new(tally, _time);
        JournalInput input = new("orders.service", intake, _time, program);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = input.RunAsync(stop.Token);
        await Until.TrueAsync(() => input.Problems.Length == 1);
        Assert.Contains("exit status 1", input.Problems[0].Text, StringComparison.Ordinal);
        List<LogLine> lines = [.. intake.Drain(1).Lines];
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return File.Exists(pid) && new FileInfo(pid).Length > 0;
        });
        LogCounters counters = null!;
        await Until.TrueAsync(() =>
        {
            (var more, _, counters) = intake.Drain(1);
            lines.AddRange(more);
            return lines.Count == 2;
        });
        Assert.Equal([("journal:orders.service", "one"), ("journal:orders.service", "level=error msg=two")], lines.Select(line => (line.Origin, line.Text)));
        Assert.Equal((1, 1), (counters.Lines, counters[LineLevel.Error]));
        Assert.Equal(
            [
                "--unit=orders.service --output=json --output-fields=MESSAGE,PRIORITY --all --follow --quiet --no-pager --lines=100",
                "--unit=orders.service --output=json --output-fields=MESSAGE,PRIORITY --all --follow --quiet --no-pager --after-cursor=c1",
            ],
            await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken));
        string process = (await File.ReadAllTextAsync(pid, TestContext.Current.CancellationToken)).Trim();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        await Until.TrueAsync(() => !StartedProgram.IsRunning(process));
    }

    [Fact]
    public async Task What_was_wrong_is_told_no_longer_once_a_new_journalctl_runs_even_if_the_unit_is_silent()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "needs a shell");
        string program = Path.Combine(_folder.FullName, "journalctl"), calls = Path.Combine(_folder.FullName, "calls");
        await File.WriteAllTextAsync(
            program,
            $$"""
            #!/bin/sh
            echo "$*" >> {{calls}}
            [ "$(wc -l < {{calls}})" = 1 ] && exit 1
            exec sleep 1000
            """,
            TestContext.Current.CancellationToken);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        JournalInput input = new("orders.service", new LogIntake(new LogTally(_time.GetUtcNow(), new CodeOrigins(""), []), _time), _time, program);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        Task running = input.RunAsync(stop.Token);
        await Until.TrueAsync(() => input.Problems.Length == 1);
        await Until.TrueAsync(() =>
        {
            _time.Advance(TimeSpan.FromSeconds(1));
            return input.Problems.IsEmpty;
        });
        Assert.Equal(2, (await File.ReadAllLinesAsync(calls, TestContext.Current.CancellationToken)).Length);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public void Events_of_Windows_are_read_by_their_numbers()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        RecordedLog log = new();
        LogIntake intake = new(new LogTally(time.GetUtcNow(), new CodeOrigins(""), []), time);
        EventLogInput input = new("Application", "billing", log, intake, time);
        log.Add("billing", 2, 1000, "cannot reach the database\r\nretrying");
        log.Add("other", 2, 1, "not ours");
        input.Catch(CancellationToken.None);
        Assert.Equal(["[ERROR] billing 1000: cannot reach the database", "retrying"], intake.Drain(1).Lines.Select(line => line.Text));
        input.Catch(CancellationToken.None);
        Assert.Empty(intake.Drain(1).Lines);
        for (int i = 0; i < 500; i++) log.Add("billing", 4, 1, $"served {i}");
        input.Catch(CancellationToken.None);
        (var lines, _, LogCounters counters) = intake.Drain(1);
        Assert.Equal((500, "[INFO] billing 1: served 499"), (lines.Length, lines[^1].Text));
        Assert.Equal((500, 500), (counters.Lines, counters[LineLevel.Info]));
        // Cleared by somebody.
        log.Clear();
        log.Add("billing", 3, 2, "after");
        input.Catch(CancellationToken.None);
        Assert.Equal(["[WARN] billing 2: after"], intake.Drain(1).Lines.Select(line => line.Text));
        log.Refuses = "Access is denied.";
        input.Catch(CancellationToken.None);
        Assert.Equal([new LogProblem(LogProblemKind.Unreadable, "event log Application: Access is denied.")], input.Problems);
    }

    [Fact]
    public void Events_that_cannot_be_read_are_passed_over_and_said()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        RecordedLog log = new();
        LogIntake intake = new(new LogTally(time.GetUtcNow(), new CodeOrigins(""), []), time);
        EventLogInput input = new("Application", "billing", log, intake, time);
        input.Catch(CancellationToken.None);
        for (int i = 0; i < 250; i++) log.Add("billing", 4, 1, "<broken");
        log.Add("billing", 4, 1, "after");
        input.Catch(CancellationToken.None);
        Assert.Equal("[INFO] billing 1: after", Assert.Single(intake.Drain(1).Lines).Text);
        Assert.Equal([new LogProblem(LogProblemKind.Partial, "event log Application: 250 events could not be read")], input.Problems);
        // Nor do those hold it up whose number cannot be read either.
        for (int i = 0; i < 450; i++) log.AddDamaged("billing");
        log.Add("billing", 4, 1, "and again");
        input.Catch(CancellationToken.None);
        log.Add("billing", 4, 1, "goes on");
        input.Catch(CancellationToken.None);
        Assert.Contains("[INFO] billing 1: goes on", intake.Drain(1).Lines.Select(line => line.Text));
    }

    [Fact]
    public void Where_reading_is_refused_halfway_what_was_read_is_not_read_again()
    {
        FakeTimeProvider time = new(TimeProvider.System.GetUtcNow());
        RecordedLog log = new();
        LogIntake intake = new(new LogTally(time.GetUtcNow(), new CodeOrigins(""), []), time);
        EventLogInput input = new("Application", "billing", log, intake, time);
        input.Catch(CancellationToken.None);
        for (int i = 0; i < 300; i++) log.Add("billing", 4, 1, $"served {i}");
        log.ReadsUntilRefused = 1;
        input.Catch(CancellationToken.None);
        Assert.Equal([new LogProblem(LogProblemKind.Unreadable, "event log Application: The handle is invalid.")], input.Problems);
        log.ReadsUntilRefused = null;
        input.Catch(CancellationToken.None);
        Assert.Equal(300, intake.Drain(1).Counters.Lines);
        Assert.Empty(input.Problems);
    }

    [Theory]
    [InlineData("<Event><System><EventRecordID>7</EventRecordID></System></Event>", 7)]
    [InlineData("<Event><System>", null)]
    [InlineData("<!DOCTYPE x [<!ENTITY a \"b\">]><Event><System><EventRecordID>7</EventRecordID></System></Event>", null)]
    [InlineData("no xml", null)]
    public void What_is_no_event_is_passed_over(string xml, int? record) => Assert.Equal(record, (int?)WindowsEvent.Parse(xml)?.RecordId);

    [Fact]
    public void A_sources_name_cannot_change_the_query()
    {
        Assert.Equal("*[System[Provider[@Name='billing'] and EventRecordID>5]]", EventLogInput.Query("billing", 5));
        Assert.Equal("*[System[Provider[@Name=\"a'b or 1\"] and EventRecordID>5]]", EventLogInput.Query("a'b\" or 1", 5));
    }

    /// <summary>Events as wevtapi renders those that Go's svc/eventlog writes.</summary>
    private sealed class RecordedLog : IEventLogQuery
    {
        private readonly List<(long Record, string Provider, string Xml)> _events = [];

        private int _reads;

        public string? Refuses { get; set; }

        public int? ReadsUntilRefused { get; set; }

        public void Add(string provider, int level, int id, string text)
        {
            long record = _events.Count + 1;
            _events.Add((record, provider, $"""
                <Event xmlns='http://schemas.microsoft.com/win/2004/08/events/event'><System><Provider Name='{provider}'/><EventID Qualifiers='0'>{id}</EventID><Version>0</Version><Level>{level}</Level><Task>0</Task><Opcode>0</Opcode><Keywords>0x80000000000000</Keywords><TimeCreated SystemTime='2026-11-25T10:00:00.1234567Z'/><EventRecordID>{record}</EventRecordID><Correlation/><Execution ProcessID='0' ThreadID='0'/><Channel>Application</Channel><Computer>shop</Computer><Security/></System><EventData><Data>{text}</Data></EventData></Event>
                """));
        }

        public void AddDamaged(string provider) => _events.Add((_events.Count + 1, provider, "<Event"));

        public void Clear() => _events.Clear();

        public IReadOnlyList<string> Read(string log, string query, int most)
        {
            if (++_reads > 1000) throw new InvalidOperationException("asked again and again");
            if (ReadsUntilRefused is { } left && left == 0) throw new IOException("The handle is invalid.");
            ReadsUntilRefused--;
            // The two shapes of query that are asked.
            long after = long.Parse(query[(query.IndexOf('>', StringComparison.Ordinal) + 1)..].TrimEnd(']'), System.Globalization.CultureInfo.InvariantCulture);
            return [.. _events.Where(each => each.Record > after && query.Contains($"@Name='{each.Provider}'", StringComparison.Ordinal)).Take(most).Select(each => each.Xml)];
        }

        public long NewestRecord(string log) => Refuses is null ? _events.Count : throw new IOException(Refuses);
    }
}
