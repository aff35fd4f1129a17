using System.Collections.Immutable;
using System.Text.Json;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Control.Services;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Tests.Support;
using Xunit;

namespace GoTop.Tests.Control.Services;

public sealed class IncidentCaptureTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(7);

    private readonly AwaitableTime _time = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("gotop-incident-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task A_capture_that_hangs_delays_the_restart_by_its_deadline_and_no_more()
    {
        using HangingService service = new();
        FakePlatform platform = new();
        platform.Add(new FakeProcess(7, "shop", "/bin/shop"));
        TargetContext target = new(new TargetIdentity { Name = "shop", Process = new ProcessKey(7, 70) }, platform, TargetSettings.Default, _time);
        IncidentCapture capture = new(new CaptureSettings { Folder = _folder }, new ControlSettings { CaptureDeadline = Deadline, CaptureCpuSeconds = 0 }, () => TargetCondition.Unknown, "test");
        bool restarted = false;
        ControlPlan plan = ControlFixtures.Plan(capture.Step(target, service), ControlFixtures.Step("restart", () => restarted = true));
        ControlSession session = new(plan, ControlFixtures.Open(_time), ControlFixtures.Audit(_folder, _time), _time);
        Task<ControlProgress> run = session.RunAsync(TestContext.Current.CancellationToken);
        await _time.TimerOfAsync(Deadline);
        await service.IsAsked.WaitAsync(TestContext.Current.CancellationToken);
        Assert.False(restarted);
        _time.Advance(Deadline);
        ControlProgress progress = await run;
        Assert.True(restarted);
        Assert.Equal(ControlOutcome.Done, progress.Outcome);
        Assert.Contains("cut off after 7 s", progress.Steps[0].Told, StringComparison.Ordinal);
        Assert.Equal(7, progress.Steps[0].Seconds);
        await EndAsync();
    }

    /// <summary>What was cut off is left to itself, and still writes into the folder: that goes when it has ended.</summary>
    private Task EndAsync() =>
        Until.TrueAsync(() => Directory.GetFiles(_folder, CaptureFolder.ManifestName, SearchOption.AllDirectories).Any(manifest => JsonDocument.Parse(File.ReadAllText(manifest)).RootElement.GetProperty("endedAt").ValueKind == JsonValueKind.String));

    /// <summary>Its log never comes.</summary>
    private sealed class HangingService : IService, IDisposable
    {
        private readonly TaskCompletionSource _asked = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly TaskCompletionSource<ImmutableArray<string>> _log = new();

        public Task IsAsked => _asked.Task;

        public string Name => "shop";

        public string Manager => "none";

        public Task<ImmutableArray<string>> LastLogLinesAsync(int lines, CancellationToken cancellation)
        {
            _asked.TrySetResult();
            return _log.Task;
        }

        public void Dispose() => _log.TrySetResult([]);

        public Task<ServiceStatus> ReadAsync(CancellationToken cancellation) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> StartSteps(ServiceStatus now) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> StopSteps(ServiceStatus now) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> RestartSteps(ServiceStatus now) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> PauseSteps(ServiceStatus now) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> ContinueSteps(ServiceStatus now) => throw new NotSupportedException();

        public EnvironmentChange ChangeEnvironment(ServiceStatus now, ImmutableSortedDictionary<string, string?> changes) => throw new NotSupportedException();

        public ImmutableArray<ControlStep> RecoverySteps(ServiceStatus now, RecoveryPolicy wanted) => throw new NotSupportedException();

        public CoreKeeping? KeepCores(CoreSet? cores) => throw new NotSupportedException();
    }
}
