using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.KernelEvents.Etw;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.KernelEvents.Etw;

/// <summary>Events as Windows writes them, through TraceEvent's own parsers; what a session hands over is the same.</summary>
public sealed class KernelEventMappingTests
{
    private const long Microsecond = 1000;

    private readonly RecordedKernelEvents _recorded = Map(SchedulerIncident.Log);

    [Fact]
    public void A_switch_says_who_comes_who_goes_and_why()
    {
        KernelEvent[] switches = [.. _recorded.Events.Where(happened => happened.Kind == KernelEventKind.Switch)];
        Assert.Equal(5, switches.Length);
        Assert.Equal((100, SchedulerIncident.Service, 200, SchedulerIncident.Other, 0, ThreadStop.Preempted, 32), Fields(switches[1]));
        Assert.Equal((200, SchedulerIncident.Other, 100, SchedulerIncident.Service, 0, ThreadStop.Waiting, 15), Fields(switches[2]));
        Assert.Equal((100, SchedulerIncident.Service, 0, 0, 1, ThreadStop.Waiting, 6), Fields(switches[3]));
        Assert.Equal(Time(1350), switches[1].TimeNanoseconds);

        static (int, int, int, int, int, ThreadStop, int) Fields(KernelEvent one) => (one.Thread, one.Process, one.OtherThread, one.OtherProcess, one.Cpu, one.Stop, one.WaitReason);
    }

    [Fact]
    public void A_thread_that_is_made_ready_is_told_with_who_woke_it()
    {
        KernelEvent[] readied = [.. _recorded.Events.Where(happened => happened.Kind == KernelEventKind.Ready)];
        Assert.Equal([(100, SchedulerIncident.Service, 55, 4), (100, SchedulerIncident.Service, 200, SchedulerIncident.Other)], readied.Select(one => (one.Thread, one.Process, one.OtherThread, one.OtherProcess)));
        Assert.Equal(Time(1100), readied[0].TimeNanoseconds);
    }

    [Fact]
    public void Samples_are_joined_with_both_parts_of_their_stacks()
    {
        Assert.Equal(2, _recorded.Samples.Count);
        Assert.Empty(_recorded.Samples[0].Kernel);
        Assert.Equal([0x46_c3a1UL, 0x46_b000UL, 0x40_1234UL], _recorded.Samples[0].User);
        Assert.Equal([SchedulerIncident.Kernel + 0x100, SchedulerIncident.Kernel + 0x50], _recorded.Samples[1].Kernel);
        Assert.Equal([0x46_c3a1UL, 0x40_1234UL], _recorded.Samples[1].User);
        Assert.All(_recorded.Samples, sample => Assert.Equal((100, SchedulerIncident.Service, 0), (sample.Sample.Thread, sample.Sample.Process, sample.Sample.Cpu)));
        Assert.Equal(Time(1550), _recorded.Samples[1].Sample.TimeNanoseconds);
    }

    [Fact]
    public void Interrupts_say_how_long_they_took()
    {
        Assert.Equal([30 * Microsecond, 10 * Microsecond], _recorded.Events.Where(happened => happened.Kind == KernelEventKind.Interrupt).Select(one => one.Value));
    }

    [Theory]
    [InlineData(KernelEventKind.DiskWrite, 65_536)]
    [InlineData(KernelEventKind.NetworkSend, 1500)]
    [InlineData(KernelEventKind.NetworkReceive, 80)]
    [InlineData(KernelEventKind.HardFault, 4096)]
    public void Transfers_are_of_the_process_they_are_for(KernelEventKind kind, long bytes)
    {
        KernelEvent happened = _recorded.Single(kind);
        Assert.Equal((bytes, SchedulerIncident.Service), (happened.Value, happened.Process));
    }

    [Fact]
    public void Threads_begin_and_end()
    {
        Assert.Equal([(100, SchedulerIncident.Service), (200, SchedulerIncident.Other)], _recorded.Events.Where(happened => happened.Kind == KernelEventKind.ThreadStart).Select(one => (one.Thread, one.Process)));
        Assert.Equal((200, SchedulerIncident.Other), (_recorded.Single(KernelEventKind.ThreadEnd).Thread, _recorded.Single(KernelEventKind.ThreadEnd).Process));
    }

    [Fact]
    public void Events_come_in_the_order_of_their_times() =>
        Assert.Equal(_recorded.Events.Select(one => one.TimeNanoseconds).Order(), _recorded.Events.Select(one => one.TimeNanoseconds));

    [Fact]
    public void A_thread_of_which_nothing_is_known_has_no_process()
    {
        KernelEvent happened = Map(new SyntheticEtl().Switch(10, cpu: 0, from: 8, to: 9)).Single(KernelEventKind.Switch);
        Assert.Equal((KernelEvent.Unknown, KernelEvent.Unknown), (happened.Process, happened.OtherProcess));
    }

    [Fact]
    public void A_sample_whose_stack_does_not_come_still_says_where_it_was()
    {
        RecordedKernelEvents recorded = Map(new SyntheticEtl().Sample(10, cpu: 1, tid: 8, 0x40_1000).Sample(20, cpu: 1, tid: 8, SchedulerIncident.Kernel).Sample(600_000, cpu: 1, tid: 9, 0x40_2000));
        Assert.Equal([0x40_1000UL], recorded.Samples[0].User);
        Assert.Equal([SchedulerIncident.Kernel], recorded.Samples[1].Kernel);
        Assert.Equal(3, recorded.Samples.Count);
    }

    private static long Time(long microseconds) => SyntheticEtl.FirstTimeStamp * 100 + microseconds * Microsecond;

    private static RecordedKernelEvents Map(SyntheticEtl log)
    {
        RecordedKernelEvents recorded = new();
        EtlReader reader = EtlReader.Open(new MemoryStream(log.ToArray()));
        using EtlRecordReader records = new(reader.Header, new NoRecords());
        KernelEventMapping mapping = new(records.Source, reader.Header.TicksPerSecond, recorded);
        reader.Read(records, TestContext.Current.CancellationToken);
        mapping.Flush();
        Assert.Equal(0, reader.DamagedBuffers);
        return recorded;
    }

    private sealed class NoRecords : IEtlRecordSink
    {
        public void OnEvent(EtlEventKind kind, long timeStamp)
        {
        }

        public void OnUndecoded(in EtlEvent happened) => Assert.Fail($"an event of the form {happened.Form} was not taken apart");
    }
}
