using GoTop.Engine.KernelEvents;
using GoTop.Engine.KernelEvents.Linux;
using Xunit;
using static GoTop.Tests.KernelEvents.Linux.PerfRecords;

namespace GoTop.Tests.KernelEvents.Linux;

/// <summary>The kernel's records in, events out; of damaged ones nothing, and never a crash.</summary>
public sealed class PerfRecordReaderTests
{
    private const int Target = 100;
    private const ulong UserMarker = unchecked((ulong)-512L), KernelMarker = unchecked((ulong)-128L);

    private static readonly TracepointLayouts Layouts = new()
    {
        Switch = new SwitchLayout(24, 32, 8, 56),
        WakeupThread = 24,
        Disk = new DiskLayout(24, 28, 8),
        SendResult = 20,
        ReceiveResult = 20,
    };

    internal static PerfRecordReader Reader(bool perThread = false)
    {
        PerfRecordReader reader = new(Target, Layouts, perThread);
        reader.Register(ClockId, PerfEventKind.Clock);
        reader.Register(SwitchId, PerfEventKind.Switch);
        reader.Register(WakeupId, PerfEventKind.Wakeup);
        reader.Register(DiskId, PerfEventKind.DiskBio);
        reader.Register(SendId, PerfEventKind.NetworkSend);
        reader.Register(FaultId, PerfEventKind.MajorFault);
        return reader;
    }

    private static Seen Read(PerfRecordReader reader, params byte[][] records)
    {
        EventBatch batch = new();
        foreach (byte[] record in records) reader.Read(record, batch);
        Seen seen = new();
        batch.HandOn(0, long.MaxValue, new ThreadOwners(Target), seen);
        return seen;
    }

    [Theory]
    [InlineData(0x100, ThreadStop.Preempted, -1)]
    [InlineData(0, ThreadStop.Preempted, -1)]
    [InlineData(1, ThreadStop.Waiting, 1)]
    [InlineData(2, ThreadStop.Waiting, 2)]
    [InlineData(0x10, ThreadStop.Ended, -1)]
    [InlineData(0x20, ThreadStop.Ended, -1)]
    public void A_switch_tells_who_goes_who_comes_and_why(long state, ThreadStop stop, int reason)
    {
        KernelEvent happened = Assert.Single(Read(Reader(), Sample(SwitchId, 7, 70, 5000, 3, Raw(Switch(70, state, 101)))).Events);
        Assert.Equal(
            (KernelEventKind.Switch, 5000L, 3, 70, 7, 101, stop, reason),
            (happened.Kind, happened.TimeNanoseconds, happened.Cpu, happened.OtherThread, happened.OtherProcess, happened.Thread, happened.Stop, happened.WaitReason));
    }

    [Fact]
    public void A_closed_event_has_no_records_any_more()
    {
        PerfRecordReader reader = Reader();
        reader.Unregister(SwitchId);
        Assert.Empty(Read(reader, Sample(SwitchId, 7, 70, 5000, 3, Raw(Switch(70, 1, 101)))).Events);
    }

    /// <summary>Events that are opened anew miss some, which is no reason to ask the kernel for less.</summary>
    [Fact]
    public void A_gap_of_our_own_reaches_the_sink_and_does_not_count_as_lost()
    {
        EventBatch batch = new();
        batch.AddGap(5000);
        Assert.Equal((0, 0), (batch.Events, batch.Lost));
        Seen seen = new();
        batch.HandOn(0, long.MaxValue, new ThreadOwners(Target), seen);
        Assert.Equal((KernelEventKind.Lost, 5000L), Assert.Single(seen.Events) is var gap ? (gap.Kind, gap.TimeNanoseconds) : default);
    }

    [Fact]
    public void Whose_a_thread_is_that_comes_is_learnt_from_those_that_began_or_went()
    {
        Seen seen = Read(
            Reader(),
            Sample(SwitchId, 7, 70, 3000, 0, Raw(Switch(70, 1, 101))),
            Other(7, 0, [.. I32(Target), .. I32(1), .. I32(101), .. I32(100), .. U64(1000)], Target, 100, 1000, 0),
            Sample(SwitchId, 0, 0, 2000, 1, Raw(Switch(0, 0, 70))),
            Sample(SwitchId, Target, 101, 4000, 0, Raw(Switch(101, 1, 70))));
        Assert.Equal([(1000L, 101, Target), (2000L, 70, -1), (3000L, 101, Target), (4000L, 70, 7)], seen.Events.Select(e => (e.TimeNanoseconds, e.Thread, e.Process)));
        Assert.Equal(0, seen.Events[1].OtherProcess);
    }

    [Fact]
    public void Samples_of_the_target_have_their_stacks_apart_and_others_have_none()
    {
        Seen seen = Read(
            Reader(),
            Sample(ClockId, Target, 101, 1, 0, Chain(KernelMarker, 0xffff0001, 0xffff0002, UserMarker, 0x401, 0x402)),
            Sample(ClockId, 7, 70, 2, 1, Chain(UserMarker, 0x401)));
        Assert.Equal([0xffff0001, 0xffff0002], seen.Stacks[0].Kernel);
        Assert.Equal([0x401UL, 0x402UL], seen.Stacks[0].User);
        Assert.Empty(seen.Stacks[1].User);
        Assert.Equal([(101, Target, 0), (70, 7, 1)], seen.Events.Select(e => (e.Thread, e.Process, e.Cpu)));
    }

    [Fact]
    public void Wakeups_transfers_faults_losses_and_ends_are_told()
    {
        byte[] disk = new byte[40], send = new byte[24];
        I32(8).CopyTo(disk, 24);
        "WS"u8.CopyTo(disk.AsSpan(28));
        I32(1500).CopyTo(send, 20);
        Seen seen = Read(
            Reader(),
            Sample(WakeupId, 7, 70, 1, 0, Raw(Wakeup(101))),
            Sample(DiskId, Target, 101, 2, 0, Raw(disk)),
            Sample(SendId, Target, 101, 3, 0, Raw(send)),
            Sample(FaultId, Target, 101, 4, 0),
            Sample(FaultId, 7, 70, 4, 0),
            Other(2, 0, [.. U64(1), .. U64(17)], 0, 0, 5, 1),
            Other(4, 0, [.. I32(Target), .. I32(1), .. I32(101), .. I32(100), .. U64(6)], Target, 101, 6, 0));
        Assert.Equal(
            [KernelEventKind.Ready, KernelEventKind.DiskWrite, KernelEventKind.NetworkSend, KernelEventKind.HardFault, KernelEventKind.Lost, KernelEventKind.ThreadEnd],
            seen.Events.Select(e => e.Kind));
        Assert.Equal((101, 70), (seen.Events[0].Thread, seen.Events[0].OtherThread));
        Assert.Equal((4096L, 1500L, 17L), (seen.Events[1].Value, seen.Events[2].Value, seen.Events[4].Value));
    }

    [Fact]
    public void By_thread_a_switch_tells_one_side()
    {
        const ushort Out = 1 << 13, Preempted = 1 << 14;
        Seen seen = Read(Reader(perThread: true), Other(14, 0, [], Target, 101, 1, 0), Other(14, Out | Preempted, [], Target, 101, 2, 0), Other(14, Out, [], Target, 102, 3, 0));
        Assert.Equal([(101, -1), (-1, 101), (-1, 102)], seen.Events.Select(e => (e.Thread, e.OtherThread)));
        Assert.Equal([ThreadStop.Unknown, ThreadStop.Preempted, ThreadStop.Waiting], seen.Events.Select(e => e.Stop));
    }

    [Fact]
    public void Events_wait_until_no_earlier_one_can_come()
    {
        EventBatch batch = new();
        PerfRecordReader reader = Reader();
        reader.Read(Sample(WakeupId, 7, 70, 90, 0, Raw(Wakeup(101))), batch);
        reader.Read(Sample(ClockId, Target, 101, 200, 0, Chain(UserMarker, 0x401)), batch);
        reader.Read(Sample(WakeupId, 7, 70, 50, 1, Raw(Wakeup(102))), batch);
        Seen seen = new();
        ThreadOwners owners = new(Target);
        batch.HandOn(60, 100, owners, seen);
        Assert.Equal([90L], seen.Events.Select(e => e.TimeNanoseconds));
        batch.HandOn(60, 300, owners, seen);
        Assert.Equal([90L, 200L], seen.Events.Select(e => e.TimeNanoseconds));
        Assert.Equal([0x401UL], seen.Stacks[0].User);
    }

    [Fact]
    public void Damaged_records_never_crash_and_claim_no_more_than_there_is()
    {
        byte[][] sound =
        [
            Sample(SwitchId, 7, 70, 5000, 3, Raw(Switch(70, 1, 101))), Sample(WakeupId, 7, 70, 1, 0, Raw(Wakeup(101))),
            Sample(ClockId, Target, 101, 1, 0, Chain(KernelMarker, 0xffff0001, UserMarker, 0x401, 0x402)), Sample(DiskId, Target, 101, 2, 0, Raw(new byte[40])),
            Other(2, 0, [.. U64(1), .. U64(17)], 0, 0, 5, 1), Other(7, 0, [.. I32(Target), .. I32(1), .. I32(101), .. I32(100), .. U64(6)], Target, 101, 6, 0),
            Other(14, 1 << 13, [], Target, 101, 1, 0), Other(3, 0, [.. I32(Target), .. I32(101), .. "name\0\0\0\0"u8], Target, 101, 1, 0),
        ];
        Random random = new(1);
        for (int round = 0; round < 20_000; round++)
        {
            byte[] record = [.. sound[random.Next(sound.Length)]];
            for (int change = random.Next(1, 5); change > 0; change--) record[random.Next(record.Length)] = random.Next(3) switch { 0 => 0xff, 1 => 0, _ => (byte)random.Next(256) };
            if (random.Next(2) == 0) record = record[..random.Next(record.Length + 1)];
            Seen seen = Read(Reader(perThread: round % 2 == 0), record);
            Assert.True(seen.Stacks.All(stack => stack.Kernel.Length + stack.User.Length <= record.Length / 8));
        }
    }

    [Fact]
    public void A_tracepoint_s_file_tells_where_its_fields_lie()
    {
        TracepointFormat format = TracepointFormat.Parse(
            "name: sched_switch\nID: 372\nformat:\n\tfield:unsigned short common_type;\toffset:0;\tsize:2;\tsigned:0;\n\n"
            + "\tfield:char prev_comm[16];\toffset:8;\tsize:16;\tsigned:0;\n\tfield:pid_t prev_pid;\toffset:24;\tsize:4;\tsigned:1;\n"
            + "\tfield:long prev_state;\toffset:32;\tsize:8;\tsigned:1;\n\tfield:pid_t next_pid;\toffset:56;\tsize:4;\tsigned:1;\n\nprint fmt: \"field:x y;\toffset:1;\tsize:1;\"\n")!;
        Assert.Equal(372UL, format.Id);
        Assert.Equal(new SwitchLayout(24, 32, 8, 56), SwitchLayout.Of(format));
        Assert.Equal(new TracepointField(8, 16), format.Fields["prev_comm"]);
        Assert.DoesNotContain("y", format.Fields.Keys);
        Assert.Null(TracepointFormat.Parse("field:pid_t prev_pid;\toffset:24;"));
    }

    private sealed class Seen : IKernelEventSink
    {
        public List<KernelEvent> Events { get; } = [];

        public List<(ulong[] Kernel, ulong[] User)> Stacks { get; } = [];

        public void OnEvent(in KernelEvent happened) => Events.Add(happened);

        public void OnSample(in KernelEvent sample, ReadOnlySpan<ulong> kernelStack, ReadOnlySpan<ulong> userStack)
        {
            Events.Add(sample);
            Stacks.Add((kernelStack.ToArray(), userStack.ToArray()));
        }
    }
}
