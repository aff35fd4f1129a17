using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Windows.PerformanceData;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.PerformanceCounters;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Platform.Windows;

/// <summary>What is made of the answers of pdh.dll; the answers are those of its documentation.</summary>
public sealed class PerformanceCounterTests
{
    private const uint NoCounter = 0xC0000BB9, NoInstance = 0x800007D1, InvalidData = 0xC0000BC6;

    [Fact]
    public void A_rate_is_there_from_the_second_reading_on()
    {
        FakeData data = new();
        using PerformanceCounterQuery query = new(data, [@"\Memory\Pages/sec"]);
        data.Answers[@"\Memory\Pages/sec"] = (InvalidData, 0, 0);
        Assert.Equal(ReadingState.NotYet, Assert.Single(query.Read()).Value.State);
        data.Answers[@"\Memory\Pages/sec"] = (0, 0, 12.5);
        SystemCounter counter = Assert.Single(query.Read());
        Assert.Equal((@"\Memory\Pages/sec", 12.5), (counter.Path, counter.Value.Value));
        Assert.Equal(1, data.Added);
    }

    [Fact]
    public void One_that_is_not_there_takes_nothing_from_the_others_and_is_tried_again()
    {
        FakeData data = new();
        using PerformanceCounterQuery query = new(data, [@"\Process(shop)\Handle Count", @"\Memory\Available Bytes"]);
        data.NotThere[@"\Process(shop)\Handle Count"] = NoInstance;
        data.Answers[@"\Memory\Available Bytes"] = (0, 1, 4096);
        ImmutableArray<SystemCounter> counters = query.Read();
        Assert.Equal((ReadingState.NotSupported, "there is no such instance at present"), (counters[0].Value.State, counters[0].Value.Reason));
        Assert.Equal(4096, counters[1].Value.Value);

        data.NotThere.Clear();
        data.Answers[@"\Process(shop)\Handle Count"] = (0, 0, 77);
        Assert.Equal(77, query.Read()[0].Value.Value);
    }

    [Fact]
    public void What_is_no_number_and_what_is_not_known_say_so()
    {
        FakeData data = new();
        using PerformanceCounterQuery query = new(data, ["a", "b", "c"]);
        data.NotThere["a"] = NoCounter;
        data.Answers["b"] = (0, 0, double.NaN);
        data.Answers["c"] = (0, NoInstance, 5);
        ImmutableArray<SystemCounter> counters = query.Read();
        Assert.Equal(["its object has no such counter", "the system gave no number", "there is no such instance at present"], counters.Select(counter => counter.Value.Reason));
    }

    [Fact]
    public async Task They_are_facts_of_a_target_of_this_machine_only()
    {
        TargetContext context = new(new TargetIdentity { Name = "shop", Process = new ProcessKey(1, 1) }, new FakePlatform(), Engine.Config.TargetSettings.Default, TimeProvider.System);
        Assert.Null(PerformanceCounterSource.Create(context));
        await using PerformanceCounterSource source = Assert.IsType<PerformanceCounterSource>(PerformanceCounterSource.Create(context with { CounterPaths = [@"\Memory\Pages/sec"] }));
        SourceResult result = await source.ReadAsync(Interest.None, TestContext.Current.CancellationToken);
        Assert.Equal((SourceState.NotSupported, "performance counters are Windows'"), (result.State, result.Reason));
        Assert.Null(PerformanceCounterSource.Create(context with { CounterPaths = [@"\Memory\Pages/sec"], Target = new TargetIdentity { Name = "shop" } }));
    }

    /// <summary>Wine has next to none, and says so as Windows does.</summary>
    [Fact]
    public void An_unknown_counter_is_refused_by_the_system_itself()
    {
        WindowsOnly.Require();
        if (!OperatingSystem.IsWindows()) return;
        using PerformanceCounterQuery query = new(LivePerformanceData.Open().Value, [@"\No Such Object\No Such Counter"]);
        Assert.Equal(ReadingState.NotSupported, Assert.Single(query.Read()).Value.State);
    }

    private sealed class FakeData : IPerformanceData
    {
        private readonly List<string> _paths = [];

        public Dictionary<string, (uint Status, uint CounterStatus, double Value)> Answers { get; } = [];

        public Dictionary<string, uint> NotThere { get; } = [];

        public int Added => _paths.Count;

        public uint Add(string path, out nint counter)
        {
            counter = _paths.Count;
            if (NotThere.TryGetValue(path, out uint status)) return status;
            _paths.Add(path);
            return 0;
        }

        public uint Collect() => 0;

        public uint Format(nint counter, out uint counterStatus, out double value)
        {
            (uint status, counterStatus, value) = Answers[_paths[(int)counter]];
            return status;
        }

        public void Dispose()
        {
        }
    }
}
