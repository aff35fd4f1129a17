using System.Collections.Immutable;
using GoTop.Engine.Control.Services;
using GoTop.Panes;
using GoTop.Screen;
using GoTop.Widgets;

namespace GoTop.App.Acting;

/// <summary>Draws what a service is, and what can be done with it.</summary>
internal static class ServiceFace
{
    private const int WidestBox = 100;
    private const int TextAt = 17;
    private const int WhyAt = 37;

    public static void Draw(ActingChoice choice, ActingStatus status, string target, DrawContext context)
    {
        ImmutableArray<ServiceAction> actions = ServiceAction.All;
        int width = Math.Min(WidestBox, context.Surface.Width - 2);
        if (!status.Service.TryGet(out ServiceStatus? service))
        {
            string why = status.Service.Reason ?? "its service is being read …";
            DrawContext small = context with { Surface = OverlayBox.Draw(context, width, 6, $"Service of {target}") };
            small.WriteWrapped(1, 1, small.Surface.Width - 2, 2, why, context.Theme.Text);
            OverlayKeys.Draw(small, 1, 3, ("esc", "close"));
            return;
        }

        List<(string Label, string Text, Tone Tone)> facts =
        [
            ("run by", service.Manager, Tone.Normal),
            ("state", service.ToString(), service.State == ServiceState.Running ? Tone.Good : Tone.Warning),
        ];
        if (!service.Dependants.IsEmpty) facts.Add(("stop with it", string.Join(", ", service.Dependants), Tone.Warning));
        if (!service.DependsOn.IsEmpty) facts.Add(("depends on", string.Join(", ", service.DependsOn), Tone.Dim));
        facts.Add(("on failure", service.Recovery.ValueOr(null) ?? service.Recovery.Reason ?? "", service.Recovery.HasValue ? Tone.Normal : Tone.Dim));
        if (service.Environment.TryGet(out ImmutableArray<KeyValuePair<string, string>> environment))
        {
            string set = string.Join(' ', environment.Where(entry => EnvironmentNames.All.Contains(entry.Key)).Select(entry => $"{entry.Key}={entry.Value}"));
            facts.Add(("Go variables", set.Length == 0 ? "none set by it" : set, set.Length == 0 ? Tone.Dim : Tone.Normal));
        }

        DrawContext inside = context with { Surface = OverlayBox.Draw(context, width, facts.Count + actions.Length + 6, $"Service {service.Name}") };
        int y = 0;
        foreach ((string label, string text, Tone tone) in facts)
        {
            inside.Write(1, y, label, Tone.Dim);
            inside.Write(TextAt, y++, inside.Surface.Width - TextAt - 1, text, context.Theme.Style(tone));
        }

        y++;
        for (int i = 0; i < actions.Length; i++, y++)
        {
            DrawContext line = inside.Slice(0, y, inside.Surface.Width, 1);
            string? whyNot = actions[i].WhyNot(service);
            bool selected = i == choice.Row;
            Style style = selected ? context.Theme.SelectedRow() : context.Theme.Style(whyNot is null ? Tone.Normal : Tone.Dim);
            line.Surface.Fill(style);
            line.Write(2, 0, WhyAt - 3, actions[i].Title(choice), whyNot is null ? style.Bold() : style);
            string more = whyNot ?? (i == 0 ? choice.Capture ? "with evidence captured first" : "without evidence" : "");
            if (more.Length > 0) line.Write(WhyAt, 0, line.Surface.Width - WhyAt - 1, more, selected ? style : context.Theme.DimText);
        }

        y++;
        OverlayKeys.Draw(inside, 1, y++, ("enter", "show what would happen"), ("e", choice.Capture ? "no evidence" : "evidence first"), ("+ -", "delay"), ("esc", "close"));
        inside.Write(1, y, inside.Surface.Width - 2, "Other GOGC, GOMEMLIMIT, GOMAXPROCS, GODEBUG:  : restart-with GOGC=200", context.Theme.DimText);
    }
}
