using GoTop.Engine.Model;
using GoTop.Engine.Recording;

namespace GoTop.Tests.Recording;

/// <summary>A folder of a test's own with a recording in it.</summary>
public abstract class RecordingFolder : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("gotop-recording-");

    protected string Folder => _folder.FullName;

    protected string FilePath => Path.Combine(Folder, "test.gotop");

    public void Dispose()
    {
        _folder.Delete(recursive: true);
        GC.SuppressFinalize(this);
    }

    protected void Write(params Sample[] samples)
    {
        using RecordingWriter writer = RecordingWriter.Create(FilePath, RecordedSamples.Info);
        foreach (Sample sample in samples) writer.Append(sample);
    }

    protected static void Copy(string from, string to)
    {
        using FileStream source = new(from, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        using FileStream target = new(to, FileMode.CreateNew);
        source.CopyTo(target);
    }
}
