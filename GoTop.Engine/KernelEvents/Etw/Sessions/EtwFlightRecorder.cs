using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents.Etl;
using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// A session that keeps the scheduler's newest events in the system's memory. What it saves says of threads by number alone: what
/// it listed when it began has been overwritten. So each time another session lists processes, threads and images anew, and both
/// become one log.
/// </summary>
internal sealed class EtwFlightRecorder : IFlightRecorder
{
    private const string Purpose = "Recorder";
    private const string NamesPurpose = "Names";
    private const string Wine = "Wine does not trace events (ETW)";

    private readonly IEtwSystem _system;
    private readonly IEtwRecorder _recorder;
    private readonly int _ownProcess;

    private EtwFlightRecorder(IEtwSystem system, IEtwRecorder recorder, int ownProcess, TimeSpan keeps)
    {
        (_system, _recorder, _ownProcess) = (system, recorder, ownProcess);
        Keeps = keeps;
    }

    public TimeSpan Keeps { get; }

    /// <summary>What is missing, in words; null where it may be started.</summary>
    public static string? WhyNot(IEtwSystem system, bool isWine)
    {
        if (isWine) return Wine;
        try
        {
            return EtwRights.MissingForKernel(system);
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<IFlightRecorder>(refused).Reason;
        }
    }

    /// <param name="isAlive">Whether there is a process of that number.</param>
    public static Reading<IFlightRecorder> Start(IEtwSystem system, int ownProcess, Func<int, bool> isAlive, bool isWine, FlightRecorderSettings settings)
    {
        if (isWine) return Reading.NotSupported<IFlightRecorder>(Wine);
        try
        {
            if (EtwRights.MissingForKernel(system) is { } missing) return Reading.Denied<IFlightRecorder>(missing);
            SessionNames.Sweep(system, isAlive);
            IEtwRecorder recorder = system.StartRecorder(SessionNames.Of(Purpose, ownProcess), settings.Megabytes, EtwRequest.Scheduler);
            return Reading.Of<IFlightRecorder>(new EtwFlightRecorder(system, recorder, ownProcess, TimeSpan.FromSeconds(settings.Seconds)));
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<IFlightRecorder>(refused);
        }
    }

    public Reading<FlightRecording> Save(Stream into, string folder, CancellationToken cancellation)
    {
        string stem = Path.Combine(folder, $".{Guid.NewGuid():N}"), kept = stem + ".ring", names = stem + ".names";
        try
        {
            _recorder.Save(kept);
            string? noNames = WriteNames(names);
            using FileStream log = File.OpenRead(kept);
            using FileStream? listed = noNames is null ? File.OpenRead(names) : null;
            TrimmedLog trimmed = EtlTrimmer.Trim(log, listed, into, Keeps, cancellation);
            return Reading.Of(new FlightRecording(trimmed.Covers, trimmed.Buffers, trimmed.LeftOut, noNames));
        }
        catch (EtlException damage)
        {
            return Reading.Failed<FlightRecording>($"what Windows has saved cannot be read: {damage.Message}");
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<FlightRecording>(refused);
        }
        finally
        {
            TryDelete(kept);
            TryDelete(names);
        }
    }

    public void Dispose() => _recorder.Dispose();

    /// <summary>Without names the events are there all the same.</summary>
    private string? WriteNames(string path)
    {
        try
        {
            _system.WriteNames(SessionNames.Of(NamesPurpose, _ownProcess), path);
            return File.Exists(path) ? null : "Windows wrote no list of them";
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<FlightRecording>(refused).Reason;
        }
    }

    private static void TryDelete(string path)
    {
        try
        {
            File.Delete(path);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            // Its name says that it is none of the capture's files.
        }
    }
}
