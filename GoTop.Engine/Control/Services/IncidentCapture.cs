using System.Collections.Immutable;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Capture;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;
using GoTop.Engine.Sources.Logs;

namespace GoTop.Engine.Control.Services;

/// <summary>
/// Evidence before a restart, which destroys it: goroutines from memory, heap, a CPU profile where pprof answers, the last lines
/// of the log. When its time is over, the restart goes on, whatever is still being captured.
/// </summary>
public sealed record IncidentCapture(CaptureSettings Captures, ControlSettings Settings, Func<TargetCondition> Condition, string ToolVersion)
{
    private const string LogName = "log.txt";

    /// <summary>Told the folder once something lies in it.</summary>
    public Action<string>? Kept { get; init; }

    internal ControlStep Step(TargetContext target, IService service)
    {
        string kinds = Settings.CaptureCpuSeconds > 0 ? FormattableString.Invariant($"goroutines, heap, {Settings.CaptureCpuSeconds} s of CPU profile, log") : "goroutines, heap, log";
        return new ControlStep($"capture evidence ({kinds}), at most {Settings.CaptureDeadline.TotalSeconds:0.#} s", work => RunAsync(target, service, work)) { MayFail = true };
    }

    /// <summary>Of a process that has ended by itself: its last words are all that is left.</summary>
    internal ControlStep LogStep(TargetContext target, IService service) => new("keep the last lines of its log", async work =>
    {
        string folder = CapturePlaces.New(Captures, target.Target.Name + "-before-restart", target.Time.GetUtcNow());
        Directory.CreateDirectory(folder);
        string? problem = await SaveLogAsync(target, service, folder, work.Cancellation).ConfigureAwait(false);
        string log = Path.Combine(folder, LogName);
        if (File.Exists(log))
        {
            Kept?.Invoke(folder);
            work.Tell($"log in {folder}{(problem is null ? "" : $"; not whole: {problem}")}");
            return;
        }

        Directory.Delete(folder);
        work.Tell(problem is null ? "it has no log that is known" : $"its log could not be kept: {problem}");
    })
    { MayFail = true };

    private async Task RunAsync(TargetContext target, IService service, StepWork work)
    {
        string folder = CapturePlaces.New(Captures, target.Target.Name + "-before-restart", target.Time.GetUtcNow());
        using CancellationTokenSource waiting = CancellationTokenSource.CreateLinkedTokenSource(work.Cancellation);
        // The capture may hang in a system call, so its end is not waited for; it disposes of this by itself.
        CancellationTokenSource capturing = CancellationTokenSource.CreateLinkedTokenSource(work.Cancellation);
        Progress told = new(work);
        Task<string> all = Task.Run(() => CaptureAsync(target, service, folder, told, capturing), CancellationToken.None);
        Task deadline = Task.Delay(Settings.CaptureDeadline, target.Time, waiting.Token);
        if (await Task.WhenAny(all, deadline).ConfigureAwait(false) == all)
        {
            await waiting.CancelAsync().ConfigureAwait(false);
            work.Tell(await all.ConfigureAwait(false));
            TellKept(folder);
            return;
        }

        _ = all.ContinueWith(late => _ = late.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        // Not awaited either: callbacks of it run what is to be cancelled.
        _ = Task.Run(capturing.Cancel, CancellationToken.None);
        work.Cancellation.ThrowIfCancellationRequested();
        TellKept(folder);
        told.End($"cut off after {Settings.CaptureDeadline.TotalSeconds:0.#} s; what there is lies in {folder}");
    }

    private void TellKept(string folder)
    {
        if (Directory.Exists(folder) && Directory.EnumerateFiles(folder).Any()) Kept?.Invoke(folder);
    }

    private async Task<string> CaptureAsync(TargetContext target, IService service, string folder, Progress told, CancellationTokenSource cancel)
    {
        try
        {
            Directory.CreateDirectory(folder);
            Task<string?> log = SaveLogAsync(target, service, folder, cancel.Token);
            ImmutableArray<CaptureKind> kinds = [.. CaptureCatalog.All.Where(kind => kind.Id is "stacks" or "heap" || (kind.Id == "cpu" && Settings.CaptureCpuSeconds > 0))];
            CapturePlan plan = new(kinds, Math.Max(1, Settings.CaptureCpuSeconds), folder) { IsAll = true, ToolVersion = ToolVersion };
            using CaptureSession session = new(target, plan, Condition);
            session.Changed += () => told.Tell(session.Progress.Running is { } running ? $"{running.Kind.Title} …" : $"{session.Progress.Done} of {session.Progress.Items.Length} done");
            CaptureProgress progress = await session.RunAsync(cancel.Token).ConfigureAwait(false);
            string? logProblem = await log.ConfigureAwait(false);
            string had = string.Join(", ", progress.Items.Where(item => !item.Files.IsEmpty).Select(item => item.Kind.Id).Concat(File.Exists(Path.Combine(folder, LogName)) ? ["log"] : Array.Empty<string>()));
            string[] not = [.. progress.Items.Where(item => item.State is CaptureState.Failed or CaptureState.Partial).Select(item => $"{item.Kind.Id}: {item.Reason}"), .. logProblem is null ? Array.Empty<string>() : [$"log: {logProblem}"]];
            return $"{(had.Length == 0 ? "nothing" : had)} in {folder}{(not.Length == 0 ? "" : $"; not had: {string.Join("; ", not)}")}";
        }
        catch (CaptureException refused)
        {
            throw new ControlException(refused.Message);
        }
        finally
        {
            cancel.Dispose();
        }
    }

    /// <returns>Why it could not be had; null when it could, or there is none.</returns>
    private async Task<string?> SaveLogAsync(TargetContext target, IService service, string folder, CancellationToken cancellation)
    {
        if (Settings.LogLines == 0) return null;
        try
        {
            List<string> lines = [];
            foreach (string file in target.Settings.Logs.Where(LogLocation.IsOneFile)) lines.AddRange(LogTail.Read(file, Settings.LogLines));
            lines.AddRange(await service.LastLogLinesAsync(Settings.LogLines, cancellation).ConfigureAwait(false));
            if (lines.Count > 0) await File.WriteAllLinesAsync(Path.Combine(folder, LogName), lines, cancellation).ConfigureAwait(false);
            return null;
        }
        catch (Exception refused) when (refused is ControlException or IOException or UnauthorizedAccessException or OperationCanceledException)
        {
            return PlainText.Clean(refused.Message, 200);
        }
    }

    /// <summary>What a capture that is cut off still does is no news: the step has said its last word.</summary>
    private sealed class Progress(StepWork work)
    {
        private readonly Lock _gate = new();
        private bool _ended;

        public void Tell(string text)
        {
            lock (_gate)
            {
                if (!_ended) work.Tell(text);
            }
        }

        public void End(string text)
        {
            lock (_gate)
            {
                _ended = true;
                work.Tell(text);
            }
        }
    }
}
