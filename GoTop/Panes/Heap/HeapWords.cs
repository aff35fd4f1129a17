using System.Collections.Immutable;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Sampling;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Heap;

/// <summary>What a heap profile covers and what not, beside the heap that the runtime counts.</summary>
internal static class HeapWords
{
    public static ProfileHead Head(Snapshot now, ShownProfile shown)
    {
        AnalysedProfile profile = shown.Unfiltered;
        string sampled = profile.Profile.Period > 1 ? $"; 1 sample/{Kibibytes(profile.Profile.Period)}" : "";
        return new ProfileHead(Title(now, profile))
        {
            TakenAt = shown.Capture.TakenAt,
            Covers = "last GC before",
            Status = $"{sampled}{ProfileFreshness.Of(now, shown)}",
            StatusTone = shown.Stale is null ? Tone.Dim : Tone.Warning,
        };
    }

    /// <summary>The own code that allocated most of it, and what grows.</summary>
    public static string Verdict(ShownProfile shown)
    {
        GrownFunction? grown = OwnLines.Grown(shown);
        if (shown.IsMarked) return grown is not null ? $"Own code that grew most: {OwnLines.Words(grown, shown)}" : "Nothing that the service's own code allocated grew.";
        ImmutableArray<OwnFunction> own = OwnLines.Of(shown);
        if (own.IsEmpty) return "";
        string most = $"Own code: {OwnLines.Words(own[0], shown)}";
        return grown is null ? most
            : grown.Function.Function == own[0].Function ? $"{most}, {OwnLines.Change(grown, shown)}"
            : $"{most}; grows: {OwnLines.Words(grown, shown)}";
    }

    /// <summary><c>Heap 2.5 MiB in use (4.1 MiB live)</c>: the second from the runtime's own counters, where they are known.</summary>
    private static string Title(Snapshot now, AnalysedProfile profile)
    {
        int inUse = profile.TypeOf("inuse_space");
        string title = inUse >= 0 ? $"Heap {Figures.Bytes(profile.Totals(inUse).Sum)} in use" : "Heap";
        return now.Go.Counters.HeapLiveBytes.TryGet(out long live) ? $"{title} ({Figures.Bytes(live)} live)" : title;
    }

    /// <summary><c>512 KiB</c>, without decimals where there are none.</summary>
    private static string Kibibytes(long bytes) => bytes % 1024 == 0 ? $"{Figures.Count(bytes / 1024)} KiB" : Figures.Bytes(bytes);
}
