using System.Collections.Immutable;
using GoTop.Engine.Model;

namespace GoTop.Engine.Sources.Logs;

/// <summary>Follows the log files that the configuration names for a target, from shortly before their end.</summary>
public sealed class LogFileSource : ISource
{
    private const int MostLines = 1000;
    private const int MostBytes = 256 << 10;

    private readonly ImmutableArray<FollowedFile> _files;
    private readonly TimeProvider _time;

    public LogFileSource(ImmutableArray<string> paths, TimeProvider time)
    {
        _files = [.. paths.Distinct().Select(path => new FollowedFile(path))];
        _time = time;
    }

    public string Name => "logs";

    public TimeSpan Period => TimeSpan.FromSeconds(1);

    public string CostToTarget => "none";

    public static SourceStatus Check(TargetContext context) => context.Settings.Logs.IsEmpty
        ? new SourceStatus("logs", SourceState.NotSupported, "no log files are configured for this target (logs = [\"/path/file.log\"])", CostMilliseconds: null)
        : new SourceStatus("logs", SourceState.Ok, Reason: null, CostMilliseconds: null);

    /// <summary>The files lie on this machine, wherever the target runs.</summary>
    public static ISource? Create(TargetContext context) =>
        context.Settings.Logs.IsEmpty ? null : new LogFileSource(context.Settings.Logs, context.Time);

    public ValueTask<SourceResult> ReadAsync(Interest interest, CancellationToken cancellation)
    {
        ImmutableArray<LogLine>.Builder all = ImmutableArray.CreateBuilder<LogLine>();
        List<string> problems = [];
        List<string> lines = [];
        long dropped = 0;
        // Each file has its share, so that a noisy one does not silence the others.
        int mostBytes = MostBytes / _files.Length;
        int mostLines = Math.Max(1, MostLines / _files.Length);
        DateTimeOffset now = _time.GetUtcNow();
        foreach (FollowedFile file in _files)
        {
            cancellation.ThrowIfCancellationRequested();
            lines.Clear();
            if (file.Read(lines, mostBytes, ref dropped) is { } problem) problems.Add(problem);
            // The newest count most.
            int skipped = Math.Max(0, lines.Count - mostLines);
            dropped += skipped;
            foreach (string line in lines.Skip(skipped)) all.Add(new LogLine(now, file.Path, line));
        }

        string? reason = problems.Count == 0 ? null : string.Join("; ", problems);
        SourceState state = problems.Count == _files.Length ? SourceState.NotYet : SourceState.Ok;
        return ValueTask.FromResult(new SourceResult(new SampleFacts { LogLines = all.DrainToImmutable(), LogLinesDropped = dropped }, state, reason));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
