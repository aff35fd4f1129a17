using GoTop.Engine.Config;

namespace GoTop.Engine.Control.Capture;

/// <summary>Which folder a capture goes to.</summary>
public static class CapturePlaces
{
    /// <summary>A new folder where captures usually lie: <c>TARGET-yyyyMMdd-HHmmss</c>.</summary>
    public static string New(CaptureSettings settings, string target, DateTimeOffset now) =>
        CaptureFolder.NewPath(settings.Folder ?? Path.Combine(StateFolder.OfThisUser(), "captures"), target, now);

    /// <summary>The folder that was named, or a new one in it when it holds something already.</summary>
    public static string In(string folder, string target, DateTimeOffset now) =>
        File.Exists(folder) || (Directory.Exists(folder) && Directory.EnumerateFileSystemEntries(folder).Any()) ? CaptureFolder.NewPath(folder, target, now) : folder;
}
