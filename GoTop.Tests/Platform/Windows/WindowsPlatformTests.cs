using System.Diagnostics;
using System.Runtime.Versioning;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using GoTop.Engine.Platform.Windows;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>Asks the running Windows or Wine about this very process, whose truth is known.</summary>
[SupportedOSPlatform("windows")]
[Trait("System", "Windows")]
public sealed class WindowsPlatformTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly WindowsPlatform _platform;
    private readonly ProcessKey _self;

    public WindowsPlatformTests()
    {
        WindowsOnly.Require();
        _platform = new WindowsPlatform(_time);
        _self = _platform.FindProcess(Environment.ProcessId).Value;
    }

    [Fact]
    public void It_is_what_this_system_s_detection_picks() =>
        Assert.IsType<WindowsPlatform>(HostPlatform.Detect(TimeProvider.System));

    [Fact]
    public void The_process_list_has_this_process_under_its_file_name()
    {
        ProcessEntry entry = Assert.Single(_platform.ListProcesses(), entry => entry.Key.ProcessId == Environment.ProcessId);
        Assert.Equal(Path.GetFileName(Environment.ProcessPath), entry.Name, ignoreCase: true);
        Assert.Equal(_self, entry.Key);
        Assert.DoesNotContain(_platform.ListProcesses(), entry => entry.Key.ProcessId == 0);
    }

    [Fact]
    public void Processor_time_grows_by_the_work_done()
    {
        long before = ProcessorTime();
        long worked = 0;
        while (ProcessorTime() == before && !TestContext.Current.CancellationToken.IsCancellationRequested)
        {
            for (int i = 0; i < 10_000_000; i++) worked += i ^ worked;
        }

        Assert.True(ProcessorTime() > before, $"no processor time counted ({worked})");
    }

    [Fact]
    public void Within_a_tenth_of_a_second_all_figures_come_of_one_list()
    {
        SystemProcessTable table = new(_time);
        byte[] first = table.Copy().Buffer;
        _time.Advance(TimeSpan.FromMilliseconds(99));
        using Process child = Children.Wait();
        Assert.Equal(first, table.Copy().Buffer);
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.NotEqual(first, table.Copy().Buffer);
        Children.End(child);
    }

    [Fact]
    public void A_process_started_after_the_list_was_read_is_found_nonetheless()
    {
        _ = _platform.ListProcesses();
        using Process child = Children.Wait();
        Assert.True(_platform.FindProcess(child.Id).HasValue);
        Children.End(child);
    }

    [Fact]
    public void Resident_memory_holds_what_was_touched()
    {
        long before = Counters().ResidentBytes;
        byte[] touched = new byte[256 * 1024 * 1024];
        Array.Fill(touched, (byte)1);
        long after = Counters().ResidentBytes;
        Assert.True(after >= touched.Length, $"{before} before, {after} after filling {touched.Length} bytes");
        Assert.True(Counters().PeakResidentBytes.Value >= after);
        Assert.True(Counters().VirtualBytes.Value > 0);
        GC.KeepAlive(touched);
    }

    [Fact]
    public void Threads_that_wait_are_counted()
    {
        using ManualResetEventSlim release = new();
        Thread[] threads = [.. Enumerable.Range(0, 40).Select(_ => new Thread(release.Wait))];
        foreach (Thread thread in threads) thread.Start();
        Assert.InRange(Counters().Threads, threads.Length + 1, 1000);
        release.Set();
        foreach (Thread thread in threads) thread.Join();
    }

    [Fact]
    public void Affinity_and_priority_are_read_back()
    {
        using Process child = Children.Wait();
        ProcessKey key = _platform.FindProcess(child.Id).Value;
        string all = CoreSet.Of(Enumerable.Range(0, Environment.ProcessorCount)).ToString();
        Assert.Equal(all, _platform.ReadProcess(key).Value.AllowedCores.Value.ToString());
        Assert.Equal("Normal", _platform.ReadProcess(key).Value.Priority.Value);

        child.ProcessorAffinity = 1;
        child.PriorityClass = ProcessPriorityClass.BelowNormal;
        Assert.Equal("0", _platform.ReadProcess(key).Value.AllowedCores.Value.ToString());
        Assert.Equal("BelowNormal", _platform.ReadProcess(key).Value.Priority.Value);
        Children.End(child);
    }

    [Fact]
    public void Figures_that_cannot_be_had_say_why()
    {
        ProcessCounters counters = Counters();
        Assert.Equal(ReadingState.NotSupported, counters.RunQueueDelayNanoseconds.State);
        Assert.Equal(ReadingState.NotSupported, _platform.ReadContainer(_self).State);
        if (WineDetector.IsWine()) Assert.Contains("Wine", counters.PrivateBytes.Reason, StringComparison.Ordinal);
        else Assert.True(counters.PrivateBytes.Value > 0);
    }

    [Fact]
    public void Identity_is_what_this_process_knows_of_itself()
    {
        Assert.Equal(Environment.ProcessPath, _platform.Executable(_self).Value.OpenPath, ignoreCase: true);
        Assert.Equal($@"{Environment.UserDomainName}\{Environment.UserName}", _platform.User(_self).Value, ignoreCase: true);
        Assert.Equal(Environment.GetCommandLineArgs()[1..], _platform.CommandLine(_self).Value[1..]);
        using Process self = Process.GetCurrentProcess();
        Assert.Equal(self.StartTime.ToUniversalTime(), _platform.StartedAt(_self).Value.UtcDateTime, TimeSpan.FromSeconds(1));
        Assert.True(_platform.IsAlive(_self));
    }

    [Fact]
    public void An_ended_process_is_gone_under_every_question()
    {
        using Process child = Children.Wait();
        ProcessKey key = _platform.FindProcess(child.Id).Value;
        Children.End(child);
        _time.Advance(TimeSpan.FromSeconds(1));
        Assert.False(_platform.IsAlive(key));
        Assert.Equal(ReadingState.Failed, _platform.FindProcess(key.ProcessId).State);
        Assert.Contains("exited", _platform.ReadProcess(key).Reason, StringComparison.Ordinal);
        Assert.False(_platform.OpenMemory(key).HasValue);
        Assert.False(_platform.CommandLine(key).HasValue);
    }

    [Fact]
    public void Another_life_of_the_same_process_id_is_not_this_one()
    {
        ProcessKey other = _self with { StartToken = _self.StartToken - 1 };
        Assert.False(_platform.IsAlive(other));
        Assert.False(_platform.ReadProcess(other).HasValue);
        Assert.False(_platform.OpenMemory(other).HasValue);
    }

    private ProcessCounters Counters()
    {
        _time.Advance(TimeSpan.FromSeconds(1));
        return _platform.ReadProcess(_self).Value;
    }

    private long ProcessorTime()
    {
        ProcessCounters counters = Counters();
        return counters.UserNanoseconds + counters.SystemNanoseconds;
    }
}
