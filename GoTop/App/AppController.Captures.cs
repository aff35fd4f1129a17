using GoTop.Actions;
using GoTop.App.Captures;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.App;

/// <summary>The part about captures: their overlay and its keys.</summary>
public sealed partial class AppController
{
    public void ShowCaptures()
    {
        CaptureChoice choice = State.Capture ?? CaptureChoice.Start(Host.CaptureOffer);
        CaptureFace face = Facts.Capture is { IsRunning: true } ? CaptureFace.Outcome : CaptureFace.Chooser;
        State = State with { Mode = InputMode.Capture, Capture = choice with { Face = face, Row = face == choice.Face ? choice.Row : face == CaptureFace.Chooser ? 1 : 0 } };
    }

    public void CancelCapture()
    {
        if (Facts.Capture is { IsRunning: true }) Host.CancelCapture();
        else Say("No capture is under way.");
    }

    public void SaveFlight()
    {
        Reading<TimeSpan> flight = Host.FlightRecorder;
        if (!flight.TryGet(out TimeSpan keeps))
        {
            Say($"No kernel events can be saved: {flight.Reason}");
        }
        else if (Facts.Capture is { IsRunning: true })
        {
            Say("A capture is under way: when it has ended, the flight recorder still has the last seconds.");
        }
        else
        {
            Host.StartCapture(new CaptureRequest([CaptureCatalog.Find(CaptureCatalog.FlightId)!], IsAll: false, (int)keeps.TotalSeconds, Force: false));
            Say(Figures.Invariant($"Saving the last {keeps.TotalSeconds:0} s of kernel events."));
        }
    }

    public void OpenCaptured()
    {
        if (Facts.Capture is not { IsRunning: false } status)
        {
            Say(Facts.Capture is null ? "Nothing has been captured yet: c captures." : "The capture is still under way.");
            return;
        }

        CaptureItem[] captured = [.. status.Progress.Items.Where(item => !item.Files.IsEmpty)];
        if (captured.Length == 1) Host.OpenCaptured(captured[0]);
        else State = State with { Mode = InputMode.Capture, Capture = (State.Capture ?? CaptureChoice.Start(Host.CaptureOffer)) with { Face = CaptureFace.Outcome, Row = 0 } };
    }

    /// <summary>A key while the overlay of captures is open.</summary>
    public void CaptureKey(KeyStroke key)
    {
        if (State.Capture is not { } choice || key is { Name: "esc" } or { Name: "", Ctrl: false, Alt: false, Character.Value: 'q' })
        {
            State = State with { Mode = InputMode.Normal };
            return;
        }

        if (choice.Face == CaptureFace.Outcome && Facts.Capture is { } status) OutcomeKey(choice, status, key);
        else ChooserKey(choice, key);
    }

    private void ChooserKey(CaptureChoice choice, KeyStroke key)
    {
        if (key is { Name: "tab" } && Facts.Capture is not null)
        {
            State = State with { Capture = choice with { Face = CaptureFace.Outcome, Row = 0 } };
        }
        else if (key is not { Name: "enter" })
        {
            State = State with { Capture = choice.After(key, Host.CaptureOffer) };
        }
        else if (choice.Request(Host.CaptureOffer) is { } request)
        {
            // Forcing is for this once.
            State = State with { Mode = InputMode.Normal, Capture = choice with { Force = false } };
            Host.StartCapture(request);
        }
        else
        {
            Say(Host.CaptureOffer.WhyNothing ?? "Nothing is chosen: space chooses.");
        }
    }

    private void OutcomeKey(CaptureChoice choice, CaptureStatus status, KeyStroke key)
    {
        int last = status.Progress.Items.Length - 1;
        switch (key)
        {
            case { Name: "up" } or { Name: "", Character.Value: 'k' }:
                State = State with { Capture = choice with { Row = Math.Clamp(choice.Row - 1, 0, last) } };
                break;
            case { Name: "down" } or { Name: "", Character.Value: 'j' }:
                State = State with { Capture = choice with { Row = Math.Clamp(choice.Row + 1, 0, last) } };
                break;
            case { Name: "", Character.Value: 'x' or 'X' } when status.IsRunning:
                Host.CancelCapture();
                break;
            case { Name: "tab" } when !status.IsRunning:
                State = State with { Capture = choice with { Face = CaptureFace.Chooser, Row = 1 } };
                break;
            case { Name: "enter" } or { Name: "", Character.Value: 'o' } when !status.IsRunning:
                CaptureItem item = status.Progress.Items[Math.Clamp(choice.Row, 0, last)];
                if (item.Files.IsEmpty) Say($"There is no file of {item.Kind.Id}.");
                else Host.OpenCaptured(item);
                break;
        }
    }
}
