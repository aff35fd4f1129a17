using GoTop.Engine.Model;

namespace GoTop.Engine.KernelEvents.Etw.Sessions;

/// <summary>
/// Keeps the scheduler's newest events in the system's memory, at no cost but theirs, so that when something has gone wrong
/// what came before it can be saved as an .etl file: <c>gotop analyze</c> and Windows Performance Analyzer read it.
/// </summary>
internal sealed class EtwFlightRecorder : IDisposable
{
    private const string Purpose = "Recorder";

    private readonly IEtwRecorder _recorder;

    private EtwFlightRecorder(IEtwRecorder recorder) => _recorder = recorder;

    /// <param name="megabytes">At 100,000 events a second, four are about a second.</param>
    public static Reading<EtwFlightRecorder> Start(IEtwSystem system, int ownProcess, Func<int, bool> isAlive, bool isWine, int megabytes)
    {
        if (isWine) return Reading.NotSupported<EtwFlightRecorder>("Wine does not trace events (ETW)");
        try
        {
            if (system.IsElevated == false) return Reading.Denied<EtwFlightRecorder>(EtwRefusal.NeedsElevation);
            SessionNames.Sweep(system, isAlive);
            return Reading.Of(new EtwFlightRecorder(system.StartRecorder(SessionNames.Of(Purpose, ownProcess), megabytes, EtwRequest.Scheduler)));
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<EtwFlightRecorder>(refused);
        }
    }

    /// <summary>Writes what is kept into a file that is not there yet; recording goes on.</summary>
    /// <returns>The file's path.</returns>
    public Reading<string> Save(string path)
    {
        if (File.Exists(path)) return Reading.Failed<string>($"{path} exists already");
        try
        {
            _recorder.Save(path);
            return Reading.Of(path);
        }
        catch (Exception refused) when (EtwRefusal.IsRefusal(refused))
        {
            return EtwRefusal.Say<string>(refused);
        }
    }

    public void Dispose() => _recorder.Dispose();
}
