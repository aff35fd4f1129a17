using System.Collections.Immutable;
using GoTop.Actions;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;

namespace GoTop.App.Captures;

/// <summary>Which face the overlay has.</summary>
public enum CaptureFace : byte
{
    /// <summary>What to capture.</summary>
    Chooser,

    /// <summary>How far the capture is, or what came of the last one.</summary>
    Outcome,
}

/// <summary>What the person has chosen in the overlay. Immutable.</summary>
/// <param name="Row">Of the chooser 0 is <c>all</c> and the kinds follow; of the outcome the kinds alone.</param>
public sealed record CaptureChoice(CaptureFace Face, ImmutableSortedSet<string> Chosen, int Row, int Seconds, bool Force)
{
    public static CaptureChoice Start(CaptureOffer offer) => new(CaptureFace.Chooser, offer.Usual, 1, offer.Seconds, false);

    /// <summary>Everything that can be had is chosen.</summary>
    public bool IsAll(CaptureOffer offer) => CaptureCatalog.All.All(kind => offer.WhyNot(kind) is not null || Chosen.Contains(kind.Id)) && !Chosen.IsEmpty;

    /// <summary>The chooser after a key.</summary>
    public CaptureChoice After(KeyStroke key, CaptureOffer offer) => key switch
    {
        { Name: "up" } or { Name: "", Character.Value: 'k' } => this with { Row = Math.Max(0, Row - 1) },
        { Name: "down" } or { Name: "", Character.Value: 'j' } => this with { Row = Math.Min(CaptureCatalog.All.Length, Row + 1) },
        { Name: "home" } => this with { Row = 0 },
        { Name: "end" } => this with { Row = CaptureCatalog.All.Length },
        { Name: "space" } => Toggled(offer),
        { Name: "", Character.Value: 'a' } => (this with { Row = 0 }).Toggled(offer) with { Row = Row },
        { Name: "", Character.Value: '+' or '=' } or { Name: "right" } => this with { Seconds = Step(Seconds, 1) },
        { Name: "", Character.Value: '-' } or { Name: "left" } => this with { Seconds = Step(Seconds, -1) },
        { Name: "", Character.Value: 'f' } when CaptureCatalog.All.Any(kind => offer.HeldBack(kind) is { CanForce: true }) => this with { Force = !Force },
        _ => this,
    };

    /// <summary>Null when nothing is chosen.</summary>
    public CaptureRequest? Request(CaptureOffer offer)
    {
        ImmutableArray<CaptureKind> kinds = [.. CaptureCatalog.All.Where(kind => Chosen.Contains(kind.Id) && offer.WhyNot(kind) is null)];
        return kinds.IsEmpty ? null : new CaptureRequest(kinds, IsAll(offer), Seconds, Force);
    }

    private CaptureChoice Toggled(CaptureOffer offer)
    {
        if (Row > 0)
        {
            CaptureKind kind = CaptureCatalog.All[Row - 1];
            if (offer.WhyNot(kind) is not null) return this;
            return this with { Chosen = Chosen.Contains(kind.Id) ? Chosen.Remove(kind.Id) : Chosen.Add(kind.Id) };
        }

        return this with { Chosen = IsAll(offer) ? [] : [.. CaptureCatalog.All.Where(kind => offer.WhyNot(kind) is null).Select(kind => kind.Id)] };
    }

    /// <summary>Finer where it is short: 1, 2, … 10, 15, … 60, 90, … 300.</summary>
    private static int Step(int seconds, int sign)
    {
        int from = sign > 0 ? seconds : seconds - 1;
        int step = from < 10 ? 1 : from < 60 ? 5 : 30;
        int stepped = sign > 0 ? (seconds / step * step) + step : (seconds - 1) / step * step;
        return Math.Clamp(stepped, 1, CaptureSettings.LongestSeconds);
    }
}
