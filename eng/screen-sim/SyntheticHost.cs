using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes;

namespace GoTop.ScreenSim;

/// <summary>Publishes the synthetic service on a timer, as a sampler would.</summary>
internal sealed class SyntheticFeed : IObservationFeed
{
    private readonly SyntheticService _service;
    private readonly Derivation _derivation = new();
    private readonly RecentObservations _recent = new();
    private readonly TimeProvider _time;
    private readonly ITimer _timer;
    private volatile Observation? _latest;

    public SyntheticFeed(SyntheticService service, TimeSpan interval, TimeProvider time)
    {
        _service = service;
        _time = time;
        Next();
        _timer = time.CreateTimer(_ => Next(), null, interval, interval);
    }

    public event Action? Published;

    public Observation? Latest => _latest;

    public Interest Interest { get; set; } = Interest.None;

    public bool Held { get; set; }

    public Observation? Neighbour(Observation from, int ticks) => _recent.Neighbour(from, ticks);

    public Observation? At(DateTimeOffset time) => _recent.At(time);

    public void Dispose() => _timer.Dispose();

    private void Next()
    {
        Observation observation = _derivation.Next(_service.Next(_time.GetUtcNow(), _time.MonotonicNanoseconds()), 0.5);
        _recent.Add(observation);
        _latest = observation;
        Published?.Invoke();
    }
}

internal sealed class SyntheticHost(IObservationFeed feed) : IAppHost
{
    public IObservationFeed? Feed => feed;

    public AppFacts Facts { get; } = AppFacts.Empty;

    public event Action? Changed;

    public string? TakeMessage() => null;

    public void OpenTarget(TargetIdentity target) => Changed?.Invoke();

    public void RefreshProcesses() => Changed?.Invoke();

    public void OpenDemo() => Changed?.Invoke();
}
