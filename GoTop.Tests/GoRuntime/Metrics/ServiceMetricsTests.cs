using System.Globalization;
using System.Text;
using GoTop.Engine.GoRuntime.Metrics;
using GoTop.Engine.Model;
using Xunit;

namespace GoTop.Tests.GoRuntime.Metrics;

public sealed class ServiceMetricsTests
{
    [Theory]
    [InlineData("client_golang-go1.27")]
    [InlineData("client_golang-go1.22.openmetrics")]
    public void A_real_page_gives_the_runtime_the_process_and_the_requests(string name)
    {
        byte[] page = ExpositionParserTests.Capture(name);
        Dictionary<string, double> told = Encoding.UTF8.GetString(page).Split('\n').Where(line => line.Length > 0 && line[0] != '#' && !line.Contains('{', StringComparison.Ordinal))
            .Select(line => line.Split(' ')).ToDictionary(parts => parts[0], parts => double.Parse(parts[1], CultureInfo.InvariantCulture));
        (ServiceCounters service, RuntimeCounters runtime) = Read(page);

        Assert.Equal(name.Contains("1.27", StringComparison.Ordinal) ? "go1.27.4" : "go1.22.12", runtime.GoVersion.Value);
        Assert.Equal((long)told["go_goroutines"], runtime.Goroutines.Value);
        Assert.Equal((int)told["go_threads"], runtime.Threads.Value);
        Assert.Equal((int)told["go_sched_gomaxprocs_threads"], runtime.Gomaxprocs.Value);
        Assert.Equal((100, long.MaxValue), (runtime.GcPercent.Value, runtime.MemoryLimitBytes.Value));
        Assert.Equal((long)told["go_memstats_heap_alloc_bytes"], runtime.HeapLiveBytes.Value);
        Assert.Equal((long)told["go_memstats_next_gc_bytes"], runtime.HeapGoalBytes.Value);
        Assert.Equal((long)told["go_memstats_alloc_bytes_total"], runtime.TotalAllocBytes.Value);
        Assert.Equal((long)told["go_memstats_mallocs_total"], runtime.Mallocs.Value);
        Assert.Equal((long)told["go_gc_duration_seconds_count"], runtime.GcCycles.Value);
        Assert.Equal((long)Math.Round(told["go_gc_duration_seconds_sum"] * 1e9), runtime.PauseTotalNanoseconds.Value);
        Assert.Equal((long)Math.Round(told["go_cpu_classes_gc_total_cpu_seconds_total"] * 1e9), runtime.GcCpuNanoseconds.Value);
        MemoryClasses memory = runtime.Memory.Value;
        Assert.Equal((long)told["go_memstats_sys_bytes"], memory.Sys);
        Assert.Equal(memory.Sys, memory.HeapSys + memory.StackInUse + memory.Other);
        Assert.Equal((long)told["go_sched_latencies_seconds_count"], runtime.SchedulingLatency.Value.Total);
        Assert.Equal(0, runtime.SchedulingLatency.Value.LowerBoundsNanoseconds[0]);
        Assert.Equal(runtime.SchedulingLatency.Value.LowerBoundsNanoseconds.Order(), runtime.SchedulingLatency.Value.LowerBoundsNanoseconds);
        Assert.Contains(64, runtime.SchedulingLatency.Value.LowerBoundsNanoseconds);
        Assert.Equal(0, runtime.GcStopTheWorld.Value.Total);
        Assert.Equal("/metrics does not tell of Ps; reading the process's memory does", runtime.Procs.Reason);

        // Twenty requests to /ok, three to /slow and three to /fail.
        RequestCounters http = service.Http.Value;
        Assert.Equal(("http_requests_total", 26L, 3L), (http.Metric, http.Total, http.Failed.Value));
        Assert.Equal(("http_request_duration_seconds", 26L), (http.Times.Value.Metric, http.Times.Value.Count));
        Assert.InRange(http.Times.Value.SumNanoseconds, 180_000_000, 400_000_000);
        Assert.Equal(26, http.Times.Value.Histogram.Value.Total);
        Assert.Equal(5_000_000, http.Times.Value.Histogram.Value.LowerBoundsNanoseconds[1]);
        Assert.Equal(ReadingState.NotSupported, service.Grpc.State);
        Assert.Equal((long)told["process_resident_memory_bytes"], service.Process.Value.ResidentBytes.Value);
        Assert.Equal((int)told["process_open_fds"], service.Process.Value.Handles.Value);
        Assert.Equal((long)told["process_max_fds"], service.Process.Value.HandleLimit.Value);
    }

    [Theory]
    [InlineData("http_requests_total{code=\"200\"} 7\nhttp_requests_total{code=\"503\"} 2\n", "http_requests_total", 9, 2)]
    [InlineData("shop_http_requests_total{status=\"2xx\"} 7\nshop_http_requests_total{status=\"5XX\"} 2\n", "shop_http_requests_total", 9, 2)]
    [InlineData("http_requests_total{handler=\"/\"} 7\n", "http_requests_total", 7, null)]
    [InlineData("http_requests_total{code=\"OK\"} 7\n", "http_requests_total", 7, null)]
    [InlineData("http_server_request_duration_seconds_count{http_response_status_code=\"500\"} 4\nhttp_server_request_duration_seconds_sum 2\nhttp_requests_total 99\n", "http_server_request_duration_seconds_count", 4, 4)]
    [InlineData("http_server_duration_milliseconds_count{http_status_code=\"404\"} 4\n", "http_server_duration_milliseconds_count", 4, 0)]
    [InlineData("http_request_duration_seconds_count{status_code=\"502\"} 1\n", "http_request_duration_seconds_count", 1, 1)]
    [InlineData("gin_requests_total{code=\"200\",url=\"/a\"} 5\n", "gin_requests_total", 5, 0)]
    [InlineData("apiserver_request_total{code=\"500\"} 5\n", "apiserver_request_total", 5, 5)]
    [InlineData("loki_request_duration_seconds_count{status_code=\"200\"} 5\n", "loki_request_duration_seconds_count", 5, 0)]
    [InlineData("b_http_requests_total 1\na_http_requests_total 2\n", "a_http_requests_total", 2, null)]
    [InlineData("http_requests_total 1e3\n", "http_requests_total", 1000, null)]
    [InlineData("# TYPE http_requests_total gauge\nhttp_requests_total 1\n", null, 0, null)]
    [InlineData("jobs_requests_total{queue=\"a\"} 5\n", null, 0, null)]
    [InlineData("http_client_requests_total{code=\"200\"} 5\nrest_client_requests_total{code=\"200\"} 5\n", null, 0, null)]
    [InlineData("promhttp_metric_handler_requests_total{code=\"200\"} 5\n", null, 0, null)]
    [InlineData("http_requests_total NaN\n", null, 0, null)]
    [InlineData("http_requests_total -1\n", null, 0, null)]
    [InlineData("http_requests_total 1e300\n", null, 0, null)]
    [InlineData("myhttp_requests_totals 5\nxhttp_requests_total 5\n", null, 0, null)]
    [InlineData("http_request_duration_seconds{quantile=\"0.5\"} 5\n", null, 0, null)]
    public void Requests_are_known_by_the_usual_names(string page, string? metric, long total, int? failed)
    {
        Reading<RequestCounters> http = Read(Encoding.UTF8.GetBytes(page)).Service.Http;
        if (metric is null)
        {
            Assert.Equal("/metrics has no metric that counts HTTP requests under a usual name", http.Reason);
            return;
        }

        Assert.Equal((metric, total), (http.Value.Metric, http.Value.Total));
        Assert.Equal(failed, http.Value.Failed.HasValue ? (int?)http.Value.Failed.Value : null);
    }

    [Theory]
    [InlineData("grpc_server_handled_total{grpc_code=\"OK\"} 5\ngrpc_server_handled_total{grpc_code=\"NotFound\"} 3\ngrpc_server_handled_total{grpc_code=\"Unavailable\"} 2\n", "grpc_server_handled_total", 10, 2)]
    [InlineData("rpc_server_duration_milliseconds_count{rpc_grpc_status_code=\"0\"} 5\nrpc_server_duration_milliseconds_count{rpc_grpc_status_code=\"13\"} 3\n", "rpc_server_duration_milliseconds_count", 8, 3)]
    [InlineData("rpc_server_call_duration_seconds_count{rpc_response_status_code=\"DEADLINE_EXCEEDED\"} 5\n", "rpc_server_call_duration_seconds_count", 5, 5)]
    [InlineData("grpc_server_call_duration_seconds_count{grpc_status=\"CANCELLED\"} 5\n", "grpc_server_call_duration_seconds_count", 5, 0)]
    public void Calls_are_known_by_the_usual_names(string page, string metric, long total, long failed)
    {
        RequestCounters grpc = Read(Encoding.UTF8.GetBytes(page)).Service.Grpc.Value;
        Assert.Equal((metric, total, failed), (grpc.Metric, grpc.Total, grpc.Failed.Value));
    }

    [Fact]
    public void Times_in_milliseconds_are_times_too()
    {
        RequestTimes times = Read("""
            http_server_duration_milliseconds_bucket{route="a",le="5"} 1
            http_server_duration_milliseconds_bucket{route="a",le="+Inf"} 2
            http_server_duration_milliseconds_bucket{route="b",le="5"} 3
            http_server_duration_milliseconds_bucket{route="b",le="+Inf"} 3
            http_server_duration_milliseconds_sum{route="a"} 20.5
            http_server_duration_milliseconds_sum{route="b"} 4
            http_server_duration_milliseconds_count{route="a"} 2
            http_server_duration_milliseconds_count{route="b"} 3

            """u8.ToArray()).Service.Http.Value.Times.Value;
        Assert.Equal(("http_server_duration_milliseconds", 5L, 24_500_000L), (times.Metric, times.Count, times.SumNanoseconds));
        Assert.Equal([0, 5_000_000], times.Histogram.Value.LowerBoundsNanoseconds);
        Assert.Equal([4, 1], times.Histogram.Value.Counts);
    }

    [Theory]
    [InlineData("d_bucket{le=\"1\"} 5\nd_bucket{le=\"2\"} 4\nd_bucket{le=\"+Inf\"} 5\n")]
    [InlineData("d_bucket{a=\"1\",le=\"1\"} 1\nd_bucket{a=\"1\",le=\"+Inf\"} 1\nd_bucket{a=\"2\",le=\"3\"} 1\nd_bucket{a=\"2\",le=\"+Inf\"} 1\n")]
    [InlineData("d_bucket{le=\"-1\"} 0\nd_bucket{le=\"+Inf\"} 1\n")]
    [InlineData("d_bucket{le=\"x\"} 0\nd_bucket{le=\"+Inf\"} 1\n")]
    [InlineData("d_bucket 0\n")]
    [InlineData("d_bucket{le=\"1\"} NaN\n")]
    [InlineData("d_bucket{le=\"1e300\"} 1\nd_bucket{le=\"+Inf\"} 1\n")]
    public void Buckets_that_contradict_one_another_give_no_histogram(string buckets)
    {
        RequestTimes times = Read(Encoding.UTF8.GetBytes(buckets.Replace("d_", "http_request_duration_seconds_", StringComparison.Ordinal) + "http_request_duration_seconds_sum 1\nhttp_request_duration_seconds_count 1\n")).Service.Http.Value.Times.Value;
        Assert.Equal(ReadingState.NotSupported, times.Histogram.State);
        Assert.Equal(1, times.Count);
    }

    [Fact]
    public void OpenTelemetry_s_runtime_metrics_are_known()
    {
        RuntimeCounters runtime = Read("""
            go_goroutine_count 31
            go_processor_limit 4
            go_config_gogc_percent 1.8446744073709552e+19
            go_memory_limit_bytes 1.073741824e+09
            go_memory_allocated_bytes_total 5e+06
            go_memory_gc_goal_bytes 4.2e+06
            go_schedule_duration_seconds_bucket{le="0.001"} 5
            go_schedule_duration_seconds_bucket{le="+Inf"} 6

            """u8.ToArray()).Runtime;
        Assert.Equal((31L, 4, -1, 1L << 30), (runtime.Goroutines.Value, runtime.Gomaxprocs.Value, runtime.GcPercent.Value, runtime.MemoryLimitBytes.Value));
        Assert.Equal((5_000_000L, 4_200_000L, 6L), (runtime.TotalAllocBytes.Value, runtime.HeapGoalBytes.Value, runtime.SchedulingLatency.Value.Total));
        Assert.Equal("/metrics does not tell NumGC", runtime.GcCycles.Reason);
    }

    [Fact]
    public void A_page_without_Go_s_metrics_says_nothing_of_the_runtime() =>
        Assert.Equal(ReadingState.NotYet, Read("http_requests_total 1\nprocess_cpu_seconds_total 1.5\n"u8.ToArray()).Runtime.Goroutines.State);

    [Fact]
    public void Figures_read_seldom_do_not_complete_those_of_another_source()
    {
        RuntimeCounters pprof = new() { ReadAtNanoseconds = 100, TotalAllocBytes = Reading.Of(1L), PauseTotalNanoseconds = Reading.NotSupported<long>("not told") };
        RuntimeCounters metrics = new()
        {
            ReadSeldom = true,
            ReadAtNanoseconds = 50,
            SchedulerReadAtNanoseconds = 50,
            TotalAllocBytes = Reading.Of(9L),
            PauseTotalNanoseconds = Reading.Of(9L),
            GcCpuNanoseconds = Reading.Of(9L),
            Gomaxprocs = Reading.Of(4),
        };
        RuntimeCounters both = pprof.Or(metrics);
        Assert.Equal((1L, "not told", 9L, 4), (both.TotalAllocBytes.Value, both.PauseTotalNanoseconds.Reason, both.GcCpuNanoseconds.Value, both.Gomaxprocs.Value));
        Assert.Equal((100L, 50L), (both.ReadAtNanoseconds, both.SchedulerReadAtNanoseconds));

        RuntimeCounters memory = new() { ReadAtNanoseconds = 100, SchedulerReadAtNanoseconds = 100, TotalAllocBytes = Reading.Of(1L), SchedulingLatency = Reading.Of(new TimeHistogram([0], [1])) };
        Assert.False(memory.Or(metrics).GcCpuNanoseconds.HasValue);
        Assert.Equal(100, memory.Or(metrics).SchedulerReadAtNanoseconds);
        Assert.Equal((9L, 9L, 50L), (new RuntimeCounters().Or(metrics).TotalAllocBytes.Value, new RuntimeCounters().Or(metrics).PauseTotalNanoseconds.Value, new RuntimeCounters().Or(metrics).ReadAtNanoseconds));
    }

    private static (ServiceCounters Service, RuntimeCounters Runtime) Read(byte[] page)
    {
        ServiceMetricsReader reader = new();
        ExpositionParser parser = new(reader);
        parser.Push(page);
        Assert.Null(parser.Finish());
        return (ServiceMetrics.Service(reader, "/metrics"), ServiceMetrics.Runtime(reader, "/metrics"));
    }
}
