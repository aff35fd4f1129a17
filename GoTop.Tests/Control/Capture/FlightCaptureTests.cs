using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Platform.Unsupported;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace GoTop.Tests.Control.Capture;

public sealed class FlightCaptureTests : IDisposable
{
    private readonly DirectoryInfo _parent = Directory.CreateTempSubdirectory("gotop-flight-capture-");
    private readonly AwaitableTime _time = new();

    public void Dispose() => _parent.Delete(recursive: true);

    [Fact]
    public async Task What_the_flight_recorder_has_kept_is_saved_at_once()
    {
        FakeRecorder recorder = new(TimeSpan.FromSeconds(30)) { Covers = TimeSpan.FromSeconds(12.3) };
        CaptureItem item = await RunAsync(Context(FlightRecording(recorder)));
        Assert.Equal(CaptureState.Done, item.State);
        CapturedFile file = Assert.Single(item.Files);
        Assert.Equal(("kernel.etl", 5L, "gotop analyze kernel.etl --process 4321"), (file.Name, file.Bytes, file.OpenCommand));
        Assert.Contains("it covers the last 12.3 s", item.Note, StringComparison.Ordinal);
        Assert.Contains("no more of the 30 s asked for", item.Note, StringComparison.Ordinal);
        Assert.Contains("which thread is of which process: not told", item.Note, StringComparison.Ordinal);
        // It goes on.
        Assert.False(recorder.IsEnded);
    }

    [Fact]
    public async Task Without_one_the_coming_seconds_are_recorded()
    {
        FakeRecorder? started = null;
        TargetContext context = Context(null, Platform(recorder => started = recorder));
        Task<CaptureItem> run = RunAsync(context);
        await _time.PassAsync(TimeSpan.FromSeconds(5));
        CaptureItem item = await run;
        Assert.Equal((CaptureState.Done, 5), (item.State, item.PlannedSeconds));
        Assert.True(started!.IsEnded);
        Assert.True(started.Keeps >= TimeSpan.FromSeconds(5));
    }

    [Fact]
    public async Task A_system_that_cannot_says_so()
    {
        CaptureItem item = await RunAsync(Context(null, new UnsupportedPlatform()));
        Assert.Equal(CaptureState.NotHad, item.State);
        Assert.Contains("Windows'", item.Reason, StringComparison.Ordinal);
        item = await RunAsync(Context(null, new FakePlatform { Recorders = _ => Reading.Denied<IFlightRecorder>("needs an administrator") }));
        Assert.Equal((CaptureState.NotHad, "needs an administrator"), (item.State, item.Reason));
    }

    [Fact]
    public async Task One_that_cannot_be_saved_leaves_no_file()
    {
        CaptureItem item = await RunAsync(Context(FlightRecording(new FakeRecorder(TimeSpan.FromSeconds(30)) { Failure = "the disk is full" })));
        Assert.Equal((CaptureState.Failed, "the disk is full"), (item.State, item.Reason));
        Assert.Empty(_parent.EnumerateFiles("kernel*", SearchOption.AllDirectories));
    }

    [Fact]
    public void The_holder_starts_one_where_the_settings_say_so_and_ends_it()
    {
        FakeRecorder? started = null;
        FakePlatform platform = Platform(recorder => started = recorder);
        using (FlightRecorderHolder off = new(platform, new FlightRecorderSettings(), NullLogger.Instance))
        {
            Assert.Equal(FlightRecorderHolder.Off, off.Current.Reason);
            Assert.Null(started);
        }

        FlightRecorderHolder on = new(platform, new FlightRecorderSettings { Enabled = true, Seconds = 7 }, NullLogger.Instance);
        Assert.True(SpinWait.SpinUntil(() => on.Current.HasValue, TimeSpan.FromMinutes(1)));
        Assert.Equal(TimeSpan.FromSeconds(7), on.Current.Value.Keeps);
        on.Dispose();
        Assert.True(started!.IsEnded);

        using FlightRecorderHolder nowhere = new(new UnsupportedPlatform(), new FlightRecorderSettings(), NullLogger.Instance);
        Assert.Contains("Windows'", nowhere.Current.Reason, StringComparison.Ordinal);
        Assert.NotNull(nowhere.WhyNone);
    }

    private static Func<Reading<IFlightRecorder>> FlightRecording(IFlightRecorder recorder) => () => Reading.Of(recorder);

    private static FakePlatform Platform(Action<FakeRecorder> onStart) => new()
    {
        Recorders = settings =>
        {
            FakeRecorder recorder = new(TimeSpan.FromSeconds(settings.Seconds));
            onStart(recorder);
            return Reading.Of<IFlightRecorder>(recorder);
        },
    };

    private TargetContext Context(Func<Reading<IFlightRecorder>>? recorder, Engine.Platform.IPlatform? platform = null)
    {
        FakeProcess process = new(4321, "shop", "/shop");
        platform ??= new FakePlatform();
        if (platform is FakePlatform fake) fake.Add(process);
        TargetContext context = new(new TargetIdentity { Name = "shop", Process = process.Key }, platform, TargetSettings.Default, _time);
        return recorder is null ? context : context with { FlightRecorder = recorder };
    }

    private async Task<CaptureItem> RunAsync(TargetContext context)
    {
        CapturePlan plan = new([CaptureCatalog.Find(CaptureCatalog.FlightId)!], 5, Path.Combine(_parent.FullName, Guid.NewGuid().ToString("N"))) { ToolVersion = "gotop 9.9" };
        using CaptureSession session = new(context, plan, () => TargetCondition.Unknown, Path.Combine(_parent.FullName, "locks"));
        CaptureProgress progress = await session.RunAsync(TestContext.Current.CancellationToken);
        return Assert.Single(progress.Items);
    }

    private sealed class FakeRecorder(TimeSpan keeps) : IFlightRecorder
    {
        public TimeSpan Keeps => keeps;

        public TimeSpan Covers { get; init; } = TimeSpan.FromSeconds(30);

        public string? Failure { get; init; }

        public bool IsEnded { get; private set; }

        public Reading<FlightRecording> Save(Stream into, string folder, CancellationToken cancellation)
        {
            into.Write("bytes"u8);
            return Failure is null ? Reading.Of(new FlightRecording(Covers, 3, 4, "not told")) : Reading.Failed<FlightRecording>(Failure);
        }

        public void Dispose() => IsEnded = true;
    }
}
