using System.Collections.Immutable;
using CsCheck;
using GoTop.Engine.GoRuntime.Pprof;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.GoRuntime.Pprof;

/// <summary>Damaged pages: cut short, bytes changed, parts repeated. Nothing may throw, and nothing absurd may come out.</summary>
public sealed class PprofMutationTests
{
    private const int Rounds = 4000;

    private static readonly byte[] Index = PprofCapture.Read("go1.27-windows-wine", "index.html");
    private static readonly byte[] Vars = PprofCapture.Read("go1.19-linux", "vars.json");
    private static readonly byte[] HeapTail = PprofCapture.Read("go1.25-linux", "heap.1.txt")[^12_000..];

    [Fact]
    public void A_damaged_index_gives_counts_or_a_reason() => Mutations(Index).Sample(page =>
    {
        Reading<ImmutableSortedDictionary<string, long>> read = PprofIndexParser.Parse(page);
        if (read.TryGet(out ImmutableSortedDictionary<string, long>? profiles))
        {
            Assert.True(profiles.ContainsKey("goroutine"));
            Assert.All(profiles, profile => Assert.True(profile.Value >= 0 && !profile.Key.Any(char.IsControl)));
        }
        else
        {
            Assert.NotEmpty(read.Reason!);
        }
    }, iter: Rounds);

    [Fact]
    public void A_damaged_expvar_page_gives_figures_or_a_reason() =>
        Mutations(Vars).Sample(page => AssertSound(ExpvarParser.Parse(page, "/debug/vars")), iter: Rounds);

    [Fact]
    public void A_damaged_heap_text_gives_figures_or_a_reason() =>
        Mutations(HeapTail).Sample(page => AssertSound(MemStatsTextParser.Parse(page, "heap?debug=1")), iter: Rounds);

    private static void AssertSound(Reading<MemStats> read)
    {
        if (!read.TryGet(out MemStats? stats))
        {
            Assert.NotEmpty(read.Reason!);
            return;
        }

        RuntimeCounters counters = MemStatsCounters.From(stats);
        Assert.True(counters.GcCycles.Value >= 0);
        Assert.True(counters.HeapLiveBytes.Value >= 0);
        if (counters.Memory.TryGet(out MemoryClasses? memory)) Assert.Equal(memory.Sys, memory.HeapSys + memory.StackInUse + memory.Other);
        if (counters.RecentPausesNanoseconds.TryGet(out ImmutableArray<long> pauses)) Assert.True(pauses.Length <= 256 && pauses.All(pause => pause >= 0));
        if (counters.GcCpuFraction.TryGet(out double fraction)) Assert.InRange(fraction, 0, 1);
    }

    private static Gen<byte[]> Mutations(byte[] page) =>
        Gen.Select(Gen.Int[0, page.Length], Gen.Int[0, 3], Gen.Select(Gen.Int[0, page.Length - 1], Gen.Byte).Array[0, 8], Gen.Int[0, page.Length - 1], (cut, kind, changes, from) =>
        {
            byte[] changed = [.. page];
            foreach ((int at, byte value) in changes) changed[at] = value;
            return kind switch
            {
                0 => changed[..cut],
                1 => [.. changed[..Math.Max(cut, from)], .. changed[Math.Min(cut, from)..]],
                2 => [.. changed[..Math.Min(cut, from)], .. changed[Math.Max(cut, from)..]],
                _ => changed,
            };
        });
}
