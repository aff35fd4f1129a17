using BenchmarkDotNet.Attributes;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Reports;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Bench.Profiles;

/// <summary>
/// The readers that could have been taken, side by side on the same bytes, under BenchmarkDotNet: ours, which keeps columns, and
/// Google.Protobuf's generated one, which makes an object of every message and still knows nothing of what its ids refer to.
/// </summary>
[MemoryDiagnoser]
public class ReaderBenchmarks
{
    private const string PathVariable = "GOTOP_BENCH_PROFILE";

    private byte[] _bytes = [];

    /// <param name="path">A profile that is not compressed.</param>
    internal static IReadOnlyList<ReaderComparison> Run(string path)
    {
        // BenchmarkDotNet makes the instances, so they are told this way.
        Environment.SetEnvironmentVariable(PathVariable, path);
        Job job = Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithWarmupCount(3).WithIterationCount(8).WithInvocationCount(1).WithUnrollFactor(1);
        IConfig config = ManualConfig.CreateEmpty().AddJob(job).AddLogger(NullLogger.Instance).AddColumnProvider(BenchmarkDotNet.Columns.DefaultColumnProviders.Instance)
            .WithArtifactsPath(Path.Combine(Path.GetDirectoryName(path)!, "BenchmarkDotNet")).WithOptions(ConfigOptions.DisableOptimizationsValidator);
        Summary summary = BenchmarkRunner.Run<ReaderBenchmarks>(config);
        return [.. summary.Reports.Select(Comparison)];
    }

    [GlobalSetup]
    public void Load() => _bytes = File.ReadAllBytes(Environment.GetEnvironmentVariable(PathVariable)!);

    [Benchmark(Description = "ours: ProfileReader")]
    public int Ours() => ProfileReader.Read(_bytes).SampleCount;

    [Benchmark(Description = "Google.Protobuf, messages only")]
    public int GoogleProtobuf() => Generated.Profile.Parser.ParseFrom(_bytes).Sample.Count;

    private static ReaderComparison Comparison(BenchmarkReport report)
    {
        BenchmarkDotNet.Mathematics.Statistics statistics = report.ResultStatistics
            ?? throw new InvalidOperationException($"{report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo} was not measured");
        return new ReaderComparison(
            report.BenchmarkCase.Descriptor.WorkloadMethodDisplayInfo, statistics.Mean / 1e6, statistics.StandardDeviation / 1e6,
            report.GcStats.GetBytesAllocatedPerOperation(report.BenchmarkCase) ?? double.NaN);
    }
}
