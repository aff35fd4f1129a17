using System.Collections.Immutable;
using System.Threading.Channels;
using GoTop.Engine.Agent.Consumers;
using GoTop.Engine.Config;
using GoTop.Engine.Model;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Agent;

/// <summary>
/// The agent: keeps a <see cref="TargetWatch"/> for each target of the configuration, takes on changes of it, pauses and goes on,
/// and writes what it is about. One task does all of it; what others ask of it waits in a channel.
/// </summary>
public sealed class AgentWorker
{
    /// <summary>The state is written so often at least, so that last readings are no older.</summary>
    public static readonly TimeSpan WriteEvery = TimeSpan.FromSeconds(5);

    private readonly Channel<Func<Task>> _asked = Channel.CreateBounded<Func<Task>>(new BoundedChannelOptions(64) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly Channel<bool> _changed = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });
    private readonly AgentServices _services;
    private readonly AgentStateFile _file;
    private readonly ImmutableArray<Func<AgentServices, IObservationConsumer?>> _catalogue;
    private readonly List<TargetWatch> _watches = [];

    /// <summary>What is known of targets that nobody watches at the moment: a pause, or other settings, make nobody forget that one is down.</summary>
    private readonly Dictionary<string, TargetPast> _pasts = new(StringComparer.Ordinal);
    private readonly TaskCompletionSource _ready = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ConsumerHub? _consumers;
    private LoadedConfig _config;
    private AgentState _state;
    private long _turn;
    private bool _writeFailed;

    /// <param name="loaded">Its sound part holds; its problems have been told.</param>
    /// <param name="catalogue">Usually <see cref="ConsumerCatalog.All"/>.</param>
    public AgentWorker(AgentParts parts, LoadedConfig loaded, ImmutableArray<Func<AgentServices, IObservationConsumer?>> catalogue)
    {
        _config = loaded;
        _catalogue = catalogue;
        _services = new AgentServices(parts.Platform, parts.Finder, parts.Time, parts.Log, parts.ToolVersion, loaded.Config.Agent.FolderOrUsual, () => Volatile.Read(ref _config).Config) { IsConfigSound = () => Volatile.Read(ref _config).IsSound };
        _file = new AgentStateFile(_services.Folder);
        DateTimeOffset now = parts.Time.GetUtcNow();
        ProcessKey self = parts.Platform.FindProcess(Environment.ProcessId).ValueOr(new ProcessKey(Environment.ProcessId, 0));
        _state = new AgentState
        {
            ToolVersion = parts.ToolVersion,
            ProcessId = self.ProcessId,
            StartToken = self.StartToken,
            StartedAt = now,
            PhaseSince = now,
            ConfigFile = loaded.File,
            ConfigReadAt = now,
            ConfigProblems = Texts(loaded),
            ConfigIsPartial = !loaded.IsSound,
            Folder = _services.Folder,
        };
        Volatile.Write(ref _turn, parts.Time.GetTimestamp());
    }

    /// <summary>All that it says of itself; also what status shows.</summary>
    public AgentState State => Volatile.Read(ref _state);

    /// <summary>Ends when it watches.</summary>
    public Task Ready => _ready.Task;

    /// <summary>How long ago its task last took a turn: it hangs when this is much longer than <see cref="WriteEvery"/>.</summary>
    public TimeSpan SinceLastTurn => _services.Time.GetElapsedTime(Volatile.Read(ref _turn));

    /// <summary>Takes on a configuration. One with problems changes nothing: they are logged, and shown in the state.</summary>
    public void Reconfigure(LoadedConfig loaded) => _asked.Writer.TryWrite(() => ReconfigureAsync(loaded));

    /// <summary>Ends all watching, until <see cref="Continue"/>.</summary>
    public void Pause() => _asked.Writer.TryWrite(PauseAsync);

    public void Continue() => _asked.Writer.TryWrite(ContinueAsync);

    /// <summary>Runs until it is cancelled; then everything is written and closed, and it returns.</summary>
    /// <exception cref="AgentException">Another agent runs with this folder, or it cannot be written.</exception>
    public async Task RunAsync(CancellationToken cancellation)
    {
        using FileStream alone = LockFolder();
        Write();
        _consumers = ConsumerHub.Start(_catalogue, _services);
        _services.Log.LogInformation(
            "agent {Version} starts: process {Process}, {Count} targets of {File}, folder {Folder}",
            _state.ToolVersion, _state.ProcessId, _config.Config.Targets.Length, _config.File ?? "no configuration", _services.Folder);
        foreach (string problem in _state.ConfigProblems) _services.Log.LogWarning("{Problem}", problem);
        await MatchTargetsAsync(_config.Config).ConfigureAwait(false);
        SetPhase(AgentPhase.Running);
        _ready.TrySetResult();
        try
        {
            while (!cancellation.IsCancellationRequested) await TurnAsync(cancellation).ConfigureAwait(false);
        }
        finally
        {
            SetPhase(AgentPhase.Stopping);
            _services.Log.LogInformation("agent stops");
            await MatchTargetsAsync(null).ConfigureAwait(false);
            await _consumers.DisposeAsync().ConfigureAwait(false);
            await WriteAuditAsync().ConfigureAwait(false);
            SetPhase(AgentPhase.Stopped);
            _services.Log.LogInformation("agent has stopped");
        }
    }

    /// <summary>Waits until somebody asks for something, something has changed, or it is time to write.</summary>
    private async Task TurnAsync(CancellationToken cancellation)
    {
        using CancellationTokenSource enough = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        Task asked = _asked.Reader.WaitToReadAsync(enough.Token).AsTask(), changed = _changed.Reader.WaitToReadAsync(enough.Token).AsTask();
        await Task.WhenAny(asked, changed, Task.Delay(WriteEvery, _services.Time, enough.Token)).ConfigureAwait(false);
        await enough.CancelAsync().ConfigureAwait(false);
        Volatile.Write(ref _turn, _services.Time.GetTimestamp());
        while (_asked.Reader.TryRead(out Func<Task>? what)) await what().ConfigureAwait(false);
        _changed.Reader.TryRead(out _);
        Write();
        await WriteAuditAsync().ConfigureAwait(false);
    }

    private Task WriteAuditAsync() => _services.Audit.TryAgainAsync(_config.Config.Audit, _services.Time);

    private async Task ReconfigureAsync(LoadedConfig loaded)
    {
        ImmutableArray<string> problems = Texts(loaded);
        if (!loaded.IsSound)
        {
            foreach (string problem in problems) _services.Log.LogWarning("{Problem}", problem);
            _services.Log.LogWarning("{File} has problems: the settings that held before hold on", loaded.File);
            Set(state => state with { ConfigProblems = problems });
            return;
        }

        Volatile.Write(ref _config, loaded);
        Set(state => state with { ConfigFile = loaded.File, ConfigReadAt = _services.Time.GetUtcNow(), ConfigProblems = [], ConfigIsPartial = false });
        (int begun, int ended) = _state.Phase == AgentPhase.Paused ? (0, 0) : await MatchTargetsAsync(loaded.Config).ConfigureAwait(false);
        _services.Log.LogInformation("{File} read again: {Count} targets, {Begun} begun, {Ended} ended", loaded.File, loaded.Config.Targets.Length, begun, ended);
        if (loaded.Config.Agent.FolderOrUsual != _services.Folder)
            _services.Log.LogWarning("another agent.folder holds from the agent's next start on; until then it is {Folder}", _services.Folder);
    }

    private async Task PauseAsync()
    {
        if (_state.Phase != AgentPhase.Running) return;
        await MatchTargetsAsync(null).ConfigureAwait(false);
        SetPhase(AgentPhase.Paused);
        _services.Log.LogInformation("agent paused: nothing is watched");
    }

    private async Task ContinueAsync()
    {
        if (_state.Phase != AgentPhase.Paused) return;
        await MatchTargetsAsync(_config.Config).ConfigureAwait(false);
        SetPhase(AgentPhase.Running);
        _services.Log.LogInformation("agent goes on");
    }

    /// <summary>Ends the watches that are not wanted any more or differently, and begins those that are missing. What stays is not touched.</summary>
    /// <param name="config">Null for no target at all.</param>
    private async Task<(int Begun, int Ended)> MatchTargetsAsync(GoTopConfig? config)
    {
        HashSet<WatchSettings> wanted = config is null ? [] : [.. config.Targets.Select(target => new WatchSettings(target, config))];
        TargetWatch[] leaving = [.. _watches.Where(watch => !wanted.Contains(watch.Settings))];
        await Task.WhenAll(leaving.Select(watch => watch.EndAsync(goesOn: wanted.Any(watch.IsOf)))).ConfigureAwait(false);
        foreach (TargetWatch watch in leaving)
        {
            _watches.Remove(watch);
            _pasts[watch.Name] = watch.Past;
        }

        wanted.ExceptWith(_watches.Select(watch => watch.Settings));
        foreach (WatchSettings settings in wanted)
        {
            TargetPast? past = _pasts.GetValueOrDefault(TargetNaming.NameOf(settings.Target));
            _watches.Add(new TargetWatch(settings, past?.IsOf(settings) == true ? past : null, _services, _consumers!, () => _changed.Writer.TryWrite(true)));
        }

        if (config is not null) _pasts.Clear();
        return (wanted.Count, leaving.Length);
    }

    private FileStream LockFolder()
    {
        string path = Path.Combine(_services.Folder, "agent.lock");
        try
        {
            Directory.CreateDirectory(_services.Folder);
            return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            string who = _file.Read().TryGet(out AgentState? other) && AgentStateFile.IsRunning(other, _services.Platform)
                ? FormattableString.Invariant($"an agent runs already with the folder {_services.Folder}: process {other.ProcessId}")
                : $"{path} cannot be had: {refused.Message}";
            throw new AgentException(PlainText.Clean(who, 500));
        }
    }

    private void SetPhase(AgentPhase phase)
    {
        Set(state => state with { Phase = phase, PhaseSince = _services.Time.GetUtcNow() });
        Write();
    }

    /// <summary>Only the agent's own task writes.</summary>
    private void Set(Func<AgentState, AgentState> change) => Volatile.Write(ref _state, change(_state));

    private void Write()
    {
        Set(state => state with { WrittenAt = _services.Time.GetUtcNow(), Targets = [.. _watches.Select(watch => watch.State)], Consumers = _consumers?.States ?? [] });
        try
        {
            _file.Write(_state);
            _writeFailed = false;
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException)
        {
            if (!_writeFailed) _services.Log.LogError("{File} cannot be written: {Reason}", _file.Path, refused.Message);
            _writeFailed = true;
        }
    }

    private static ImmutableArray<string> Texts(LoadedConfig loaded) => [.. loaded.Problems.Select(problem => problem.ToString())];
}
