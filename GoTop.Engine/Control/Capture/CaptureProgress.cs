using System.Collections.Immutable;

namespace GoTop.Engine.Control.Capture;

public enum CaptureState : byte
{
    Waiting,
    Running,
    Done,

    /// <summary>It ended early, and what had come by then was kept under another name.</summary>
    Partial,

    Failed,

    /// <summary>This target, Go version or system does not have it.</summary>
    NotHad,

    Cancelled,
}

/// <summary>How far each kind is. Immutable.</summary>
/// <param name="IsAll">Everything was asked for that can be had, so that what cannot is no failure.</param>
public sealed record CaptureProgress(string Folder, ImmutableArray<CaptureItem> Items, bool IsAll)
{
    /// <summary>The one under way; null before the first and after the last.</summary>
    public CaptureItem? Running => Items.FirstOrDefault(item => item.State == CaptureState.Running);

    public int Ended => Items.Count(item => item.State is not (CaptureState.Waiting or CaptureState.Running));

    public int Done => Items.Count(item => item.State == CaptureState.Done);

    public int Failed => Items.Count(item => item.State is CaptureState.Failed or CaptureState.Partial || (item.State == CaptureState.NotHad && !IsAll));

    public bool IsCancelled => Items.Any(item => item.State == CaptureState.Cancelled);

    public bool IsOver => Ended == Items.Length;

    public long Bytes => Items.Sum(item => item.Files.Sum(file => file.Bytes));

    /// <summary>From 0 to 1, by the seconds that are planned; what takes none counts as one.</summary>
    public double Share
    {
        get
        {
            double all = Items.Sum(Weight), done = Items.Sum(item => item.State switch
            {
                CaptureState.Waiting => 0,
                CaptureState.Running when item.PlannedSeconds > 0 => Math.Min(item.Seconds, item.PlannedSeconds),
                CaptureState.Running => 0,
                _ => Weight(item),
            });
            return all > 0 ? done / all : 1;
        }
    }

    private static double Weight(CaptureItem item) => Math.Max(1, item.PlannedSeconds);
}

/// <summary>One kind of a capture.</summary>
/// <param name="PlannedSeconds">0 for what takes none.</param>
public sealed record CaptureItem(CaptureKind Kind, CaptureState State, double PlannedSeconds)
{
    /// <summary>For how long it has been running, or ran.</summary>
    public double Seconds { get; init; }

    /// <summary>What has arrived of the file being written.</summary>
    public long Bytes { get; init; }

    /// <summary>Why it is not done.</summary>
    public string? Reason { get; init; }

    /// <summary>In what way it is not quite what was asked for.</summary>
    public string? Note { get; init; }

    public DateTimeOffset? TakenAt { get; init; }

    public ImmutableArray<CapturedFile> Files { get; init; } = [];
}

/// <summary>A file as it lies in the folder.</summary>
/// <param name="Sha256">In lower-case hexadecimal digits.</param>
/// <param name="OpenCommand">For a shell in the folder; null where nothing opens it.</param>
public sealed record CapturedFile(string Name, long Bytes, string Sha256, string? OpenCommand);
