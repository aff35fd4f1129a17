using System.Globalization;
using GoTop.Engine.Config;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Control.Capture;

/// <summary>The kernel's events as <c>kernel.etl</c>: of the last seconds where a flight recorder runs, else of those to come.</summary>
internal static class FlightCapture
{
    private const string FileName = "kernel.etl";
    private const int SpareSeconds = 2;

    /// <inheritdoc cref="CaptureWork.SaveAsync(string, string?, Func{Stream, Task})" path="/exception"/>
    public static async Task RunAsync(CaptureWork work)
    {
        if (work.Target.FlightRecorder().TryGet(out IFlightRecorder? running))
        {
            await SaveAsync(work, running, running.Keeps).ConfigureAwait(false);
            return;
        }

        int seconds = work.Seconds;
        // A little more than what is waited for, since saving takes its time.
        Reading<IFlightRecorder> started = work.Target.Platform.StartFlightRecorder(new FlightRecorderSettings { Seconds = seconds + SpareSeconds });
        if (!started.TryGet(out IFlightRecorder? recorder)) throw new CaptureException(started.State is ReadingState.Failed ? CaptureState.Failed : CaptureState.NotHad, started.Reason ?? "it does not run");
        using (recorder)
        {
            work.Follow(new RequestProgress(work.Kind.Title, seconds, work.Target.Time));
            await Task.Delay(TimeSpan.FromSeconds(seconds), work.Target.Time, work.Cancellation).ConfigureAwait(false);
            await SaveAsync(work, recorder, TimeSpan.FromSeconds(seconds)).ConfigureAwait(false);
        }
    }

    private static async Task SaveAsync(CaptureWork work, IFlightRecorder recorder, TimeSpan wanted)
    {
        FlightRecording? saved = null;
        string command = work.Target.Target.Process is { } process
            ? string.Create(CultureInfo.InvariantCulture, $"gotop analyze {{file}} --process {process.ProcessId}")
            : work.Kind.OpenCommand;
        await work.SaveAsync(FileName, command, into => Task.Run(
            () =>
            {
                Reading<FlightRecording> recording = recorder.Save(into, work.Folder, work.Cancellation);
                saved = recording.TryGet(out FlightRecording? kept) ? kept : throw new CaptureException(CaptureState.Failed, recording.Reason ?? "it could not be saved");
            },
            work.Cancellation)).ConfigureAwait(false);
        work.Note(string.Create(CultureInfo.InvariantCulture, $"it covers the last {saved!.Covers.TotalSeconds:0.0} s"));
        if (saved.Covers < wanted - TimeSpan.FromSeconds(1)) work.Note(string.Create(CultureInfo.InvariantCulture, $"the memory for it holds no more of the {wanted.TotalSeconds:0} s asked for, or it has just begun"));
        if (saved.NoNames is { } why) work.Note($"it does not tell which thread is of which process: {why}");
    }
}
