using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Analysis.Goroutines;

public sealed class LabelCountsTests
{
    [Fact]
    public void Each_label_counts_its_goroutines_and_what_they_do()
    {
        GoroutineTable table = GoroutineTables.Leak(30, 1_000_000_000_000_000);
        ImmutableArray<LabelledGoroutines> labels = LabelCounts.Of(table, table.LabelSets.Value);
        Assert.Equal(
            [("endpoint", "POST /orders", 30), ("tenant", "acme", 20), ("tenant", "globex", 10), ("worker", "queue", 6)],
            labels.Select(label => (label.Label.Key, label.Label.Value, label.Count)));
        Assert.Equal([(GoroutineState.Waiting, "sync.Mutex.Lock", 6)], labels[3].States);
    }
}
