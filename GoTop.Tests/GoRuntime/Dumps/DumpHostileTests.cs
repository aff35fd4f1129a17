using System.Text;
using CsCheck;
using GoTop.Engine.GoRuntime.Dumps;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.GoRuntime.Dumps;

/// <summary>Texts made to harm: nothing may throw, hang, or be kept without bound.</summary>
public sealed class DumpHostileTests
{
    private const int Rounds = 3000;

    private static readonly byte[][] Texts =
    [
        DumpFixtures.Read("go1.27", "dump-labels"), DumpFixtures.Read("go1.19", "sigquit"), DumpFixtures.Read("go1.25", "counts"), DumpFixtures.Read("go1.22", "nested"),
    ];

    [Fact]
    public void A_damaged_text_gives_a_sound_dump_or_a_reason() => Gen.Select(Gen.Int[0, Texts.Length - 1], Gen.Int[0, 1 << 30], Gen.Int[0, 1 << 30], Gen.Int[0, 3], Gen.Select(Gen.Int[0, 1 << 30], Gen.Byte).Array[0, 8])
        .Sample((which, from, to, kind, changes) =>
        {
            byte[] text = [.. Texts[which]];
            foreach ((int at, byte value) in changes) text[at % text.Length] = value;
            int low = Math.Min(from % text.Length, to % text.Length), high = Math.Max(from % text.Length, to % text.Length);
            AssertSound(GoroutineDumpReader.Read(kind switch
            {
                0 => text[..low],
                1 => [.. text[..low], .. text[high..]],
                2 => [.. text[..high], .. text[low..]],
                _ => text,
            }));
        }, iter: Rounds);

    [Theory]
    [InlineData("")]
    [InlineData("goroutine 1 [running]:\nmain.f(")]
    [InlineData("goroutine 1 [")]
    [InlineData("goroutine 1 [running] {a: ")]
    [InlineData("panic: ")]
    [InlineData("goroutine profile: total 1\n1 @")]
    public void A_line_of_100_MB_costs_no_more_than_a_buffer(string before)
    {
        byte[] part = Encoding.UTF8.GetBytes(new string('x', 1 << 20));
        long allocated = GC.GetAllocatedBytesForCurrentThread();
        using ConcatenatedStream text = new([Encoding.UTF8.GetBytes(before), .. Enumerable.Repeat(part, 100), Encoding.UTF8.GetBytes("\n\ngoroutine 7 [select]:\nmain.main()\n\t/x.go:1 +0x1\n")]);
        GoroutineDump dump = GoroutineDumpReader.Read(text, TestContext.Current.CancellationToken).Value;

        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - allocated, 0, 2 << 20);
        Assert.Contains(dump.Rows, row => row.Id == 7 && dump.Locations[dump.Stacks[row.Stack].Frames[0]].Function == "main.main");
        Assert.Contains(dump.Problems, problem => problem.Contains("longer than 64 KB", StringComparison.Ordinal));
        Assert.Equal((100 << 20) + before.Length + 50, dump.TextBytes);
        AssertSound(Reading.Of(dump));
    }

    [Fact]
    public void More_distinct_frames_than_are_kept_are_counted()
    {
        // Each goroutine stands somewhere else.
        using ConcatenatedStream text = new(Enumerable.Range(0, 300_000).Select(i => Encoding.UTF8.GetBytes($"goroutine {i + 1} [select]:\nmain.f{i}(0x1)\n\t/x.go:{i + 1} +0x1\n\n")));
        GoroutineDump dump = GoroutineDumpReader.Read(text, TestContext.Current.CancellationToken).Value;

        Assert.Equal(300_000, dump.Rows.Length);
        Assert.InRange(dump.Locations.Length, 1, DumpLimits.DistinctFrames + 1);
        Assert.Contains(dump.Problems, problem => problem.StartsWith($"{300_000 - DumpLimits.DistinctFrames} frames", StringComparison.Ordinal));
        Assert.Equal("(one of too many distinct frames)", dump.Locations[dump.Stacks[dump.Rows[^1].Stack].Frames[0]].Function);
    }

    [Fact]
    public void Frames_without_end_are_elided()
    {
        using ConcatenatedStream text = new(
            [Encoding.UTF8.GetBytes("goroutine 1 [select]:\n"), .. Enumerable.Range(0, 50_000).Select(i => Encoding.UTF8.GetBytes($"main.f{i % 3}(0x1)\n\t/x.go:{i % 2 + 1} +0x1\n"))]);
        GoroutineDump dump = GoroutineDumpReader.Read(text, TestContext.Current.CancellationToken).Value;

        DumpedFrames stack = dump.Stacks[Assert.Single(dump.Rows).Stack];
        Assert.Equal((DumpLimits.FramesOfStack, DumpLimits.FramesOfStack, null), (stack.Frames.Length, stack.ElidedAfter, stack.ElidedFrames));
    }

    [Fact]
    public void Counts_that_no_program_can_have_are_left_out()
    {
        GoroutineDump dump = DumpFixtures.Parse("goroutine profile: total 9\n9223372036854775807 @ 0x1\n#\t0x1\tmain.f+0x1\t/x.go:1\n\n9 @ 0x2\n\n");
        Assert.Equal(9, Assert.Single(dump.Rows).Count);
        Assert.Equal(9, dump.Goroutines);
        Assert.Contains("2 lines of the goroutine profile cannot be read", dump.Problems);
    }

    private static void AssertSound(Reading<GoroutineDump> read)
    {
        if (!read.TryGet(out GoroutineDump? dump))
        {
            Assert.NotEmpty(read.Reason!);
            return;
        }

        foreach (Engine.GoRuntime.Dumps.DumpedGoroutine row in dump.Rows)
        {
            Assert.InRange(row.Stack, -1, dump.Stacks.Length - 1);
            Assert.InRange(row.Status, -1, dump.Statuses.Length - 1);
            Assert.InRange(row.Labels, -1, dump.LabelSets.Length - 1);
            Assert.InRange(row.CreatedBy, -1, dump.Locations.Length - 1);
            Assert.True(row.Count > 0 && row.WaitMinutes >= 0 && row.Id >= 0 && row.ParentId >= 0);
        }

        Assert.All(dump.Stacks, stack => Assert.All(stack.Frames, frame => Assert.InRange(frame, 0, dump.Locations.Length - 1)));
        Assert.True(dump.Goroutines >= dump.Rows.Length);
    }

    private sealed class ConcatenatedStream(IEnumerable<byte[]> parts) : Stream
    {
        private readonly IEnumerator<byte[]> _parts = parts.GetEnumerator();
        private ReadOnlyMemory<byte> _part;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count)
        {
            while (_part.IsEmpty)
            {
                if (!_parts.MoveNext()) return 0;
                _part = _parts.Current;
            }

            int read = Math.Min(count, _part.Length);
            _part.Span[..read].CopyTo(buffer.AsSpan(offset));
            _part = _part[read..];
            return read;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        protected override void Dispose(bool disposing)
        {
            if (disposing) _parts.Dispose();
            base.Dispose(disposing);
        }
    }
}
