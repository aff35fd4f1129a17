using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Feeds;

/// <summary>The screen's view of a live target. Sampling goes on while the screen is held, so curves have no gap.</summary>
internal sealed class LiveFeed : IObservationFeed
{
    private readonly Sampler _sampler;
    private readonly RecentObservations _recent = new();

    public LiveFeed(TargetContext context, Sampler sampler)
    {
        Context = context;
        _sampler = sampler;
        _sampler.Published += OnPublished;
        _sampler.Start();
    }

    public event Action? Published;

    /// <summary>What captures have in common with the sources.</summary>
    public TargetContext Context { get; }

    /// <summary>How the target fares.</summary>
    public TargetCondition Condition => _sampler.Condition;

    public Observation? Latest => _sampler.Latest;

    public Interest Interest
    {
        set => _sampler.Interest = value;
    }

    public bool Held
    {
        set { }
    }

    public Observation? Neighbour(Observation from, int ticks) => _recent.Neighbour(from, ticks);

    public Observation? At(DateTimeOffset time) => _recent.At(time);

    public void Dispose()
    {
        _sampler.Published -= OnPublished;
        // Closing waits for readings under way; the screen does not wait for that.
        _ = _sampler.DisposeAsync().AsTask();
    }

    private void OnPublished()
    {
        _recent.Add(_sampler.Latest!);
        Published?.Invoke();
    }
}
