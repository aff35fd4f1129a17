using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents;

/// <summary>
/// Keeps the newest events of the kernel in the system's memory, so that when something has gone wrong what came before it can
/// be saved. Disposing of it ends it and forgets what it kept. One task at a time calls it.
/// </summary>
public interface IFlightRecorder : IDisposable
{
    /// <summary>What is saved goes no further back.</summary>
    TimeSpan Keeps { get; }

    /// <summary>Writes what is kept as an .etl file, and goes on keeping.</summary>
    /// <param name="into">Gets the file's bytes.</param>
    /// <param name="folder">For what the system itself writes on the way; nothing of it stays there.</param>
    Reading<FlightRecording> Save(Stream into, string folder, CancellationToken cancellation);
}

/// <summary>What was saved.</summary>
/// <param name="Covers">How far back it goes: less than what was asked for where the memory did not suffice or it has just begun.</param>
/// <param name="LeftOut">Buffers of the system that were older.</param>
/// <param name="NoNames">Why it does not tell which thread is of which process; null where it does.</param>
public sealed record FlightRecording(TimeSpan Covers, int Buffers, int LeftOut, string? NoNames);
