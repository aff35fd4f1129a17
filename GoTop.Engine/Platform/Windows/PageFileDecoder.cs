namespace GoTop.Engine.Platform.Windows;

/// <summary>
/// Reads what NtQuerySystemInformation(SystemPageFileInformation) returns: linked entries of { distance to the next,
/// size, in use, peak } in pages, each with a name. No page file, no entry.
/// </summary>
internal static class PageFileDecoder
{
    private const int EntryLength = 32;

    public static (long TotalBytes, long FreeBytes) Decode(ReadOnlySpan<byte> buffer, int pageSize)
    {
        NativeBytes bytes = new(buffer);
        long total = 0, used = 0;
        for (int entry = 0; bytes.Has(entry, EntryLength);)
        {
            total += (long)bytes.U32(entry + 4) * pageSize;
            used += (long)bytes.U32(entry + 8) * pageSize;
            uint distance = bytes.U32(entry);
            if (distance < EntryLength || distance > (uint)(bytes.Length - entry)) break;
            entry += (int)distance;
        }

        return (total, Math.Max(0, total - used));
    }
}
