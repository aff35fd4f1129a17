using System.Globalization;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Sampling;

namespace GoTop.Widgets;

/// <summary>How captures are told, on the screen and on the command line.</summary>
public static class CaptureWords
{
    public static string Of(CaptureState state) => state switch
    {
        CaptureState.Waiting => "waiting",
        CaptureState.Running => "running",
        CaptureState.Done => "done",
        CaptureState.Partial => "in part",
        CaptureState.NotHad => "not there",
        CaptureState.Cancelled => "cancelled",
        _ => "failed",
    };

    public static Tone ToneOf(CaptureState state) => state switch
    {
        CaptureState.Done => Tone.Good,
        CaptureState.Failed or CaptureState.Partial => Tone.Critical,
        CaptureState.Running => Tone.Accent,
        _ => Tone.Dim,
    };

    /// <summary>What came of one kind, or how far it is: <c>trace.out 1.2 MiB</c>.</summary>
    public static string Outcome(CaptureItem item)
    {
        string files = string.Join(", ", item.Files.Select(file => $"{file.Name} {Figures.Bytes(file.Bytes)}"));
        string told = item.State switch
        {
            CaptureState.Running when item.PlannedSeconds > 0 => Text($"{item.Seconds:0.0} of {item.PlannedSeconds:0} s, {Figures.Bytes(item.Bytes)}"),
            CaptureState.Running => item.Bytes > 0 ? Figures.Bytes(item.Bytes) : "",
            CaptureState.Cancelled => "",
            _ => item.Reason ?? "",
        };
        return string.Join("; ", new[] { files, told, item.Note ?? "" }.Where(part => part.Length > 0));
    }

    /// <summary>A line of its own.</summary>
    public static string Line(CaptureItem item) => $"{item.Kind.Id,-13} {Of(item.State),-9} {Outcome(item)}".TrimEnd();

    /// <summary>How far the whole is, in a line.</summary>
    public static string Running(CaptureProgress progress) =>
        progress.Running is { } item ? $"capturing {item.Kind.Id} ({progress.Ended + 1} of {progress.Items.Length}) {Outcome(item)}" : "";

    /// <summary>What came of the whole, in a few words.</summary>
    public static string Verdict(CaptureProgress progress)
    {
        List<string> parts = [Text($"{progress.Done} captured, {Figures.Bytes(progress.Bytes)}")];
        if (progress.Failed > 0) parts.Add(Text($"{progress.Failed} failed"));
        int missing = progress.IsAll ? progress.Items.Count(item => item.State == CaptureState.NotHad) : 0;
        if (missing > 0) parts.Add(Text($"{missing} not to be had here"));
        if (progress.IsCancelled) parts.Add("cancelled");
        return string.Join(", ", parts);
    }

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
