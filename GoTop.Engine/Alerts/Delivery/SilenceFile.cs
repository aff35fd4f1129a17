using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.StateFiles;

namespace GoTop.Engine.Alerts.Delivery;

/// <summary><c>silences.json</c> could not be written. The message is for the screen.</summary>
public sealed class SilenceException(string message) : Exception(message)
{
    /// <summary>For lack of rights.</summary>
    public bool IsDenied { get; init; }
}

/// <summary>
/// <c>silences.json</c> in the agent's folder: written by whoever runs <c>gotop alerts silence</c>, read by the agent. Each change is
/// one step; two at once wait for each other.
/// </summary>
public sealed class SilenceFile(string folder, TimeProvider time)
{
    private const int MostSilences = 1000;
    private const int Attempts = 100;
    private const int LongestText = 300;
    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    /// <summary>One that is over can be looked up for so long.</summary>
    private static readonly TimeSpan KeptAfterwards = TimeSpan.FromDays(1);

    private readonly StateFile<ImmutableArray<Silence>> _file = new(System.IO.Path.Combine(folder, "silences.json"), DeliveryJsonContext.Readable.ImmutableArraySilence, 1 << 20);
    private FileStamp? _seen;
    private bool _isRead;
    private ImmutableArray<Silence> _silences = [];

    public string Path => _file.Path;

    /// <summary>Why the file could not be read when it was last looked at; what was read before goes on holding.</summary>
    public string? Problem { get; private set; }

    /// <summary>All of it, also those that are over. Cheap while the file does not change.</summary>
    public ImmutableArray<Silence> Read()
    {
        FileStamp? now = _file.Stamp;
        if (_isRead && now == _seen) return _silences;
        Reading<ImmutableArray<Silence>> read = Load();
        if (read.TryGet(out ImmutableArray<Silence> silences)) (_isRead, _seen, _silences, Problem) = (true, now, silences, null);
        else Problem = read.Reason;
        return _silences;
    }

    /// <exception cref="SilenceException"></exception>
    public Task AddAsync(Silence silence, CancellationToken cancellation) => ChangeAsync(
        silences => silences.Length < MostSilences ? silences.Add(silence) : throw new SilenceException($"there are {MostSilences} silences already"), cancellation);

    /// <summary>Ends it; false when there is none of this id.</summary>
    /// <exception cref="SilenceException"></exception>
    public async Task<bool> RemoveAsync(string id, CancellationToken cancellation)
    {
        bool found = false;
        await ChangeAsync(
            silences =>
            {
                found = silences.Any(silence => silence.Id == id);
                return silences.RemoveAll(silence => silence.Id == id);
            },
            cancellation).ConfigureAwait(false);
        return found;
    }

    private async Task ChangeAsync(Func<ImmutableArray<Silence>, ImmutableArray<Silence>> change, CancellationToken cancellation)
    {
        try
        {
            Directory.CreateDirectory(folder);
            FileStream alone = await LockAsync(cancellation).ConfigureAwait(false);
            await using (alone.ConfigureAwait(false))
            {
                DateTimeOffset now = time.GetUtcNow();
                Reading<ImmutableArray<Silence>> read = Load();
                // A damaged file is not written over: somebody's silences may be in it.
                if (!read.TryGet(out ImmutableArray<Silence> kept)) throw new SilenceException(read.Reason!) { IsDenied = read.State == ReadingState.Denied };
                kept = change(kept.RemoveAll(silence => silence.Until + KeptAfterwards < now));
                _file.Write(kept);
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            throw new SilenceException(PlainText.Clean($"{Path} cannot be written: {refused.Message}", LongestText)) { IsDenied = refused is UnauthorizedAccessException };
        }
    }

    private Reading<ImmutableArray<Silence>> Load()
    {
        Reading<ImmutableArray<Silence>> read = _file.Read("nothing is silenced");
        return read.State == ReadingState.NotSupported ? Reading.Of<ImmutableArray<Silence>>([]) : read.Select(silences => silences.IsDefault ? [] : silences.Select(Clean).ToImmutableArray());
    }

    // The file is a person's, and its words reach a terminal.
    private static Silence Clean(Silence silence) => silence with
    {
        Id = PlainText.Clean(silence.Id, LongestText),
        Rule = PlainText.Clean(silence.Rule, LongestText),
        Target = PlainText.Clean(silence.Target, LongestText),
        By = PlainText.Clean(silence.By, LongestText),
        Comment = PlainText.Clean(silence.Comment, LongestText),
    };

    private async Task<FileStream> LockAsync(CancellationToken cancellation)
    {
        string path = Path + ".lock";
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (attempt < Attempts && File.Exists(path))
            {
                await Task.Delay(BetweenAttempts, time, cancellation).ConfigureAwait(false);
            }
        }
    }
}
