using GoTop.Engine.Control.Acting;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Widgets;

namespace GoTop.App.Acting;

/// <summary>Draws what would happen, and what came of it.</summary>
internal static class PlanFace
{
    private const int WidestBox = 104;
    private const int MostStepLines = 3;

    /// <summary>What has no room is said to be missing: nobody is to think that they have seen all of it.</summary>
    public static void DrawQuestion(ActingChoice choice, ActingStatus status, string target, DrawContext context)
    {
        int width = Math.Min(WidestBox, context.Surface.Width - 2), room = width - 4;
        if (status.Planned is not { } plans)
        {
            Small(context, width, status.Refusal ?? "working out what would happen …", status.Refusal is null ? Tone.Normal : Tone.Warning);
            return;
        }

        List<(string Text, int Indent, Tone Tone, bool Bold)> lines = [];
        foreach (ControlPlan plan in plans)
        {
            if (lines.Count > 0) lines.Add(("", 0, Tone.Normal, false));
            lines.Add((plan.Summary, 0, Tone.Normal, true));
            lines.Add(($"now: {plan.Before}", 2, Tone.Dim, false));
            for (int i = 0; i < plan.Steps.Length; i++) lines.Add(($"{i + 1}. {plan.Steps[i].Title}", 2, Tone.Normal, false));
            lines.AddRange(plan.Warnings.Select(warning => (warning, 2, Tone.Warning, false)));
        }

        if (status.Refusal is { } refusal) lines.Add(($"It would be refused: {refusal}", 0, Tone.Critical, false));
        int needed = lines.Sum(line => Math.Max(1, Drawing.WrappedLines(room - line.Indent, line.Text)));
        int height = Math.Min(needed + 5, context.Surface.Height);
        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, height, choice.Face == ActingFace.ConfirmProduction ? $"{target} is production" : "This will happen") };
        int y = 0, last = inside.Surface.Height - 3;
        foreach ((string text, int indent, Tone tone, bool bold) in lines)
        {
            if (y > last)
            {
                inside.Write(1, last + 1, room, $"{context.Glyphs.Ellipsis} and more: a higher terminal shows it, or --dry-run on the command line", context.Theme.Style(Tone.Warning));
                break;
            }

            Style style = context.Theme.Style(tone);
            y += Math.Max(1, inside.WriteWrapped(1 + indent, y, room - indent, last - y + 1, text, bold ? style.Bold() : style));
        }

        int keys = inside.Surface.Height - 1;
        if (status.Refusal is not null) OverlayKeys.Draw(inside, 1, keys, ("esc", "back"));
        else if (choice.Face == ActingFace.ConfirmProduction) OverlayKeys.Draw(inside, 1, keys, ("Y", $"yes, do it to {target} in production"), ("any other key", "no"));
        else OverlayKeys.Draw(inside, 1, keys, ("y", "yes, do it"), ("any other key", "no"));
    }

    public static void DrawOutcome(ActingStatus status, DrawContext context)
    {
        int width = Math.Min(WidestBox, context.Surface.Width - 2), room = width - 4;
        if (status.Progress is not { } progress)
        {
            Small(context, width, "nothing has been done yet", Tone.Normal);
            return;
        }

        List<(string Mark, string Text, int Indent, Tone Tone)> lines = [];
        foreach (string earlier in status.Earlier) lines.Add((Mark(StepState.Done, context.Glyphs).Mark, earlier, 3, Tone.Good));
        foreach (StepProgress step in progress.Steps)
        {
            (string mark, Tone tone) = Mark(step.State, context.Glyphs);
            lines.Add((mark, step.Title, 3, tone));
            if (step.Told is { } told) lines.Add(("", told, 5, step.State == StepState.Failed ? Tone.Critical : Tone.Dim));
        }

        lines.Add(("", "", 0, Tone.Normal));
        lines.Add(("", $"before: {progress.Plan.Before}", 0, Tone.Dim));
        if (progress.After is { } after) lines.Add(("", $"now: {after}", 0, progress.Outcome == ControlOutcome.Done ? Tone.Good : Tone.Warning));
        if (progress.Reason is { } reason) lines.Add(("", reason, 0, Tone.Critical));
        if (progress.AuditProblem is { } audit) lines.Add(("", $"audit log: {audit}", 0, Tone.Critical));
        int needed = lines.Sum(line => Math.Clamp(Drawing.WrappedLines(room - line.Indent, line.Text), 1, MostStepLines));
        string title = progress.Outcome switch { ControlOutcome.Running => "Under way", ControlOutcome.Done => "Done", ControlOutcome.Refused => "Refused", ControlOutcome.Cancelled => "Cancelled", _ => "Failed" };
        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, Math.Min(needed + 6, context.Surface.Height), title) };
        inside.Write(1, 0, room, progress.Plan.Summary, context.Theme.Text.Bold());
        int y = 1, last = inside.Surface.Height - 3;
        foreach ((string mark, string text, int indent, Tone tone) in lines)
        {
            if (y > last) break;
            if (mark.Length > 0) inside.Write(1, y, mark, tone);
            y += Math.Max(1, inside.WriteWrapped(1 + indent, y, room - indent, Math.Min(MostStepLines, last - y + 1), text, context.Theme.Style(mark.Length > 0 && tone != Tone.Critical ? Tone.Normal : tone)));
        }

        int keys = inside.Surface.Height - 1;
        bool mayCancel = !progress.Plan.Steps.Zip(progress.Steps).Any(step => step.First.NoReturn && step.Second.State != StepState.Waiting);
        if (!progress.IsOver && mayCancel) OverlayKeys.Draw(inside, 1, keys, ("x", "cancel"), ("esc", "close, it goes on"));
        else if (!progress.IsOver) OverlayKeys.Draw(inside, 1, keys, ("esc", "close, it goes on"));
        else if (status.CanUndo) OverlayKeys.Draw(inside, 1, keys, ("u", "take it back"), ("esc", "close"));
        else OverlayKeys.Draw(inside, 1, keys, ("esc", "close"));
    }

    private static (string Mark, Tone Tone) Mark(StepState state, GlyphSet glyphs) => state switch
    {
        StepState.Done => (glyphs == GlyphSet.Ascii ? "ok" : "✓", Tone.Good),
        StepState.Failed => (glyphs == GlyphSet.Ascii ? "!!" : "✗", Tone.Critical),
        StepState.Running => (glyphs == GlyphSet.Ascii ? ">" : "▶", Tone.Accent),
        StepState.Skipped => (glyphs.Missing, Tone.Dim),
        _ => (glyphs == GlyphSet.Ascii ? "." : "·", Tone.Dim),
    };

    private static void Small(DrawContext context, int width, string text, Tone tone)
    {
        int lines = Math.Clamp(Drawing.WrappedLines(width - 4, text), 1, 6);
        DrawContext small = context with { Surface = OverlayBox.Draw(context, width, lines + 5, "This will happen") };
        small.WriteWrapped(1, 1, width - 4, lines, text, context.Theme.Style(tone));
        OverlayKeys.Draw(small, 1, lines + 2, ("esc", "back"));
    }
}
