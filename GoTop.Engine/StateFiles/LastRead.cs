using GoTop.Engine.Model;

namespace GoTop.Engine.StateFiles;

/// <summary>What a file said when it was last read; it is read again only when it is another version. Used by one task at a time.</summary>
public sealed class LastRead<T>
{
    private (string Path, FileStamp? Stamp)? _seen;
    private Reading<T> _read;

    /// <returns>The same value as long as the file is the same.</returns>
    public Reading<T> Get(string path, FileStamp? stamp, Func<Reading<T>> read)
    {
        // Looked at before it is read: what is written meanwhile is read the next time.
        if (_seen == (path, stamp)) return _read;
        _read = read();
        _seen = (path, stamp);
        return _read;
    }
}
