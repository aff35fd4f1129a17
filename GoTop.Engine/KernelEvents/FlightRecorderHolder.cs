using GoTop.Engine.Config;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.KernelEvents;

/// <summary>
/// The one flight recorder of this process: started once, beside whoever asks for it, since that takes the system a moment, and
/// ended with the program.
/// </summary>
public sealed class FlightRecorderHolder : IDisposable
{
    public const string Off = "the flight recorder is off: [flight_recorder] enabled = true in gotop.toml starts it with GoTop";

    private readonly Lazy<string?> _whyNone;
    private readonly Task<Reading<IFlightRecorder>> _starting;

    /// <param name="platform">Asked on another thread.</param>
    public FlightRecorderHolder(IPlatform platform, FlightRecorderSettings settings, ILogger log)
    {
        _whyNone = new Lazy<string?>(() => platform.WhyNoFlightRecorder);
        _starting = settings.Enabled
            ? Task.Run(() =>
            {
                Reading<IFlightRecorder> started = Start(platform, settings);
                if (started.HasValue) log.LogInformation("the flight recorder keeps {Seconds} s of kernel events in {Megabytes} MB", settings.Seconds, settings.Megabytes);
                else log.LogWarning("the flight recorder does not run: {Reason}", started.Reason);
                return started;
            })
            : Task.FromResult(Reading.NotSupported<IFlightRecorder>(WhyNone ?? Off));
    }

    /// <summary>Why events cannot be kept here at all, or which right is missing; null where they can. Asked of the system once.</summary>
    public string? WhyNone => _whyNone.Value;

    /// <summary>Not yet while it starts.</summary>
    public Reading<IFlightRecorder> Current => _starting.IsCompletedSuccessfully ? _starting.Result : Reading.NotYet<IFlightRecorder>("the flight recorder is being started");

    public void Dispose()
    {
        // What Windows began outlives us, so it is waited for.
        if (_starting.GetAwaiter().GetResult().TryGet(out IFlightRecorder? recorder)) recorder.Dispose();
    }

    private static Reading<IFlightRecorder> Start(IPlatform platform, FlightRecorderSettings settings)
    {
        try
        {
            return platform.StartFlightRecorder(settings);
        }
        catch (Exception broken)
        {
            // A recorder that cannot be had must not end the program.
            return Reading.Failed<IFlightRecorder>(PlainText.Clean(broken.Message, 300));
        }
    }
}
