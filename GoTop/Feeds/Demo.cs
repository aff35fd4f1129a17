using GoTop.App;
using GoTop.Engine.Recording;
using Microsoft.Extensions.Logging;

namespace GoTop.Feeds;

/// <summary>The recording of a real incident that comes with GoTop, inside the executable.</summary>
internal static class Demo
{
    private const string Resource = "demo.gotop";

    /// <summary>Played from the start, again and again, with a minute of past at once.</summary>
    public static IObservationFeed Open(TimeProvider time, ILogger log) =>
        new ReplayFeed(RecordingReader.Open(CopyOut()), loops: true, shownAtOnce: 45, time, log, isTemporary: true);

    /// <summary>SQLite reads files only.</summary>
    private static string CopyOut()
    {
        using Stream packed = typeof(Demo).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("this build has no demo recording");
        string file = Path.Combine(Path.GetTempPath(), $"gotop-demo-{Environment.ProcessId}-{Guid.NewGuid():N}.gotop");
        using FileStream copy = File.Create(file);
        packed.CopyTo(copy);
        return file;
    }
}
