using System.Runtime.InteropServices;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etw.Sessions;
using GoTop.Engine.Model;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using Keywords = Microsoft.Diagnostics.Tracing.Parsers.KernelTraceEventParser.Keywords;

namespace GoTop.Tests.KernelEvents.Etw.Sessions;

public sealed class EtwKernelSessionTests
{
    private const int Own = 999;

    // A performance counter counts from the start of the system.
    private readonly FakeTimeProvider _time = new(DateTimeOffset.MinValue.AddMinutes(1));

    [Fact]
    public void A_session_hands_over_what_the_kernel_tells_and_is_ended()
    {
        FakeEtwSystem system = new();
        using (IKernelEventSession session = Open(system).Value)
        {
            FakeEtwSystem.FakeSession started = Assert.Single(system.Started);
            Assert.Equal("GoTop-Kernel-4321-999", started.Name);
            Assert.True(started.Request.Kernel.HasFlag(Keywords.ContextSwitch | Keywords.Dispatcher | Keywords.Profile));
            Assert.Equal(Keywords.Profile, started.Request.Stacks);
            started.WaitUntilFed();
            RecordedKernelEvents recorded = new();
            long until = session.Drain(recorded);
            Assert.Equal(5, recorded.Events.Count(happened => happened.Kind == KernelEventKind.Switch));
            Assert.Equal(2, recorded.Samples.Count);
            Assert.Equal(recorded.Events.Max(happened => happened.TimeNanoseconds), until);
            Assert.Equal(1, started.Flushes);
            Assert.Equal("gosvc.exe", session.ProcessName(SchedulerIncident.Service));
            Assert.Null(session.ProcessName(1));
            Assert.True(session.Coverage.Tells(KernelFacts.AllSwitches | KernelFacts.Ready | KernelFacts.Samples));
            RecordedKernelEvents again = new();
            session.Drain(again);
            Assert.Empty(again.Events);
        }

        Assert.True(system.Started[0].IsEnded);
        Assert.Empty(system.Active);
    }

    [Fact]
    public void Events_that_are_lost_are_told_before_what_came_after()
    {
        FakeEtwSystem system = new();
        using IKernelEventSession session = Open(system).Value;
        system.Started[0].WaitUntilFed();
        system.Started[0].EventsLost = 17;
        RecordedKernelEvents recorded = new();
        session.Drain(recorded);
        Assert.Equal((KernelEventKind.Lost, 17L), (recorded.Events[0].Kind, recorded.Events[0].Value));
        RecordedKernelEvents again = new();
        session.Drain(again);
        Assert.Empty(again.Events);
    }

    [Fact]
    public void A_session_that_keeps_losing_events_goes_on_with_fewer()
    {
        FakeEtwSystem system = new();
        using IKernelEventSession session = Open(system).Value;
        for (int drain = 1; drain <= 3; drain++)
        {
            Assert.True(session.Coverage.Tells(KernelFacts.Switches));
            system.Started[0].EventsLost += 10;
            session.Drain(new RecordedKernelEvents());
        }

        Assert.Equal(2, system.Started.Count);
        Assert.True(system.Started[0].IsEnded);
        Assert.Equal(EtwRequest.Cheap, system.Started[1].Request);
        Assert.False(session.Coverage.Tells(KernelFacts.Switches));
        Assert.True(session.Coverage.Tells(KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults));
        Assert.Contains("lost", session.Coverage.WhyNot(KernelFacts.Ready), StringComparison.Ordinal);
    }

    [Fact]
    public void A_cheap_session_asks_for_disks_network_and_hard_faults_alone_and_goes_on_in_quiet_times()
    {
        FakeEtwSystem system = new();
        using IKernelEventSession session = EtwKernelSession.Open(system, _time, SchedulerIncident.Service, Own, _ => true, isWine: false, isCheap: true).Value;
        FakeEtwSystem.FakeSession started = Assert.Single(system.Started);
        Assert.Equal(("GoTop-Cheap-4321-999", EtwRequest.Cheap), (started.Name, started.Request));
        Assert.Equal(Keywords.None, started.Request.Kernel & (Keywords.ContextSwitch | Keywords.Dispatcher | Keywords.Profile | Keywords.DeferedProcedureCalls | Keywords.Interrupt));
        Assert.Equal(KernelFacts.Disk | KernelFacts.Network | KernelFacts.HardFaults, session.Coverage.Told);
        Assert.Equal("collected while a pane shows it", session.Coverage.WhyNot(KernelFacts.Switches));
        Assert.Contains("transfer", session.CostToTarget, StringComparison.Ordinal);
        started.WaitUntilFed();
        long until = session.Drain(new RecordedKernelEvents());
        _time.Advance(TimeSpan.FromHours(1));
        // Nothing has come since, and that is known.
        Assert.True(session.Drain(new RecordedKernelEvents()) > until);
    }

    [Fact]
    public void Without_the_right_to_sample_the_rest_of_the_scheduler_s_is_collected()
    {
        FakeEtwSystem system = new() { HasProfileRight = false };
        using IKernelEventSession session = Open(system).Value;
        EtwRequest request = Assert.Single(system.Started).Request;
        Assert.Equal((Keywords.ContextSwitch | Keywords.Dispatcher, Keywords.None), (request.Kernel & (Keywords.ContextSwitch | Keywords.Dispatcher | Keywords.Profile), request.Stacks));
        Assert.True(session.Coverage.Tells(KernelFacts.AllSwitches | KernelFacts.Ready));
        Assert.Contains("SeSystemProfilePrivilege", session.Coverage.WhyNot(KernelFacts.Samples), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false, false, "administrator")]
    [InlineData(true, false, "SeSystemProfilePrivilege")]
    [InlineData(false, true, "Performance Log Users")]
    public void The_right_that_is_missing_is_named(bool isLogUser, bool hasRight, string words)
    {
        FakeEtwSystem system = new() { IsElevated = false, IsPerformanceLogUser = isLogUser, HasProfileRight = hasRight };
        Reading<IKernelEventSession> opened = Open(system);
        Assert.Equal(ReadingState.Denied, opened.State);
        Assert.Contains(words, opened.Reason, StringComparison.Ordinal);
        Assert.Empty(system.Started);
    }

    [Fact]
    public void Without_elevation_it_says_what_is_missing_and_starts_nothing()
    {
        FakeEtwSystem system = new() { IsElevated = false };
        Reading<IKernelEventSession> opened = Open(system);
        Assert.Equal(ReadingState.Denied, opened.State);
        Assert.Contains("administrator", opened.Reason, StringComparison.Ordinal);
        Assert.Empty(system.Started);
    }

    [Fact]
    public void Wine_is_not_asked()
    {
        FakeEtwSystem system = new() { Refusal = new InvalidOperationException("must not be asked") };
        Reading<IKernelEventSession> opened = EtwKernelSession.Open(system, _time, SchedulerIncident.Service, Own, _ => true, isWine: true);
        Assert.Equal((ReadingState.NotSupported, "Wine does not trace events (ETW)"), (opened.State, opened.Reason));
    }

    [Theory]
    [InlineData(0x80070005, ReadingState.Denied, "administrator")]
    [InlineData(0x80070522, ReadingState.Denied, "SeSystemProfilePrivilege")]
    [InlineData(0x800705aa, ReadingState.Failed, "at most 8")]
    [InlineData(0x80070078, ReadingState.NotSupported, "no event tracing")]
    [InlineData(0x80071069, ReadingState.Failed, "did not start")]
    public void A_refusal_is_said_in_words(uint code, ReadingState state, string words)
    {
        Reading<IKernelEventSession> opened = Open(new FakeEtwSystem { Refusal = Marshal.GetExceptionForHR(unchecked((int)code)) });
        Assert.Equal(state, opened.State);
        Assert.Contains(words, opened.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void A_system_without_event_tracing_is_told_as_that() =>
        Assert.Equal(ReadingState.NotSupported, Open(new FakeEtwSystem { Refusal = new DllNotFoundException("advapi32") }).State);

    [Fact]
    public void What_dead_processes_left_is_ended_before_a_session_begins()
    {
        FakeEtwSystem system = new() { Active = ["GoTop-Kernel-1-11", "GoTop-Kernel-1-12", "GoTop-Recorder-13", "GoTop-", "GoTop-x", "NT Kernel Logger", "GoTopper-11"] };
        system.CannotStop.Add("GoTop-Recorder-13");
        Open(system, alive: 12).Value.Dispose();
        Assert.Equal(["GoTop-Kernel-1-12", "GoTop-Recorder-13", "GoTop-", "GoTop-x", "NT Kernel Logger", "GoTopper-11"], system.Active);
    }

    [Theory]
    [InlineData("GoTop-Kernel-4321-999", 999)]
    [InlineData("GoTop-Recorder-7", 7)]
    [InlineData("GoTop-7", null)]
    [InlineData("GoTop-Kernel-", null)]
    [InlineData("GoTop-Kernel-0", null)]
    [InlineData("GoTop-Kernel-+7", null)]
    [InlineData("gotop-Kernel-7", null)]
    public void A_name_says_whose_session_it_is(string name, int? process) =>
        Assert.Equal(process, SessionNames.TryGetProcess(name, out int found) ? found : null);

    [Fact]
    public void A_queue_that_is_not_emptied_counts_instead_of_growing()
    {
        KernelEventQueue queue = new();
        KernelEvent happened = new() { Kind = KernelEventKind.Switch, TimeNanoseconds = 5 };
        for (int i = 0; i < KernelEventQueue.MaxEvents + 3; i++) queue.OnEvent(happened);
        RecordedKernelEvents recorded = new();
        Assert.Equal(3, queue.HandOn(recorded));
        Assert.Equal(KernelEventQueue.MaxEvents + 1, recorded.Events.Count);
        Assert.Equal(0, queue.HandOn(recorded));
    }

    private Reading<IKernelEventSession> Open(FakeEtwSystem system, int alive = 0) =>
        EtwKernelSession.Open(system, _time, SchedulerIncident.Service, Own, id => id == alive, isWine: false);
}
