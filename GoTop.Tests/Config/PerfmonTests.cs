using GoTop.Engine.Config;
using Xunit;

namespace GoTop.Tests.Config;

public sealed class PerfmonTests
{
    [Fact]
    public void Counters_are_read_in_their_order()
    {
        LoadedConfig loaded = Parse("""
            [perfmon]
            counters = ['\Memory\Pages/sec', '\PhysicalDisk(_Total)\Avg. Disk sec/Transfer', '\\web1\System\Threads']
            """);
        Assert.Empty(loaded.Problems);
        Assert.Equal([@"\Memory\Pages/sec", @"\PhysicalDisk(_Total)\Avg. Disk sec/Transfer", @"\\web1\System\Threads"], loaded.Config.PerformanceCounters);
    }

    [Theory]
    [InlineData(@"['Pages/sec']", "a counter's path is written as")]
    [InlineData(@"['\Memory']", "a counter's path is written as")]
    [InlineData(@"['\Memory\']", "a counter's path is written as")]
    [InlineData(@"['\Memory\Pages/sec', '\memory\pages/sec']", "stands in \"perfmon.counters\" twice")]
    public void What_is_no_path_is_a_problem_at_its_place(string counters, string problem)
    {
        LoadedConfig loaded = Parse("[perfmon]\ncounters = " + counters + "\n");
        ConfigProblem only = Assert.Single(loaded.Problems);
        Assert.Contains(problem, only.Message, StringComparison.Ordinal);
        Assert.Equal(2, only.Line);
    }

    private static LoadedConfig Parse(string text) => new ConfigLoader(ConfigVocabulary.Unchecked, _ => null).Parse(text, "gotop.toml");
}
