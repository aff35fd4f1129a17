using GoTop.App;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.Feeds;

/// <summary>The screen's view of a live target. Sampling goes on while the screen is held, so curves have no gap.</summary>
internal sealed class LiveFeed : IObservationFeed
{
    private readonly Sampler _sampler;
    private readonly AgentPast? _past;
    private RecentObservations _recent = new();

    /// <param name="past">The same that the sampler takes on; null for none.</param>
    public LiveFeed(TargetContext context, Sampler sampler, AgentPast? past = null)
    {
        Context = context;
        _past = past;
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

    public Observation? Neighbour(Observation from, int ticks) => Volatile.Read(ref _recent).Neighbour(from, ticks);

    public Observation? At(DateTimeOffset time) => Volatile.Read(ref _recent).At(time);

    public void Dispose()
    {
        _sampler.Published -= OnPublished;
        _past?.Dispose();
        // Closing waits for readings under way; the screen does not wait for that.
        _ = _sampler.DisposeAsync().AsTask();
    }

    private void OnPublished()
    {
        if (_past is not null && _sampler.KnowsPast && _recent != _past.Recent)
        {
            // What was watched until now goes behind what was recorded before.
            _past.Recent.AddAll(_recent);
            Volatile.Write(ref _recent, _past.Recent);
        }

        _recent.Add(_sampler.Latest!);
        Published?.Invoke();
    }
}
