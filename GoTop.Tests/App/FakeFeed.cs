using GoTop.App;
using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;

namespace GoTop.Tests.App;

/// <summary>A feed that publishes what a test hands it.</summary>
internal sealed class FakeFeed : IObservationFeed
{
    private readonly RecentObservations _recent = new();

    public event Action? Published;

    public Observation? Latest { get; private set; }

    public Interest Interest { get; set; } = Interest.None;

    public bool Held { get; set; }

    public void Publish(Observation observation)
    {
        Latest = observation;
        _recent.Add(observation);
        Published?.Invoke();
    }

    public Observation? Neighbour(Observation from, int ticks) => _recent.Neighbour(from, ticks);

    public Observation? At(DateTimeOffset time) => _recent.At(time);

    public void Dispose()
    {
    }
}

internal sealed class FakeHost : IAppHost
{
    private IObservationFeed? _feed;
    private string? _message;

    public event Action? Changed;

    public IObservationFeed? Feed
    {
        get => _feed;
        set
        {
            _feed = value;
            Changed?.Invoke();
        }
    }

    public AppFacts Facts { get; set; } = AppFacts.Empty;

    public List<TargetIdentity> Opened { get; } = [];

    public int Refreshed { get; private set; }

    /// <summary>What was asked of the fleet, in its order.</summary>
    public List<string> FleetCalls { get; } = [];

    public void WatchFleet() => FleetCalls.Add("watch");

    public void OpenFleetTarget(FleetRow row) => FleetCalls.Add($"open {row.Name}");

    public void ShowFleetTarget(FleetRow? row) => FleetCalls.Add($"show {row?.Name ?? "none"}");

    public string? TakeMessage()
    {
        string? message = _message;
        _message = null;
        return message;
    }

    public void Say(string message)
    {
        _message = message;
        Changed?.Invoke();
    }

    public ScreenOptions? NewOptions { get; set; }

    public ScreenOptions? TakeOptions()
    {
        ScreenOptions? options = NewOptions;
        NewOptions = null;
        return options;
    }

    public void OpenTarget(TargetIdentity target) => Opened.Add(target);

    public void RefreshProcesses() => Refreshed++;

    public void OpenDemo()
    {
    }

    public string? WhyNoActing { get; set; } = "There is nothing to act on.";

    public List<ActingRequest> Planned { get; } = [];

    public int ActingRun { get; private set; }

    public void PlanActing(ActingRequest request)
    {
        Planned.Add(request);
        Facts = Facts with { Acting = Facts.Acting with { Planned = null, Refusal = null } };
    }

    public void RunActing() => ActingRun++;

    public CaptureOffer Offer { get; set; } = new();

    public Reading<TimeSpan> FlightRecorder { get; set; } = Reading.NotSupported<TimeSpan>("the test has none");

    public CaptureOffer CaptureOffer => Offer;

    public List<CaptureRequest> Started { get; } = [];

    public int CaptureCancelled { get; private set; }

    public List<CaptureItem> OpenedCaptures { get; } = [];

    public void StartCapture(CaptureRequest request) => Started.Add(request);

    public void CancelCapture() => CaptureCancelled++;

    public void OpenCaptured(CaptureItem item) => OpenedCaptures.Add(item);
}
