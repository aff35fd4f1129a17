using System.IO.MemoryMappedFiles;

namespace GoTop.Mutate;

/// <summary>
/// What a thread is reading, in a file that outlives the process: a reader that takes the whole process down (by running out of
/// stack) is known afterwards. The kernel writes mapped pages back whatever becomes of the process.
/// </summary>
internal sealed class InputInHand : IDisposable
{
    private const int RecordBytes = 64;
    private const int TargetOffset = 0, SeedOffset = 8, NumberOffset = 16, TurnOffset = 24;

    private readonly MemoryMappedFile _file;
    private readonly MemoryMappedViewAccessor _view;

    public InputInHand(DirectoryInfo folder, int job)
    {
        folder.Create();
        _file = MemoryMappedFile.CreateFromFile(PathOf(folder, job), FileMode.OpenOrCreate, mapName: null, RecordBytes);
        _view = _file.CreateViewAccessor(0, RecordBytes);
    }

    /// <summary>Place of the reader in the catalogue, seed and number; null where the thread was between two inputs.</summary>
    public (int Target, ulong Seed, long Number)? Value
    {
        get => _view.ReadInt64(TurnOffset) == 0 ? null : ((int)_view.ReadInt64(TargetOffset), _view.ReadUInt64(SeedOffset), _view.ReadInt64(NumberOffset));
        set
        {
            if (value is { } input)
            {
                _view.Write(TargetOffset, (long)input.Target);
                _view.Write(SeedOffset, input.Seed);
                _view.Write(NumberOffset, input.Number);
            }

            _view.Write(TurnOffset, value is null ? 0L : 1L);
        }
    }

    public void Dispose()
    {
        _view.Dispose();
        _file.Dispose();
    }

    private static string PathOf(DirectoryInfo folder, int job) => Path.Combine(folder.FullName, $"in-hand-{job}");
}
