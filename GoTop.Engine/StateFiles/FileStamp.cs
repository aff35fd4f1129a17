namespace GoTop.Engine.StateFiles;

/// <summary>When a file was written and how long it is.</summary>
public readonly record struct FileStamp(DateTime WrittenUtc, long Bytes)
{
    public static FileStamp? Of(string path)
    {
        try
        {
            FileInfo file = new(path);
            return file.Exists ? new FileStamp(file.LastWriteTimeUtc, file.Length) : null;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
