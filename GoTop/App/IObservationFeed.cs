using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;

namespace GoTop.App;

/// <summary>Where the screen's observations of one target come from: a live sampler, or a recording played back.</summary>
public interface IObservationFeed : IDisposable
{
    /// <summary>The newest observation; null until there is one. Read on the UI thread while another writes it.</summary>
    Observation? Latest { get; }

    /// <summary>Raised after <see cref="Latest"/> has changed, on any thread; handlers only wake the UI thread.</summary>
    event Action? Published;

    /// <summary>More can be asked of the target; not so of a recording.</summary>
    bool IsLive => true;

    /// <summary>What the screen shows now. Set from the UI thread, possibly to the same value again.</summary>
    Interest Interest { set; }

    /// <summary>
    /// The person has frozen the screen, or let it go on. A live feed keeps sampling; a recording stands still.
    /// </summary>
    bool Held { set; }

    /// <summary>
    /// The observation so many ticks after this one (before it, when negative), or the nearest to it that is still
    /// kept; null when none is kept on that side.
    /// </summary>
    Observation? Neighbour(Observation from, int ticks);

    /// <summary>The newest kept observation that is not newer than this time; the oldest one when all are newer.</summary>
    Observation? At(DateTimeOffset time);
}
