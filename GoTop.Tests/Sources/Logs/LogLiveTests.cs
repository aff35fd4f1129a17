using System.Diagnostics;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Sources.Logs;

/// <summary>What real Go programs write (GoTop.Tests/Targets/chatty), followed while they write it.</summary>
public sealed class LogLiveTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-logs-");

    private string Log => Path.Combine(_folder.FullName, "chatty.log");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("slog-json")]
    [InlineData("slog-text")]
    public async Task Lines_of_slog_have_levels_messages_and_fields(string form)
    {
        (LogCounters counters, LogEntry[] lines) = await FollowAsync(form, counters => counters.Lines >= 10);
        Assert.Equal(
            (10, 7, 1, 1, 1),
            (counters.Lines, counters[LineLevel.Info], counters[LineLevel.Warn], counters[LineLevel.Debug], counters[LineLevel.Error]));
        Assert.Equal(("request", "/orders/0", "200", "40"), (lines[0].Message, lines[0].Field("path"), lines[0].Field("status"), lines[0].Field("user")));
        Assert.Equal(("cache", "5", "anna b", "false"), (lines[5].Message, lines[5].Field("user.id"), lines[5].Field("user.name"), lines[5].Field("hit")));
        Assert.All(lines, line => Assert.NotNull(line.OwnTime));
        Assert.Equal(["request", "cache", "payment gateway slow", "publish failed"], counters.Patterns.Select(pattern => pattern.Template).OrderBy(template => template == "request" ? 0 : 1).ThenBy(template => template, StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("1.22")]
    [InlineData("1.27")]
    public async Task A_panic_that_ends_the_program_is_found_with_its_function(string version)
    {
        (LogCounters counters, _) = await FollowAsync("panic", counters => !counters.Crashes.IsEmpty, version);
        LogCrash crash = Assert.Single(counters.Crashes);
        Assert.Equal((LogCrashKind.Panic, "main.(*order).price", 1L, 1L), (crash.Kind, crash.Place!.Value.Function, crash.Goroutine, crash.CountSince));
        Assert.Contains("nil pointer dereference", crash.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_panic_that_net_http_recovers_is_found_with_the_service_own_function()
    {
        (LogCounters counters, _) = await FollowAsync("served-panic", counters => !counters.Crashes.IsEmpty);
        LogCrash crash = Assert.Single(counters.Crashes);
        Assert.Equal((LogCrashKind.Recovered, "main.(*order).price"), (crash.Kind, crash.Place!.Value.Function));
    }

    [Fact]
    public async Task Concurrent_map_writes_are_found()
    {
        (LogCounters counters, _) = await FollowAsync("maps", counters => !counters.Crashes.IsEmpty);
        LogCrash crash = counters.Crashes[0];
        Assert.Equal((LogCrashKind.FatalError, "main.count"), (crash.Kind, crash.Place!.Value.Function));
        Assert.StartsWith("concurrent map", crash.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_GODEBUG_prints_becomes_figures()
    {
        (LogCounters counters, _) = await FollowAsync("garbage", counters => counters.GcTrace?.Cycle >= 20 && counters.SchedTrace is not null, null, ("GODEBUG", "gctrace=1,schedtrace=20"));
        Assert.True(counters.GcTrace!.Forced);
        Assert.InRange(counters.GcTrace.LiveBytes, 1 << 20, 64 << 20);
        Assert.True(counters.GcTrace.GoalBytes >= counters.GcTrace.LiveBytes);
        Assert.True(counters.GcTrace.PauseNanoseconds > 0);
        Assert.InRange(counters.SchedTrace!.Threads, 1, 1000);
    }

    private async Task<(LogCounters Counters, LogEntry[] Lines)> FollowAsync(string form, Func<LogCounters, bool> enough, string? version = null, params (string Name, string Value)[] environment)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "the program is built for Linux");
        string program = await GoToolchain.RequireAsync("chatty", version);
        await File.WriteAllTextAsync(Log, "", TestContext.Current.CancellationToken);
        await using LogSource source = Following.Of(TimeProvider.System, new TargetSettings { Logs = [Log] });
        await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        ProcessStartInfo start = new("/bin/sh", ["-c", $"exec \"$0\" {form} 2>> \"$1\"", program, Log]);
        foreach ((string name, string value) in environment) start.Environment[name] = value;
        using Process process = Process.Start(start)!;
        using CancellationTokenSource late = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        late.CancelAfter(TimeSpan.FromSeconds(60));
        List<LogEntry> lines = [];
        try
        {
            while (true)
            {
                SampleFacts facts = (await source.ReadAsync(Interest.None, late.Token)).Facts;
                lines.AddRange(facts.LogLines.Select(LogEntry.Of));
                if (enough(facts.Logs.Value)) return (facts.Logs.Value, [.. lines]);
                await Task.Delay(TimeSpan.FromMilliseconds(50), TimeProvider.System, late.Token);
            }
        }
        finally
        {
            if (!process.HasExited) process.Kill();
            await process.WaitForExitAsync(CancellationToken.None);
        }
    }
}
