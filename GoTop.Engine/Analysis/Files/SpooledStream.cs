namespace GoTop.Engine.Analysis.Files;

/// <summary>All of a stream that can only be read once, where it can be sought in: in memory, or in a file that goes away by itself.</summary>
internal sealed class SpooledStream : IDisposable
{
    private const int MaxMemoryBytes = 32 << 20;
    private const long MaxFileBytes = 16L << 30;
    private const int PartBytes = 128 * 1024;

    private SpooledStream(Stream content, string? damage)
    {
        Content = content;
        Damage = damage;
        content.Position = 0;
    }

    public Stream Content { get; }

    /// <summary>Why not all of the stream is here; null when it is.</summary>
    public string? Damage { get; }

    /// <exception cref="IOException">Of the file; damage of the stream itself only ends what is kept.</exception>
    public static SpooledStream Of(Stream once, CancellationToken cancellation)
    {
        Stream kept = new MemoryStream();
        try
        {
            byte[] part = new byte[PartBytes];
            while (true)
            {
                cancellation.ThrowIfCancellationRequested();
                int read;
                try
                {
                    read = once.Read(part);
                }
                catch (InvalidDataException damage) when (kept.Length > 0)
                {
                    return new SpooledStream(kept, $"the gzip data is damaged after {kept.Length} unpacked bytes: {damage.Message}");
                }

                if (read == 0) return new SpooledStream(kept, null);
                if (kept.Length + read > MaxFileBytes) return new SpooledStream(kept, $"only its first {kept.Length} bytes were read");
                if (kept is MemoryStream && kept.Length + read > MaxMemoryBytes) kept = MoveToFile(kept);
                kept.Write(part, 0, read);
            }
        }
        catch
        {
            kept.Dispose();
            throw;
        }
    }

    public void Dispose() => Content.Dispose();

    private static FileStream MoveToFile(Stream memory)
    {
        FileStream file = new(
            Path.Combine(Path.GetTempPath(), $"gotop-{Path.GetRandomFileName()}"),
            new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.ReadWrite, Options = FileOptions.DeleteOnClose, BufferSize = PartBytes });
        memory.Position = 0;
        memory.CopyTo(file);
        memory.Dispose();
        return file;
    }
}
