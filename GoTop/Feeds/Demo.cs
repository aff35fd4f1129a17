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
        new ReplayFeed(Read(), loops: true, shownAtOnce: 45, time, log);

    /// <summary>The embedded recording; SQLite reads files only, so it is copied out and removed when closed.</summary>
    public static RecordingReader Read()
    {
        using Stream packed = typeof(Demo).Assembly.GetManifestResourceStream(Resource)
            ?? throw new InvalidOperationException("this build has no demo recording");
        string file = Path.Combine(Path.GetTempPath(), $"gotop-demo-{Environment.ProcessId}-{Guid.NewGuid():N}.gotop");
        try
        {
            using (FileStream copy = File.Create(file)) packed.CopyTo(copy);
            return RecordingReader.Open(file, deleteOnClose: true);
        }
        catch
        {
            File.Delete(file);
            throw;
        }
    }
}
