using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Export;
using GoTop.Engine.Http;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Pprof;
using GoTop.Engine.Sources.Profiles;

namespace GoTop.Engine.Control.Capture;

/// <summary>
/// Takes a capture: kind after kind into one folder, with a manifest that is true at each moment. Cancelled, or when the
/// target ends or the disk is full, what is there stays and the manifest says what is not. Used once.
/// </summary>
public sealed class CaptureSession : IDisposable
{
    private const string CancelledReason = "cancelled";

    private readonly Func<PprofPlace, ProfileClient> _connect;
    private readonly string _lockFolder;
    private readonly DateTimeOffset _startedAt;
    private readonly Lock _lock = new();
    private ImmutableArray<CaptureItem> _items;
    private RequestProgress? _running;
    private ProfileClient? _client;
    private CaptureFolder? _folder;
    private DateTimeOffset? _endedAt;

    /// <param name="condition">How the target fares now; what is not known holds nothing back.</param>
    /// <param name="lockFolder">Where locks against captures by other processes lie; null for the usual place.</param>
    /// <param name="connect">Makes the client, for tests; null for a real one.</param>
    public CaptureSession(
        TargetContext target, CapturePlan plan, Func<TargetCondition> condition, string? lockFolder = null, Func<PprofPlace, ProfileClient>? connect = null)
    {
        (Target, Plan, Condition) = (target, plan, condition);
        _lockFolder = lockFolder ?? Path.Combine(StateFolder.OfThisUser(), "locks");
        _connect = connect ?? (place => ProfileClient.Create(place, target.Settings.Http, target.Time));
        _startedAt = target.Time.GetUtcNow();
        _items =
        [
            .. CaptureCatalog.All.Where(kind => plan.Kinds.Any(wanted => wanted.Id == kind.Id))
                .Select(kind => new CaptureItem(kind, CaptureState.Waiting, kind.TakesSeconds ? plan.Seconds : 0)),
        ];
    }

    /// <summary>Raised when a kind begins or ends, on the session's task: hand it on quickly.</summary>
    public event Action? Changed;

    public TargetContext Target { get; }

    public CapturePlan Plan { get; }

    /// <summary>Why the manifest could not be written; null when it was.</summary>
    public string? ManifestProblem { get; private set; }

    /// <summary>As of now.</summary>
    public CaptureProgress Progress
    {
        get
        {
            lock (_lock)
            {
                RequestProgress? running = _running;
                ImmutableArray<CaptureItem> items = running is null
                    ? _items
                    : [.. _items.Select(item => item.State == CaptureState.Running ? item with { Seconds = running.Seconds, Bytes = running.Bytes } : item)];
                return new CaptureProgress(_folder?.Path ?? Path.GetFullPath(Plan.Folder), items, Plan.IsAll);
            }
        }
    }

    internal Func<TargetCondition> Condition { get; }

    internal string? PprofUrl => _client?.BaseUrl.AbsoluteUri;

    internal CaptureFolder Folder => _folder ?? throw new InvalidOperationException("the session has not begun");

    /// <summary>Takes everything. Ends with what there is when it is cancelled; it does not throw then.</summary>
    /// <exception cref="CaptureException">The folder cannot be written to; nothing was asked of the target.</exception>
    public async Task<CaptureProgress> RunAsync(CancellationToken cancellation)
    {
        CaptureFolder folder = CaptureFolder.Open(Plan.Folder);
        lock (_lock) _folder = folder;
        WriteManifest();
        string? over = null;
        foreach (CaptureItem item in _items)
        {
            over ??= cancellation.IsCancellationRequested ? CancelledReason : null;
            if (over is not null) Set(item.Kind, at => at with { State = over == CancelledReason ? CaptureState.Cancelled : CaptureState.Failed, Reason = over });
            else over = await TakeAsync(item.Kind, cancellation).ConfigureAwait(false);
        }

        _endedAt = Target.Time.GetUtcNow();
        WriteManifest();
        Changed?.Invoke();
        return Progress;
    }

    /// <summary>The manifest as of now.</summary>
    public CaptureDocument ToDocument() => CaptureDocument.Of(this, _startedAt, _endedAt);

    public void Dispose() => _client?.Dispose();

    internal async Task<ProfileClient> ClientAsync(CancellationToken cancellation)
    {
        if (_client is not null) return _client;
        Reading<PprofPlace> found = await Target.Pprof.FindAsync(cancellation).ConfigureAwait(false);
        if (!found.TryGet(out PprofPlace? place))
            throw new CaptureException(found.State == ReadingState.NotSupported ? CaptureState.NotHad : CaptureState.Failed, found.Reason ?? PprofLocator.NoPort);
        try
        {
            return _client = _connect(place);
        }
        catch (HttpException settings)
        {
            throw new CaptureException(CaptureState.Failed, settings.Message);
        }
    }

    internal void Follow(CaptureKind kind, RequestProgress progress)
    {
        lock (_lock) _running = progress;
        Set(kind, item => item with { PlannedSeconds = progress.PlannedSeconds });
    }

    internal void Add(CaptureKind kind, CapturedFile file) => Set(kind, item => item with { Files = item.Files.Add(file) });

    internal void Note(CaptureKind kind, string note) => Set(kind, item => item with { Note = item.Note is null ? note : $"{item.Note}; {note}" });

    /// <summary>Takes one kind; gives why the ones after it are not to be begun, or null.</summary>
    private async Task<string?> TakeAsync(CaptureKind kind, CancellationToken cancellation)
    {
        Set(kind, item => item with { State = CaptureState.Running });
        Changed?.Invoke();
        long begun = Target.Time.GetTimestamp();
        (CaptureState state, string? reason, string? over) = (CaptureState.Done, null, null);
        try
        {
            using CaptureLock? taken = CaptureLock.TryTake(_lockFolder, Target.Target, Target.Settings.Url?.AbsoluteUri ?? Target.Target.PprofUrl.ValueOr(null), kind.Id);
            if (taken is null) throw new CaptureException(CaptureState.Failed, "another gotop is capturing this from the same target");
            await kind.Run(new CaptureWork(this, kind, cancellation)).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (cancellation.IsCancellationRequested)
        {
            (state, reason, over) = (CaptureState.Cancelled, CancelledReason, CancelledReason);
        }
        catch (CaptureException failure)
        {
            (state, reason) = (failure.State, failure.Message);
            if (failure.IsOfTheFolder) over = failure.Message;
            else if (Target.Target.Process is { } process && !Target.Platform.IsAlive(process)) over = "the process has ended";
            if (over is not null && !failure.IsOfTheFolder) reason = $"{reason}; {over}";
        }

        lock (_lock) _running = null;
        Set(kind, item => item with { State = state, Reason = reason, Seconds = Target.Time.GetElapsedTime(begun).TotalSeconds, TakenAt = Target.Time.GetUtcNow() });
        WriteManifest();
        Changed?.Invoke();
        return over;
    }

    private void Set(CaptureKind kind, Func<CaptureItem, CaptureItem> change)
    {
        lock (_lock) _items = [.. _items.Select(item => item.Kind.Id == kind.Id ? change(item) : item)];
    }

    /// <summary>A manifest that cannot be written is told, and keeps no capture from being taken.</summary>
    private void WriteManifest()
    {
        try
        {
            Folder.WriteManifest(ExportJson.Write(ToDocument()));
            ManifestProblem = null;
        }
        catch (CaptureException refused)
        {
            ManifestProblem = refused.Message;
        }
    }
}
