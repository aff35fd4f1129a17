using CsCheck;
using GoTop.Engine.Model;
using GoTop.Engine.Recording;
using Xunit;

namespace GoTop.Tests.Recording;

public sealed class SampleCodecTests
{
    [Fact]
    public void Every_field_of_every_sample_comes_back_exactly() =>
        SampleBuilder.Samples.Sample(
            sample => Assert.Equal(SampleText.Of(sample), SampleText.Of(There_and_back(sample))), iter: 150);

    [Fact]
    public void The_comparison_sees_a_difference_in_any_field()
    {
        Sample one = RecordedSamples.At(7, Reading.Of(RecordedSamples.Goroutines(5)));
        Assert.NotEqual(SampleText.Of(one), SampleText.Of(one with { MonotonicNanoseconds = 1 }));
        Assert.NotEqual(SampleText.Of(one), SampleText.Of(one with { Facts = one.Facts with { Process = one.Facts.Process.AsStale("late") } }));
        Assert.NotEqual(SampleText.Of(one), SampleText.Of(one with { Facts = one.Facts with { Goroutines = Reading.Of(RecordedSamples.Goroutines(5, seed: 2)) } }));
    }

    [Fact]
    public void A_hundred_thousand_goroutines_cost_less_than_400_KB()
    {
        GoroutineTable table = RecordedSamples.Goroutines(100_000);
        long start = TimeProvider.System.GetTimestamp();
        byte[] block = SampleCodec.EncodeGoroutines(table, 1);
        double encoding = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        start = TimeProvider.System.GetTimestamp();
        GoroutineTable back = SampleCodec.DecodeGoroutines(block, 1);
        double decoding = TimeProvider.System.GetElapsedTime(start).TotalMilliseconds;
        TestContext.Current.TestOutputHelper?.WriteLine($"{block.Length} bytes, {encoding:F1} ms there, {decoding:F1} ms back");
        Assert.InRange(block.Length, 1, 400_000);
        Assert.Equal(table.Rows, back.Rows);
    }

    [Fact]
    public void A_tick_without_goroutines_costs_little()
    {
        byte[] block = SampleCodec.EncodeFacts(RecordedSamples.At(1000), 1, RecordedSamples.Target);
        TestContext.Current.TestOutputHelper?.WriteLine($"{block.Length} bytes");
        Assert.InRange(block.Length, 1, 4096);
    }

    [Fact]
    public void A_flipped_bit_is_always_noticed()
    {
        byte[] facts = SampleCodec.EncodeFacts(RecordedSamples.At(3), 1, RecordedSamples.Target);
        byte[] goroutines = SampleCodec.EncodeGoroutines(RecordedSamples.Goroutines(50), 1);
        for (int bit = 0; bit < facts.Length * 8; bit += 7) Assert.Throws<InvalidDataException>(() => Facts(Flip(facts, bit)));
        for (int bit = 0; bit < goroutines.Length * 8; bit += 7) Assert.Throws<InvalidDataException>(() => SampleCodec.DecodeGoroutines(Flip(goroutines, bit), 1));
    }

    [Fact]
    public void Bytes_of_another_tick_are_refused()
    {
        byte[] facts = SampleCodec.EncodeFacts(RecordedSamples.At(3), 3, RecordedSamples.Target);
        Assert.Throws<InvalidDataException>(() => SampleCodec.DecodeFacts(facts, 4, RecordedSamples.Target, () => throw new InvalidDataException("none"), capture => capture, trace => trace));
        Assert.Equal(3_000_000_000, SampleCodec.DecodeFacts(facts, 3, RecordedSamples.Target, () => throw new InvalidDataException("none"), capture => capture, trace => trace).MonotonicNanoseconds);
    }

    [Fact]
    public void Blocks_cut_short_are_refused()
    {
        byte[] goroutines = SampleCodec.EncodeGoroutines(RecordedSamples.Goroutines(20), 1);
        for (int length = 0; length < goroutines.Length; length++) Assert.Throws<InvalidDataException>(() => SampleCodec.DecodeGoroutines(goroutines.AsSpan(0, length), 1));
    }

    [Fact]
    public void A_made_up_table_with_a_right_checksum_is_sound_or_refused()
    {
        byte[] good = GoroutineColumns.Write(RecordedSamples.Goroutines(30));
        Gen.Select(Gen.Int[0, good.Length - 1], Gen.Byte, Gen.Int[0, good.Length]).Sample((at, value, length) =>
        {
            byte[] bad = [.. good];
            bad[at] = value;
            try
            {
                GoroutineTable table = SampleCodec.DecodeGoroutines(CompressedBlock.Pack(bad.AsSpan(0, length % 3 == 0 ? length : bad.Length), 1, 1), 1);
                Assert.All(table.Rows, row =>
                {
                    Assert.InRange(row.WaitReason, 0, table.WaitReasons.Length - 1);
                    Assert.InRange(row.CreatedBy, -1, table.Locations.Length - 1);
                    Assert.InRange(row.StartFunction, -1, table.Locations.Length - 1);
                    Assert.InRange(row.Stack, -1, table.Stacks.Length - 1);
                });
                if (table.LabelSets.TryGet(out var sets)) Assert.All(table.Rows, row => Assert.InRange(row.Labels, -1, sets.Length - 1));
                if (table.Waits.TryGet(out GoroutineWaits? waits))
                {
                    Assert.All(waits.Waits, wait => Assert.InRange(wait.Row, 0, table.Rows.Length - 1));
                    Assert.All(waits.Waits, wait => Assert.InRange(wait.WaitsOn, 0, waits.Objects.Length - 1));
                    Assert.All(waits.Objects, thing => Assert.InRange(thing.ElementType, 0, waits.ElementTypes.Length - 1));
                }

                Assert.All(table.Stacks, stack => Assert.All(stack, frame => Assert.InRange(frame, 0, table.Locations.Length - 1)));
            }
            catch (InvalidDataException)
            {
                // Refused: as good.
            }
        }, iter: 1500);
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("null")]
    [InlineData("[")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":null,"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"Process":[1]},"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"Process":[1,null,null]},"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"Process":[9]},"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"Runtime":{"Threads":[1,null,1,2]}},"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"Runtime":{"SchedulingLatency":[1,null,[[1,2],[1]]]}},"Sources":[]}""")]
    [InlineData("""{"Time":"2026-11-23T12:00:00+00:00","MonotonicNanoseconds":1,"Facts":{"LogLines":null},"Sources":[]}""")]
    public void Made_up_facts_are_refused(string json) =>
        Assert.Throws<InvalidDataException>(() => Facts(CompressedBlock.Pack(System.Text.Encoding.UTF8.GetBytes(json), 1, 1)));

    [Fact]
    public void A_length_beyond_the_limit_is_refused_before_memory_is_taken()
    {
        byte[] huge = new byte[CompressedBlock.MaxBytes + 1];
        Assert.Throws<InvalidDataException>(() => CompressedBlock.Pack(huge, 1, 1));
    }

    private static Sample There_and_back(Sample sample)
    {
        byte[]? goroutines = sample.Facts.Goroutines.TryGet(out GoroutineTable? table) ? SampleCodec.EncodeGoroutines(table, 1) : null;
        Dictionary<(ProfileKind, long), byte[]> captures = [];
        foreach (ProfileKind kind in ProfileCaptures.Kinds)
        {
            if (sample.Facts.ProfileCaptures[kind].TryGet(out ProfileCapture? capture)) captures[(capture.Kind, capture.ReadAtNanoseconds)] = SampleCodec.EncodeCapture(capture, 1);
        }

        byte[]? report = sample.Facts.Trace.TryGet(out TraceBurst? burst) ? TraceReportCodec.Encode(burst.Report, 1) : null;
        return SampleCodec.DecodeFacts(
            SampleCodec.EncodeFacts(sample, 1, RecordedSamples.Target), 1, RecordedSamples.Target, () => SampleCodec.DecodeGoroutines(goroutines!, 1),
            capture => capture with { Content = SampleCodec.DecodeCapture(captures[(capture.Kind, capture.ReadAtNanoseconds)], 1) },
            trace => trace with { Report = TraceReportCodec.Decode(report!, 1) });
    }

    private static Sample Facts(byte[] block) => SampleCodec.DecodeFacts(block, 1, RecordedSamples.Target, () => throw new InvalidDataException("none"), capture => capture, trace => trace);

    private static byte[] Flip(byte[] block, int bit)
    {
        byte[] flipped = [.. block];
        flipped[bit / 8] ^= (byte)(1 << (bit % 8));
        return flipped;
    }
}
