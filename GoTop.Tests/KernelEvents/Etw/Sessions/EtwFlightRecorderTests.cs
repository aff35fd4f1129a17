using GoTop.Engine.Analysis.EventLogs;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw.Sessions;

public sealed class EtwFlightRecorderTests : IDisposable
{
    private const int Own = 999;

    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-flight-").FullName;

    /// <summary>A minute of a service that gets its core ten times a second, as a session in memory has it: it no longer says whose threads they are.</summary>
    private static SyntheticEtl Minute
    {
        get
        {
            SyntheticEtl log = new() { EventsLost = 0 };
            for (int tenth = 0; tenth < 600; tenth++)
            {
                long at = 1_000_000 + tenth * 100_000;
                log.Ready(at, cpu: 1, tid: 100, waker: 0, wakerPid: 0).Switch(at + 2000, cpu: 0, from: 0, to: 100).Switch(at + 12_000, cpu: 0, from: 100, to: 0);
            }

            return log;
        }
    }

    private static SyntheticEtl Names => new SyntheticEtl().Process(61_000_000, SchedulerIncident.Service, 4, "gosvc.exe", "gosvc.exe").Thread(61_000_001, SchedulerIncident.Service, 100);

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void What_is_saved_is_of_the_last_seconds_and_knows_whose_threads_they_are()
    {
        FakeEtwSystem system = new() { Active = ["GoTop-Recorder-11"], Log = Minute, Names = Names };
        using (IFlightRecorder recorder = Start(system, seconds: 10).Value)
        {
            Assert.Equal(["GoTop-Recorder-999"], system.Active);
            using MemoryStream saved = new();
            FlightRecording recording = recorder.Save(saved, _folder, TestContext.Current.CancellationToken).Value;
            Assert.Equal(TimeSpan.FromSeconds(10), recording.Covers);
            Assert.True(recording.LeftOut > 100);
            Assert.Null(recording.NoNames);
            saved.Position = 0;
            LoggedTarget target = EtlAnalyzer.Analyze(saved, TestContext.Current.CancellationToken).Target.Value;
            Assert.Equal("gosvc.exe", target.Name);
            // Ten runs of 10 ms a second, each after 2 ms of waiting; a buffer may reach back a little further.
            Assert.InRange(target.Report.RunQueueDelay.Value.Count, 99, 105);
            Assert.InRange(target.Report.Target.OnCpuNanoseconds, 990_000_000, 1_050_000_000);
            // It goes on keeping, and leaves nothing behind.
            Assert.True(recorder.Save(new MemoryStream(), _folder, TestContext.Current.CancellationToken).HasValue);
            Assert.Empty(Directory.EnumerateFileSystemEntries(_folder));
        }

        Assert.Empty(system.Active);
    }

    [Fact]
    public void Less_than_was_asked_for_is_told()
    {
        using IFlightRecorder recorder = Start(new FakeEtwSystem { Log = Minute, Names = Names }, seconds: 300).Value;
        FlightRecording recording = recorder.Save(new MemoryStream(), _folder, TestContext.Current.CancellationToken).Value;
        Assert.Equal(0, recording.LeftOut);
        Assert.InRange(recording.Covers, TimeSpan.FromSeconds(59.9), TimeSpan.FromSeconds(60));
    }

    [Fact]
    public void Without_the_list_of_threads_the_events_are_saved_all_the_same()
    {
        using IFlightRecorder recorder = Start(new FakeEtwSystem { Log = Minute, Names = null }, seconds: 10).Value;
        using MemoryStream saved = new();
        Assert.Contains("administrator", recorder.Save(saved, _folder, TestContext.Current.CancellationToken).Value.NoNames, StringComparison.Ordinal);
        saved.Position = 0;
        Assert.InRange(EtlAnalyzer.Analyze(saved, TestContext.Current.CancellationToken).Scheduler!.ContextSwitches, 198, 210);
    }

    [Theory]
    [InlineData(false, false, false, ReadingState.Denied, "administrator")]
    [InlineData(false, true, false, ReadingState.Denied, "lack the right \"Profile system performance\" (SeSystemProfilePrivilege)")]
    [InlineData(false, false, true, ReadingState.Denied, "membership in Performance Log Users")]
    [InlineData(false, true, true, ReadingState.Present, null)]
    [InlineData(true, false, true, ReadingState.Present, null)]
    public void The_missing_right_is_named(bool isElevated, bool isLogUser, bool hasRight, ReadingState state, string? words)
    {
        FakeEtwSystem system = new() { IsElevated = isElevated, IsPerformanceLogUser = isLogUser, HasProfileRight = hasRight };
        Reading<IFlightRecorder> started = Start(system, 10);
        Assert.Equal(state, started.State);
        Assert.Equal(started.Reason, EtwFlightRecorder.WhyNot(system, isWine: false));
        if (words is not null) Assert.Contains(words, started.Reason, StringComparison.Ordinal);
        else started.Value.Dispose();
    }

    [Fact]
    public void Wine_is_not_asked()
    {
        Assert.Equal(ReadingState.NotSupported, EtwFlightRecorder.Start(new FakeEtwSystem { Refusal = new InvalidOperationException() }, Own, _ => true, isWine: true, new FlightRecorderSettings()).State);
        Assert.Contains("Wine", EtwFlightRecorder.WhyNot(new FakeEtwSystem(), isWine: true), StringComparison.Ordinal);
    }

    private static Reading<IFlightRecorder> Start(FakeEtwSystem system, int seconds) =>
        EtwFlightRecorder.Start(system, Own, _ => false, isWine: false, new FlightRecorderSettings { Enabled = true, Seconds = seconds });
}
