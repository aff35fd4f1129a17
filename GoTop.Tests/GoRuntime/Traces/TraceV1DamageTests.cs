using GoTop.Engine.GoRuntime.Traces;
using Xunit;
using static GoTop.Tests.GoRuntime.Traces.V1TraceBuilder;

namespace GoTop.Tests.GoRuntime.Traces;

/// <summary>Cut, damaged and made-up traces of format 1: an error with its place, or what can be told; never anything else.</summary>
public sealed class TraceV1DamageTests
{
    [Theory]
    [InlineData("1.19")]
    [InlineData("1.21")]
    public void A_trace_cut_anywhere_is_told_apart_by_what_is_lost(string version)
    {
        byte[] trace = TraceV1Fixtures.Sample(version);
        EventCounts whole = new();
        string expected = whole.Describe(TraceFixtures.ReadAll(new MemoryStream(trace), whole).Names);
        int told = 0;
        for (int length = 16; length < trace.Length; length += 5)
        {
            EventCounts counts = new();
            try
            {
                TraceReader reader = TraceFixtures.ReadAll(new MemoryStream(trace, 0, length), counts);
                Assert.Equal(length, Assert.IsType<TraceTruncation>(reader.Truncation).Offset);
                Assert.Equal(expected, counts.Describe(reader.Names));
                told++;
            }
            catch (TraceFormatException cut)
            {
                // Until the frequency of the clock is there nothing can be told; after it, everything but stacks.
                Assert.Equal(0, told);
                Assert.Equal(0, counts.Events);
                Assert.Equal(length, cut.Offset);
                Assert.Contains("cut short", cut.Reason, StringComparison.Ordinal);
            }
        }

        Assert.True(told > 20);
    }

    [Theory]
    [InlineData("1.19")]
    [InlineData("1.21")]
    public void A_flipped_bit_gives_an_error_with_its_place_or_a_trace(string version)
    {
        byte[] trace = TraceV1Fixtures.Sample(version);
        Random random = new(19);
        int refused = 0;
        for (int round = 0; round < 1500; round++)
        {
            int place = random.Next(16, trace.Length);
            byte before = trace[place];
            trace[place] ^= (byte)(1 << random.Next(8));
            try
            {
                TraceFixtures.ReadAll(new MemoryStream(trace), new EventCounts());
            }
            catch (TraceFormatException damaged)
            {
                refused++;
                Assert.InRange(damaged.Offset!.Value, 16, trace.Length);
            }

            trace[place] = before;
        }

        Assert.InRange(refused, 100, 1400);
    }

    [Theory]
    [InlineData(10)]
    [InlineData(18)]
    [InlineData(20)]
    public void A_version_that_no_Go_writes_is_refused(int version)
    {
        TraceFormatException unknown = Assert.Throws<TraceFormatException>(() => Read(new V1TraceBuilder(version).Begin().End()));
        Assert.Equal(0, unknown.Offset);
        Assert.Contains($"go 1.{version}", unknown.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Go_1_11_traces_are_read() => Read(new V1TraceBuilder(11).Begin().End());

    public static TheoryData<string, int, string> Broken()
    {
        TheoryData<string, int, string> broken = [];
        Add(b => b.Event(GoSched, 1, 0), 16, "before the first batch");
        Add(b => b.Batch(0, 1).Raw(0), 19, "type 0");
        Add(b => b.Batch(0, 1).Raw(60), 19, "type 60");
        Add(b => b.Raw(1).Numbers(1), 16, "head of a batch has 1 numbers");
        Add(b => b.Batch(1UL << 40, 1), 16, "P 1099511627776");
        Add(b => b.Batch(0, 1).Raw(37).Numbers(0, 1).Raw(65), 19, "number 0");
        Add(b => b.String(5, "a").String(5, "b"), 20, "second string has the number 5");
        Add(b => b.Raw(37).Numbers(1, 0), 16, "string has 0 bytes");
        Add(b => b.Raw(37).Numbers(1, 1UL << 62), 16, "string has 4611686018427387904 bytes");
        Add(b => b.Batch(0, 1).Raw(GoSched | 3 << 6).Numbers(1UL << 62), 19, "4611686018427387904 bytes long");
        Add(b => b.Batch(0, 1).Raw(GoSched | 3 << 6, 1, 0x80), 19, "beyond its length");
        Add(b => b.Batch(0, 1).Raw(GoSched, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0x01), 20, "more than 64 bits");
        Add(b => b.Batch(0, 1).Event(GoSched, 1), 19, "GoSched event has 1 numbers, not 2");
        Add(b => b.Batch(0, 1).Event(Stack, 1, 1UL << 60), 19, "1152921504606846976 frames");
        Add(b => b.Batch(0, 1).Event(Stack, 1, 2, 3), 19, "stack of 2 frames has 3 numbers");
        Add(b => b.Batch(0, 1).Event(Frequency, 0), 19, "0 ticks a second");
        Add(b => b.Batch(0, 1).Event(Frequency, 1UL << 63), 19, "ticks a second");
        Add(b => b.Begin().Event(GoStart, 1, 9, 5), 36, "can never come");
        Add(b => b.Begin().Event(ProcStart, 1, 8), 36, "a P starts that runs already");
        Add(b => b.Begin().Event(ProcStop, 1), 36, "a P stops while it runs");
        Add(b => b.Begin().Event(GoUnblock, 1, 1, 2, 0), 36, "can never come");
        Add(b => b.Begin().Event(GoSysExit, 1, 1, 2, 3), 36, "can never come");
        Add(b => b.Begin().Event(GoSysBlock, 1).Event(GoSysExit, 1, 1, 2, 3), 38, "times contradict");
        Add(b => b.Begin().Event(GoCreate, 10, 2, 0, 0).Batch(1, 1005).Event(GoStart, 0, 2, 1), 46, "times contradict");
        Add(b => b.Begin().Event(GoWaiting, 1, 1), 36, "can never come");
        Add(b => b.Begin().Event(UserRegion, 1, 0, 2, 0, 0), 36, "mode 2");
        Add(b => b.Begin().Event(UserRegion, 1, 0, 0, 77, 0), 36, "string 77");
        Add(b => b.Begin().Event(UserTaskCreate, 1, 4, 0, 0, 0).Event(UserTaskCreate, 1, 4, 0, 0, 0), 43, "task 4 begins a second time");
        return broken;

        void Add(Action<V1TraceBuilder> write, int offset, string reason)
        {
            V1TraceBuilder builder = new();
            write(builder);
            broken.Add(Convert.ToHexString(builder.End()), offset, reason);
        }
    }

    [Theory]
    [MemberData(nameof(Broken))]
    public void What_is_wrong_is_told_with_its_place(string trace, int offset, string reason)
    {
        TraceFormatException broken = Assert.Throws<TraceFormatException>(() => Read(Convert.FromHexString(trace)));
        Assert.Contains(reason, broken.Reason, StringComparison.Ordinal);
        Assert.Equal(offset, broken.Offset);
    }

    [Fact]
    public void More_bytes_than_allowed_are_refused_before_they_are_taken_in()
    {
        TraceFormatException tooLarge = Assert.Throws<TraceFormatException>(() => Read(new EndlessStream(), new TraceLimits { MaxGenerationBytes = 1 << 20 }));
        Assert.Equal(1 << 20, tooLarge.Offset);
        Assert.Contains("1048576 bytes", tooLarge.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Tables_and_goroutines_are_limited()
    {
        V1TraceBuilder strings = new V1TraceBuilder().Batch(0, 1);
        for (ulong id = 1; id <= 11; id++) strings.String(id, "x");
        V1TraceBuilder goroutines = new V1TraceBuilder().Begin();
        for (ulong id = 2; id <= 300; id++) goroutines.Event(GoCreate, 1, id << 40, 0, 0);
        TraceLimits limits = new() { MaxTableEntries = 10, MaxLive = 280 };

        Assert.Contains("more than 10 strings", Assert.Throws<TraceFormatException>(() => Read(new MemoryStream(strings.End()), limits)).Reason, StringComparison.Ordinal);
        Assert.Contains("more than 280 goroutines", Assert.Throws<TraceFormatException>(() => Read(new MemoryStream(goroutines.End()), limits)).Reason, StringComparison.Ordinal);
    }

    /// <summary>Each of many Ps waits for the same goroutine: one step of it must not look at all of them.</summary>
    [Fact]
    public void Many_Ps_that_wait_for_one_goroutine_cost_no_more_than_they_are()
    {
        const ulong Procs = 60_000;
        V1TraceBuilder builder = new V1TraceBuilder().Begin();
        for (int i = 0; i < 200_000; i++) builder.Event(GoSched, 1, 0).Event(GoStartLocal, 1, 1);
        for (ulong proc = 1; proc <= Procs; proc++) builder.Batch(proc, 1000).Event(GoStart, 1, 1, 1UL << 40);
        Assert.Contains("can never come", Assert.Throws<TraceFormatException>(() => Read(builder.End())).Reason, StringComparison.Ordinal);
    }

    private static void Read(byte[] trace) => Read(new MemoryStream(trace), TraceLimits.Default);

    private static void Read(Stream trace, TraceLimits limits) => TraceFixtures.ReadAll(trace, new EventCounts(), limits);

    /// <summary>A header, and then as many zero bytes as anybody asks for.</summary>
    private sealed class EndlessStream : Stream
    {
        private long _position;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => _position;
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            Assert.True(_position < 4 << 20, "it reads on and on");
            byte[] header = new V1TraceBuilder().ToArray();
            for (int i = 0; i < count; i++, _position++) buffer[offset + i] = _position < header.Length ? header[_position] : (byte)0;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
