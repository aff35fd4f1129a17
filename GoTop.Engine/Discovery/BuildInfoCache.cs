using System.Collections.Concurrent;
using GoTop.Engine.GoRuntime.BuildInfo;
using GoTop.Engine.Model;
using GoTop.Engine.Platform;

namespace GoTop.Engine.Discovery;

/// <summary>Build info by executable file, so that the many processes of one binary cost one reading of it.</summary>
internal sealed class BuildInfoCache
{
    /// <summary>More binaries than run on any machine at a time; beyond it the cache begins anew.</summary>
    private const int MostFiles = 10_000;

    private readonly ConcurrentDictionary<object, Reading<GoBuildInfo>> _known = new();

    /// <summary>
    /// The executable's build info. "Not supported" is no Go program, "failed" one that is torn or gone, which is looked
    /// at again next time: it may be half-written now.
    /// </summary>
    public Reading<GoBuildInfo> Read(ExecutablePath executable)
    {
        object? key = executable.Identity;
        if (key is not null && _known.TryGetValue(key, out Reading<GoBuildInfo> known)) return known;
        try
        {
            using FileStream file = new(
                executable.OpenPath, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
            // Where the system gives no cheap identity, path, size and time of writing must do.
            if (key is null)
            {
                key = (executable.DisplayPath, file.Length, File.GetLastWriteTimeUtc(file.SafeFileHandle));
                if (_known.TryGetValue(key, out known)) return known;
            }

            Reading<GoBuildInfo> read = GoBuildInfoReader.Read(file);
            if (read.State is ReadingState.Present or ReadingState.NotSupported)
            {
                if (_known.Count >= MostFiles) _known.Clear();
                _known[key] = read;
            }

            return read;
        }
        catch (UnauthorizedAccessException)
        {
            return Reading.Denied<GoBuildInfo>($"{executable.DisplayPath} may not be read");
        }
        catch (IOException e)
        {
            return Reading.Failed<GoBuildInfo>(PlainText.Clean(e.Message, 300));
        }
    }
}
