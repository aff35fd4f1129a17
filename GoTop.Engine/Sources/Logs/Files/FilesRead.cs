using GoTop.Engine.Platform;
using Microsoft.Win32.SafeHandles;

namespace GoTop.Engine.Sources.Logs.Files;

/// <summary>
/// Which files are being read, and how far others have been, whatever they are called by now: with <c>app.log*</c> a file is met
/// under one name after the other, and each line is to be told once. Not safe from several threads.
/// </summary>
internal sealed class FilesRead
{
    private const int MostEnded = 256;

    private readonly List<OpenLog> _open = [];
    private readonly Queue<EndedLog> _ended = new();

    public void Begin(OpenLog log) => _open.Add(log);

    /// <summary>Nobody reads it on.</summary>
    public void End(OpenLog log)
    {
        _open.Remove(log);
        Remember(log.End());
        log.Dispose();
    }

    /// <summary>What stood in it until now stands in a copy, if anywhere.</summary>
    public void Restart(OpenLog log, LogStream stream)
    {
        Remember(log.End() with { Number = null });
        log.Restart(stream);
    }

    /// <summary>How far this file has been read, or the one that it is a copy of; null when it is new.</summary>
    public (bool IsOpen, long Position)? Find(FileNumber? number, SafeFileHandle file)
    {
        Span<byte> begin = stackalloc byte[OpenLog.HeadBytes];
        begin = begin[..RandomAccess.Read(file, begin, 0)];
        foreach (OpenLog log in _open)
        {
            if (log.IsAlso(number, file, begin)) return (true, log.Position);
        }

        long furthest = -1;
        foreach (EndedLog log in _ended)
        {
            if (log.Position > furthest && log.IsAlso(number, file, begin)) furthest = log.Position;
        }

        return furthest >= 0 ? (false, furthest) : null;
    }

    private void Remember(EndedLog log)
    {
        if (log.Position == 0) return;
        if (_ended.Count == MostEnded) _ended.Dequeue();
        _ended.Enqueue(log);
    }
}
