using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Recording;

/// <param name="Observation">Null for a tick that is damaged, or makes no sense.</param>
/// <param name="Problem">What is wrong with it; null when it is well.</param>
public sealed record RecordedObservation(Observation? Observation, string? Problem);

/// <summary>A recording as it was seen: each tick derived as it is live.</summary>
public static class RecordedObservations
{
    /// <summary>All ticks in order, the damaged ones too. Whoever made the file may have made up facts that no machine has.</summary>
    public static IEnumerable<RecordedObservation> Of(RecordingReader recording)
    {
        Derivation derivation = new();
        foreach (RecordedTick tick in recording.ReadAll())
        {
            if (tick.Sample is not { } sample)
            {
                yield return new RecordedObservation(null, tick.Damage);
                continue;
            }

            RecordedObservation derived;
            try
            {
                derived = new RecordedObservation(derivation.Next(sample, 0), null);
            }
            catch (Exception senseless) when (senseless is not OutOfMemoryException)
            {
                derived = new RecordedObservation(null, $"the tick of {sample.Time:O} makes no sense: {PlainText.Clean(senseless.Message, 200)}");
                derivation = new Derivation();
            }

            yield return derived;
        }
    }
}
