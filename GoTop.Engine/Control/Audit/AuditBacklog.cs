using System.Collections.Concurrent;
using GoTop.Engine.Config;
using GoTop.Engine.Sampling;
using Microsoft.Extensions.Logging;

namespace GoTop.Engine.Control.Audit;

/// <summary>
/// Lines of the audit log that wait while it cannot be written (the disk is full). A person who acts is told so, and nothing is done;
/// but an agent that let a hung service hang since a disk is full would be no help. Each line that waits stands in the agent's own log
/// at once, in full. Several tasks may call at once.
/// </summary>
public sealed class AuditBacklog(ILogger log)
{
    /// <summary>Above it the oldest are dropped; the agent's own log has them.</summary>
    private const int Most = 500;

    private readonly Lock _lock = new();
    private readonly ConcurrentQueue<string> _lines = [];

    /// <summary>One after the other.</summary>
    private Task _writing = Task.CompletedTask;

    /// <summary>Writes it after those that wait, or lets it wait with them.</summary>
    internal Task AddAsync(string line, AuditLog audit)
    {
        lock (_lock)
        {
            if (_lines.Count >= Most) _lines.TryDequeue(out _);
            _lines.Enqueue(line);
            return _writing = AfterAsync(_writing, line);
        }

        async Task AfterAsync(Task before, string added)
        {
            await before.ConfigureAwait(false);
            if (await WriteAsync(audit).ConfigureAwait(false) is { } problem) log.LogError("{Problem}; it waits: {Line}", problem, added.TrimEnd());
        }
    }

    /// <summary>Tries those that wait again.</summary>
    public Task TryAgainAsync(AuditSettings settings, TimeProvider time)
    {
        lock (_lock) return _lines.IsEmpty ? Task.CompletedTask : _writing = AfterAsync(_writing);

        async Task AfterAsync(Task before)
        {
            await before.ConfigureAwait(false);
            int waited = _lines.Count;
            if (waited > 0 && await WriteAsync(new AuditLog(settings, time)).ConfigureAwait(false) is null) log.LogInformation("the audit log has the {Lines} that waited", Figures.Counted(waited, "line"));
        }
    }

    /// <returns>Why not all; null when all are written.</returns>
    private async Task<string?> WriteAsync(AuditLog audit)
    {
        try
        {
            while (_lines.TryPeek(out string? line))
            {
                await audit.WriteAsync(line, CancellationToken.None).ConfigureAwait(false);
                _lines.TryDequeue(out _);
            }

            return null;
        }
        catch (AuditException unwritten)
        {
            return unwritten.Message;
        }
    }
}
