using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using GoTop.Engine.Model;

namespace GoTop.Engine.StateFiles;

/// <summary>
/// A file of JSON that is replaced as a whole: whoever reads it, at whatever moment, finds what was written before or after. One writes
/// at a time; who shares a file with others sees to that.
/// </summary>
/// <param name="mostBytes">What is larger is not ours.</param>
/// <param name="isWhole">False for what is well-formed JSON and says nothing, e.g. with a list that is null.</param>
/// <param name="isForEverybody">All accounts may read it, whatever the writer's umask keeps to itself.</param>
public sealed class StateFile<T>(string path, JsonTypeInfo<T> type, long mostBytes, Func<T, bool>? isWhole = null, bool isForEverybody = false)
{
    private const int LongestReason = 300;
    private const UnixFileMode Everybody = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    public string Path => path;

    /// <summary>Tells versions of the file apart without reading it; null when there is none, or nobody can tell.</summary>
    public FileStamp? Stamp => FileStamp.Of(path);

    /// <exception cref="IOException">It cannot be written; what was there before stands.</exception>
    /// <exception cref="UnauthorizedAccessException">Likewise.</exception>
    public void Write(T state)
    {
        string next = path + ".new";
        File.WriteAllBytes(next, JsonSerializer.SerializeToUtf8Bytes(state, type));
        if (isForEverybody && !OperatingSystem.IsWindows()) File.SetUnixFileMode(next, Everybody);
        File.Move(next, path, overwrite: true);
    }

    /// <param name="whenMissing">Why there is none.</param>
    /// <returns>Not supported when there is no file; denied; failed when it is damaged.</returns>
    public Reading<T> Read(string whenMissing)
    {
        try
        {
            using FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            if (file.Length > mostBytes) return Failed("it is too large");
            if (JsonSerializer.Deserialize(file, type) is not { } state) return Failed("it is empty");
            return isWhole?.Invoke(state) == false ? Failed("something is missing in it") : Reading.Of(state);
        }
        catch (Exception missing) when (missing is FileNotFoundException or DirectoryNotFoundException)
        {
            return Reading.NotSupported<T>(whenMissing);
        }
        catch (UnauthorizedAccessException refused)
        {
            return Reading.Denied<T>(PlainText.Clean(refused.Message, LongestReason));
        }
        catch (Exception damaged) when (damaged is IOException or JsonException or NotSupportedException)
        {
            return Failed(damaged.Message);
        }
    }

    private Reading<T> Failed(string why) => Reading.Failed<T>(PlainText.Clean($"{path} cannot be read: {why}", LongestReason));
}
