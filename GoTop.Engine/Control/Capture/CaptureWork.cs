using GoTop.Engine.Http;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Control.Capture;

/// <summary>One kind of a capture being taken: what it may use, and where its files go.</summary>
internal sealed class CaptureWork(CaptureSession session, CaptureKind kind, CancellationToken cancellation)
{
    public CaptureKind Kind => kind;

    public TargetContext Target => session.Target;

    public CancellationToken Cancellation => cancellation;

    /// <summary>How long what goes on for a time goes on.</summary>
    public int Seconds => session.Plan.Seconds;

    /// <summary>Where the files go.</summary>
    public string Folder => session.Folder.Path;

    public int MaxTraceBytes => session.Plan.MaxTraceBytes;

    /// <summary>Why a page must not be asked for now; null when it may.</summary>
    public GuardStop? Guard(ServedProfile served) => RequestGuard.Check(served, session.Condition(), byPerson: true, session.Plan.Force);

    /// <summary>Shows how far it is.</summary>
    public void Follow(RequestProgress progress) => session.Follow(kind, progress);

    public void Note(string note) => session.Note(kind, note);

    /// <summary>Saves what the service serves, byte for byte.</summary>
    /// <param name="keepsPart">What came of it is of use even if it ends early.</param>
    /// <exception cref="CaptureException">It could not be had, or not be written.</exception>
    /// <exception cref="OperationCanceledException"></exception>
    public async Task SaveAsync(ServedProfile served, string name, int maxBytes, bool keepsPart)
    {
        ProfileClient client = await session.ClientAsync(cancellation).ConfigureAwait(false);
        if (Guard(served) is { } stop) throw new CaptureException(CaptureState.Failed, $"held back: {stop.Reason}{(stop.CanForce ? "; it can be forced" : "")}");
        int seconds = served.TakesSeconds ? session.Plan.Seconds : 0;
        if (served.Cost == RequestCost.Little)
        {
            await SaveAsync(client, served, seconds, name, maxBytes, keepsPart, new RequestProgress(served.Title, seconds, Target.Time)).ConfigureAwait(false);
            return;
        }

        using RequestLease lease = await Target.Gate.EnterAsync($"capture: {served.TitleOf(seconds)}", seconds, cancellation).ConfigureAwait(false);
        await SaveAsync(client, served, seconds, name, maxBytes, keepsPart, lease.Progress).ConfigureAwait(false);
    }

    /// <summary>Saves what is made here.</summary>
    /// <inheritdoc cref="SaveAsync(ServedProfile, string, int, bool)" path="/exception"/>
    public async Task SaveAsync(string name, string? openCommand, Func<Stream, Task> write)
    {
        (long bytes, string hash) = await session.Folder.WriteAsync(name, partName: null, write).ConfigureAwait(false);
        session.Add(kind, new CapturedFile(name, bytes, hash, openCommand?.Replace("{file}", name, StringComparison.Ordinal)));
    }

    /// <summary>What has come is written, even when it is cancelled meanwhile.</summary>
    private static async ValueTask CopyAsync(Stream body, Stream file, CancellationToken cancellation)
    {
        byte[] buffer = new byte[80 * 1024];
        for (int read; (read = await body.ReadAsync(buffer, cancellation).ConfigureAwait(false)) > 0;)
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None).ConfigureAwait(false);
    }

    private async Task SaveAsync(ProfileClient client, ServedProfile served, int seconds, string name, int maxBytes, bool keepsPart, RequestProgress progress)
    {
        session.Follow(kind, progress);
        string? part = keepsPart ? "part-of-" + name : null;
        try
        {
            string? note = null;
            (long bytes, string hash) = await session.Folder.WriteAsync(name, part, async file =>
            {
                ProfileAnswer answer = await client.AskAsync(
                    served, seconds, maxBytes, (body, token) => CopyAsync(body, file, token), progress, askTwice: true, cancellation).ConfigureAwait(false);
                note = answer.Note;
            }).ConfigureAwait(false);
            string? open = name.EndsWith(".txt", StringComparison.Ordinal) ? "less {file}" : kind.OpenCommand;
            session.Add(kind, new CapturedFile(name, bytes, hash, open.Replace("{file}", name, StringComparison.Ordinal)));
            if (note is not null) session.Note(kind, note);
        }
        catch (OperationCanceledException) when (part is not null && progress.Bytes > 0)
        {
            session.Note(kind, $"what had come is in {part}");
            throw;
        }
        catch (HttpException failure)
        {
            bool isNotHad = failure.Failure is HttpFailure.NotThere;
            bool hasPart = part is not null && progress.Bytes > 0;
            throw new CaptureException(
                hasPart ? CaptureState.Partial : isNotHad ? CaptureState.NotHad : CaptureState.Failed,
                hasPart ? $"{failure.Message}; what had come is in {part}" : failure.Message);
        }
    }
}
