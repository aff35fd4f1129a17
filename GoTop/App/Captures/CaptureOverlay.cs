using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Sources.Profiles;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Widgets;

namespace GoTop.App.Captures;

/// <summary>Chooses what to capture, and shows what comes of it.</summary>
internal static class CaptureOverlay
{
    private const int Widest = 110;
    private const int IdAt = 5;
    private const int TextAt = 20;

    public static void Draw(CaptureChoice choice, CaptureOffer offer, CaptureStatus? status, DrawContext context)
    {
        int width = Math.Min(Widest, context.Surface.Width - 2);
        if (choice.Face == CaptureFace.Outcome && status is not null) DrawOutcome(choice, status, context, width);
        else DrawChooser(choice, offer, status, context, width);
    }

    private static void DrawChooser(CaptureChoice choice, CaptureOffer offer, CaptureStatus? status, DrawContext context, int width)
    {
        ImmutableArray<CaptureKind> kinds = CaptureCatalog.All;
        GuardStop? stop = kinds.Where(kind => choice.Chosen.Contains(kind.Id)).Select(offer.HeldBack).FirstOrDefault(held => held is not null);
        string? whyNot = offer.WhyNothing ?? (offer.WhyNoPprof is { } pprof ? $"pprof: {pprof}" : offer.WhyNoMemory is { } memory ? $"memory: {memory}" : null);
        string? last = status is null ? null : $"last: {CaptureWords.Verdict(status.Progress)} (tab shows it)";
        int lines = kinds.Length + 4 + (whyNot is null ? 0 : 2) + (stop is null ? 0 : 1) + (last is null ? 0 : 1);
        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, lines + 2, "Capture into files") };
        int room = inside.Surface.Width - 2;
        DrawRow(inside, choice, 0, choice.IsAll(offer), "all", "everything that can be had here", offer.WhyNothing is not null, Tone.Dim);
        for (int i = 0; i < kinds.Length; i++)
        {
            CaptureKind kind = kinds[i];
            bool isMissing = offer.WhyNot(kind) is not null, isHeld = !choice.Force && offer.HeldBack(kind) is not null;
            string text = isMissing && offer.WhyNothing is null ? $"needs {Needs(kind.Needs)}" : isHeld ? $"held back; {kind.CostToTarget}" : kind.CostToTarget;
            DrawRow(inside, choice, i + 1, choice.Chosen.Contains(kind.Id), kind.Id, text, isMissing, isHeld ? Tone.Warning : isMissing ? Tone.Dim : Tone.Normal);
        }

        int y = kinds.Length + 1;
        if (whyNot is not null)
        {
            inside.WriteWrapped(1, y, room, 2, whyNot, context.Theme.Style(Tone.Warning));
            y += 2;
        }

        y++;
        int x = inside.Write(1, y, "kernel, cpu and trace go on for ", Tone.Dim);
        x = inside.Write(x, y, string.Create(CultureInfo.InvariantCulture, $"{choice.Seconds} s"), Tone.Accent);
        Keys(inside, x + 2, y++, ("+ -", "longer, shorter"));
        if (stop is not null)
        {
            string told = choice.Force ? $"forced, although {stop.Reason}" : $"held back: {stop.Reason}";
            inside.Write(1, y, room - 14, told, context.Theme.Style(Tone.Warning));
            if (stop.CanForce) Keys(inside, inside.Surface.Width - 14, y, ("f", choice.Force ? "not so" : "force it"));
            y++;
        }

        if (last is not null) inside.Write(1, y++, room, last, context.Theme.DimText);
        Keys(inside, 1, y, ("space", "choose"), ("a", "all or none"), ("enter", "start"), ("esc", "close"));
    }

    private static string Needs(CaptureNeeds needs) => needs switch
    {
        CaptureNeeds.Memory => "its memory",
        CaptureNeeds.FlightRecorder => "event tracing of Windows, and an administrator",
        _ => "pprof",
    };

    private static void DrawRow(DrawContext inside, CaptureChoice choice, int row, bool isChosen, string id, string text, bool isMissing, Tone tone)
    {
        DrawContext line = inside.Slice(0, row, inside.Surface.Width, 1);
        bool isSelected = row == choice.Row;
        Style style = isSelected ? inside.Theme.Selection : inside.Theme.Style(isMissing ? Tone.Dim : Tone.Normal);
        line.Surface.Fill(style);
        line.Write(1, 0, 3, isMissing ? $" {inside.Glyphs.Missing} " : isChosen ? "[x]" : "[ ]", style);
        line.Write(IdAt, 0, TextAt - IdAt - 1, id, style.Bold());
        line.Write(TextAt, 0, line.Surface.Width - TextAt - 1, text, isSelected ? style : inside.Theme.Style(tone));
    }

    private static void DrawOutcome(CaptureChoice choice, CaptureStatus status, DrawContext context, int width)
    {
        CaptureProgress progress = status.Progress;
        int lines = progress.Items.Length + 6;
        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, lines + 2, status.IsRunning ? "Capturing" : "Captured") };
        for (int i = 0; i < progress.Items.Length; i++)
        {
            CaptureItem item = progress.Items[i];
            DrawContext line = inside.Slice(0, i, inside.Surface.Width, 1);
            bool selected = i == choice.Row;
            Style style = selected ? context.Theme.Selection : context.Theme.Text;
            line.Surface.Fill(style);
            line.Write(1, 0, 14, item.Kind.Id, style.Bold());
            line.Write(16, 0, 10, CaptureWords.Of(item.State), selected ? style : context.Theme.Style(CaptureWords.ToneOf(item.State)));
            int textAt = 27;
            if (item.State == CaptureState.Running && item.PlannedSeconds > 0)
            {
                Bar.Draw(line, textAt, 0, 16, item.Seconds / item.PlannedSeconds);
                textAt += 17;
            }

            line.Write(textAt, 0, line.Surface.Width - textAt - 1, CaptureWords.Outcome(item), selected ? style : context.Theme.DimText);
        }

        int y = progress.Items.Length + 1;
        CaptureItem? row = progress.Items.ElementAtOrDefault(choice.Row);
        // The whole of what the selected row had no room for.
        if (row is not null) inside.WriteWrapped(1, y, inside.Surface.Width - 2, 2, row.State == CaptureState.Waiting ? row.Kind.CostToTarget : CaptureWords.Outcome(row), context.Theme.DimText);
        y += 2;
        inside.Write(1, y++, inside.Surface.Width - 2, CaptureWords.Verdict(progress), context.Theme.Text.Bold());
        inside.Write(1, y++, inside.Surface.Width - 2, progress.Folder, context.Theme.Text, Fit.Start);
        if (status.IsRunning) Keys(inside, 1, y, ("x", "cancel"), ("esc", "close, it goes on"));
        else Keys(inside, 1, y, ("enter", "open with the viewer"), ("tab", "capture again"), ("esc", "close"));
    }

    private static void Keys(DrawContext context, int x, int y, params ReadOnlySpan<(string Key, string Meaning)> keys)
    {
        foreach ((string key, string meaning) in keys)
        {
            int needed = key.Length + meaning.Length + 4;
            if (x + needed > context.Surface.Width) return;
            x = context.Surface.Write(x, y, $" {key} ", context.Theme.Key.Bold());
            x = context.Surface.Write(x + 1, y, meaning, context.Theme.DimText) + 2;
        }
    }
}
