using System.ComponentModel;
using CliWrap;
using GoTop.App.Captures;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Feeds;
using GoTop.Widgets;
using Microsoft.Extensions.Logging;

namespace GoTop.Cli;

/// <summary>Runs one capture at a time behind the screen, and opens what was captured.</summary>
internal sealed class CaptureRunner(TimeProvider time, ILogger log, Action<CaptureStatus> publish, Action<string> say) : IDisposable
{
    /// <summary>How often the screen is told how far it is.</summary>
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(250);

    /// <summary>Leaving waits so long for the manifest to be written.</summary>
    private static readonly TimeSpan PatienceAtEnd = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private CancellationTokenSource? _cancel;
    private Task _running = Task.CompletedTask;
    private CaptureProgress? _last;

    /// <param name="live">Null when no live target is shown.</param>
    /// <param name="flights">Of this process.</param>
    public static CaptureOffer Offer(LiveFeed? live, CaptureSettings settings, FlightRecorderHolder flights)
    {
        if (live is null) return new CaptureOffer { WhyNothing = "a live service must be watched: nothing can be captured from a recording" };
        if (live.Latest?.Now.TargetEnded is { } ended) return new CaptureOffer { WhyNothing = ended };
        return new CaptureOffer
        {
            WhyNoMemory = WhyNot("memory"),
            WhyNoPprof = WhyNot("pprof"),
            WhyNoFlightRecorder = flights.WhyNone,
            Seconds = settings.Seconds,
            Condition = live.Condition,
        };

        string? WhyNot(string source) => live.Latest?.Now.Sources.FirstOrDefault(status => status.Name == source) switch
        {
            { State: SourceState.NotSupported or SourceState.Denied } status => status.Reason,
            null when live.Latest is not null => "the target is known by its address only",
            _ => null,
        };
    }

    public void Start(LiveFeed live, CaptureRequest request, CaptureSettings settings)
    {
        lock (_lock)
        {
            if (!_running.IsCompleted) return;
            _cancel?.Dispose();
            _cancel = new CancellationTokenSource();
            CancellationToken cancellation = _cancel.Token;
            _running = Task.Run(() => RunAsync(live, request, settings, cancellation), CancellationToken.None);
        }
    }

    public void Cancel()
    {
        lock (_lock) _cancel?.Cancel();
    }

    /// <summary>Opens the first file of one kind.</summary>
    public void Open(CaptureItem item, CaptureSettings settings)
    {
        if (_last is not { } last || item.Files.IsEmpty) return;
        string file = Path.Combine(last.Folder, item.Files[0].Name);
        if (settings.ViewerOf(item.Kind.Id) is not { } viewer || CommandTemplate.TryParse(viewer) is not { } command)
        {
            say($"No viewer is set: [capture] viewer = \"go tool pprof -http=: {{file}}\" in gotop.toml. The file: {file}");
            return;
        }

        say($"{command.Program} opens {file}");
        _ = Task.Run(() => ViewAsync(command, file));
    }

    public void Dispose()
    {
        Cancel();
        // The manifest is to say that it was cancelled.
        _running.Wait(PatienceAtEnd);
        _cancel?.Dispose();
    }

    private async Task RunAsync(LiveFeed live, CaptureRequest request, CaptureSettings settings, CancellationToken cancellation)
    {
        CaptureProgress? shown = null;
        try
        {
            CapturePlan plan = new(request.Kinds, request.Seconds, CapturePlaces.New(settings, live.Context.Target.Name, time.GetUtcNow()))
            {
                IsAll = request.IsAll,
                Force = request.Force,
                MaxTraceBytes = settings.MaxTraceMegabytes << 20,
                ToolVersion = ToolVersion.Text,
            };
            using CaptureSession session = new(live.Context, plan, () => live.Condition);
            session.Changed += Show;
            Task<CaptureProgress> run = session.RunAsync(cancellation);
            while (!run.IsCompleted)
            {
                Show();
                await Task.WhenAny(run, Task.Delay(Step, time, CancellationToken.None)).ConfigureAwait(false);
            }

            CaptureProgress progress = await run.ConfigureAwait(false);
            _last = shown = progress;
            string more = progress.Failed > 0 ? " (c, then tab, says why)" : "";
            string verdict = $"{CaptureWords.Verdict(progress)}{more}: {progress.Folder}";
            say(session.ManifestProblem is { } problem ? $"{verdict}; {problem}" : verdict);
            log.LogInformation("capture of {Target}: {Verdict}", live.Context.Target.Name, verdict);

            void Show() => publish(new CaptureStatus(shown = session.Progress, IsRunning: true));
        }
        catch (CaptureException refused)
        {
            say(refused.Message);
            log.LogWarning("nothing was captured: {Reason}", refused.Message);
        }
        catch (Exception bug)
        {
            say($"the capture failed: {bug.Message}");
            log.LogError(bug, "the capture failed");
        }
        finally
        {
            if (shown is not null) publish(new CaptureStatus(shown, IsRunning: false));
        }
    }

    /// <summary>Beside the screen and never in its terminal: what it prints is dropped, but for a last word when it fails.</summary>
    private async Task ViewAsync(CommandTemplate command, string file)
    {
        string lastWord = "";
        try
        {
            CommandResult result = await CliWrap.Cli.Wrap(command.Program).WithArguments(command.For(file)).WithWorkingDirectory(Path.GetDirectoryName(file)!)
                .WithStandardErrorPipe(PipeTarget.ToDelegate(line => lastWord = line.Length > 0 ? line : lastWord))
                .WithValidation(CommandResultValidation.None)
                .ExecuteAsync().ConfigureAwait(false);
            if (result.ExitCode != 0) say($"{command.Program} ended with {result.ExitCode}{(lastWord.Length > 0 ? $": {lastWord}" : "")}");
        }
        catch (Exception refused) when (refused is Win32Exception or InvalidOperationException or IOException)
        {
            say($"{command.Program} cannot be started: {refused.Message}");
        }
    }
}
