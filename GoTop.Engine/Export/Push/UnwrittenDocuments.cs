using System.Diagnostics.CodeAnalysis;

namespace GoTop.Engine.Export.Push;

/// <summary>Documents that the disk has not taken, oldest first, up to a size. One task at a time.</summary>
internal sealed class UnwrittenDocuments
{
    /// <summary>They cost the agent's own.</summary>
    public const long MostBytes = 4 << 20;

    private readonly Queue<WaitingDocument> _documents = [];
    private long _lastId;

    public long Bytes { get; private set; }

    public int Count => _documents.Count;

    public IEnumerable<WaitingDocument> All => _documents;

    /// <summary>Ids below zero: the file's are above.</summary>
    public void Add(byte[] gzip)
    {
        _documents.Enqueue(new WaitingDocument(--_lastId, gzip));
        Bytes += gzip.Length;
    }

    public bool TryPeek([NotNullWhen(true)] out WaitingDocument? oldest) => _documents.TryPeek(out oldest);

    /// <returns>False when it has been dropped or written meanwhile.</returns>
    public bool Remove(long id)
    {
        if (!_documents.TryPeek(out WaitingDocument? oldest) || oldest.Id != id) return false;
        Bytes -= _documents.Dequeue().Gzip.Length;
        return true;
    }

    /// <summary>The oldest go until the others have room.</summary>
    /// <returns>How many.</returns>
    public int Shrink()
    {
        int dropped = 0;
        for (; Bytes > MostBytes && _documents.Count > 1; dropped++) Bytes -= _documents.Dequeue().Gzip.Length;
        return dropped;
    }

    public void Clear()
    {
        _documents.Clear();
        Bytes = 0;
    }
}
