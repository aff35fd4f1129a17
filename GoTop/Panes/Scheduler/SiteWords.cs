using System.Collections.Immutable;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Scheduler;

/// <summary>Places of a trace, in words. A site's last frame is the first that is the program's own.</summary>
internal static class SiteWords
{
    /// <summary><c>main.(*ledger).book main.go:44</c>; <paramref name="none"/> where the trace tells no place.</summary>
    public static string Of(ImmutableArray<CodeLocation> site, string none = "not told") => site.IsDefaultOrEmpty ? none : Of(site[^1]);

    public static string Of(CodeLocation frame)
    {
        string function = Drawing.WithoutImportPath(frame.Function).ToString();
        return frame.File.Length == 0 ? function : Figures.Invariant($"{function} {FileName(frame.File)}:{frame.Line}");
    }

    /// <summary>Who ended a wait: where nobody did it was the runtime itself.</summary>
    public static string OfWaker(ImmutableArray<CodeLocation> site) => Of(site, "runtime: timer, network or GC");

    /// <summary><c>from main.(*archive).readSlow main.go:118 and others</c>; empty when the trace tells of none.</summary>
    public static string CalledBy(SiteCallers callers) => callers.Frames.IsDefaultOrEmpty ? "" : $"from {Of(callers.Frames[0])}{(callers.HasOthers ? " and others" : "")}";

    /// <summary>The target's paths have its own system's separators, whichever that is.</summary>
    private static string FileName(string file) => file[(file.LastIndexOfAny(['/', '\\']) + 1)..];
}
