using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Recording;

/// <summary>
/// What a recording that somebody else is writing, such as the agent, knows of a process until now: watching then begins with a past.
/// Both have the same clock that never jumps, so that rates go on from the one to the other.
/// </summary>
public static class RecordedPast
{
    /// <summary>Moments that are looked back at most; a screen keeps no more.</summary>
    public const int MostTicks = History.UsualTicks;

    /// <param name="target">As it is watched now.</param>
    /// <param name="beforeNanoseconds">On the clock that never jumps: what was recorded later is watched already.</param>
    /// <param name="kept">Called with each moment, oldest first; their ticks are 0 and less.</param>
    /// <returns>To go on with; null when nothing of this very process is in it.</returns>
    /// <exception cref="RecordingException">It cannot be read. Moments that are damaged are passed over.</exception>
    public static Derivation? Recall(string file, TargetIdentity target, long beforeNanoseconds, Action<Observation> kept, CancellationToken cancellation)
    {
        using RecordingReader recording = RecordingReader.Open(file);
        if (target.Process is null || recording.Info.Target.Process != target.Process) return null;
        int ticks = Math.Min(recording.Count, MostTicks);
        bool any = false;
        Derivation derivation = new(before: ticks);
        for (int index = recording.Count - ticks; index < recording.Count; index++)
        {
            cancellation.ThrowIfCancellationRequested();
            Sample? sample = null;
            try
            {
                sample = recording.Read(index);
            }
            catch (RecordingException)
            {
                // Damaged, or dropped by its writer meanwhile.
            }

            if (sample is null || sample.MonotonicNanoseconds >= beforeNanoseconds)
            {
                derivation.Skip();
                continue;
            }

            kept(derivation.Next(sample with { Target = target }, 0));
            any = true;
        }

        return any ? derivation : null;
    }
}
