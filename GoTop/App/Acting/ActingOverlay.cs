using GoTop.Engine.Model;
using GoTop.Panes;

namespace GoTop.App.Acting;

/// <summary>The overlays of acting: each face draws itself.</summary>
internal static class ActingOverlay
{
    public static void Draw(ActingChoice choice, HostCounters? host, ActingStatus status, string target, DrawContext context)
    {
        switch (choice.Face)
        {
            case ActingFace.Cores when choice.Cores is { } cores && host is not null:
                CoresFace.Draw(cores, new CoreGrid(host, CoresFace.InnerWidth(context.Surface.Width)), status, target, context);
                break;
            case ActingFace.Service:
                ServiceFace.Draw(choice, status, target, context);
                break;
            case ActingFace.Confirm or ActingFace.ConfirmProduction:
                PlanFace.DrawQuestion(choice, status, target, context);
                break;
            case ActingFace.Outcome:
                PlanFace.DrawOutcome(status, context);
                break;
        }
    }
}
