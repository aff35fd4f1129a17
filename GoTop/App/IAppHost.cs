using GoTop.App.Acting;
using GoTop.App.Captures;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Fleet;
using GoTop.Engine.Model;
using GoTop.Panes;

namespace GoTop.App;

/// <summary>
/// What stands behind the screen: it finds processes, opens targets and owns their feeds. All members are called from
/// the UI thread and return at once; what takes time goes on elsewhere and ends in <see cref="Changed"/>.
/// </summary>
public interface IAppHost
{
    /// <summary>The open target's feed; null while none is open. The host disposes of a feed that it replaces.</summary>
    IObservationFeed? Feed { get; }

    /// <summary>Processes and own log, as last known; the same object until something has changed.</summary>
    AppFacts Facts { get; }

    /// <summary>Raised on any thread when <see cref="Feed"/>, <see cref="Facts"/> or the message has changed.</summary>
    event Action? Changed;

    /// <summary>A message for the bottom line that has not been shown yet (a target refused, a capture done); null when there is none.</summary>
    string? TakeMessage();

    /// <summary>Look and keys of a configuration that has changed, once; null when there are none to take on.</summary>
    ScreenOptions? TakeOptions() => null;

    void OpenTarget(TargetIdentity target);

    /// <summary>Begins to read the fleet; <see cref="AppFacts.Fleet"/> has it when it is there. Nothing when it has begun.</summary>
    void WatchFleet()
    {
    }

    /// <summary>Watches a target of the fleet; a message says so where it is known by its metrics alone.</summary>
    void OpenFleetTarget(FleetRow row)
    {
    }

    /// <summary>Reads the past of a target of the fleet again and again, until another one or none is shown; <see cref="AppFacts.FleetDetail"/> has it.</summary>
    void ShowFleetTarget(FleetRow? row)
    {
    }

    /// <summary>Looks for Go processes again.</summary>
    void RefreshProcesses();

    /// <summary>Watches the built-in sample service, for trying out the screen.</summary>
    void OpenDemo();

    /// <summary>Why nothing can be done to what is shown; null when something can.</summary>
    string? WhyNoActing => "There is nothing to act on.";

    /// <summary>Reads the target's service, cores and priority anew; <see cref="AppFacts.Acting"/> has them when they are there.</summary>
    void ReadActing()
    {
    }

    /// <summary>Works out what would happen; <see cref="AppFacts.Acting"/> has the plan when it is there. Does nothing else.</summary>
    void PlanActing(ActingRequest request)
    {
    }

    /// <summary>Carries out what was planned last: the person has said yes to it.</summary>
    void RunActing()
    {
    }

    /// <summary>Ends what is under way, where that is no worse than going on.</summary>
    void CancelActing()
    {
    }

    /// <summary>What can be captured now.</summary>
    CaptureOffer CaptureOffer => new() { WhyNothing = "there is nothing to capture from" };

    /// <summary>Captures into files; <see cref="AppFacts.Capture"/> shows how far it is. Nothing when one is under way.</summary>
    void StartCapture(CaptureRequest request)
    {
    }

    /// <summary>How far back what the flight recorder keeps can be saved; absent, with what is missing, where none runs.</summary>
    Reading<TimeSpan> FlightRecorder => Reading.NotSupported<TimeSpan>("there is no flight recorder");

    /// <summary>Ends the capture under way; what is there stays.</summary>
    void CancelCapture()
    {
    }

    /// <summary>Opens the files of one kind of the last capture with the viewer that is set for it.</summary>
    void OpenCaptured(CaptureItem item)
    {
    }
}
