using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Profiles;

/// <summary>When the next profile comes, or why none does: said after what the shown one covers.</summary>
internal static class ProfileFreshness
{
    /// <summary>Begins with <c>; </c>, or is empty.</summary>
    public static string Of(Snapshot now, ShownProfile shown)
    {
        if (shown.Stale is { } stale) return $"; {Figure.Why(ReadingState.Stale, stale)}";
        DearRequests? requests = now.Facts.DearRequests.ValueOr(null);
        if (requests?.HeldBack is { } held) return $"; the next one is held back: {held}";
        return ProfileNotice.Running(requests) is { } running ? $"; {running}" : "";
    }
}
