using System.Globalization;
using System.Text;
using System.Text.Json;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Audit;

/// <summary>
/// Who did what to which target, one JSON object a line, only ever appended to. It rolls by size: <c>audit.jsonl</c>,
/// <c>audit.jsonl.1</c> … Each line is on the disk before the call returns. A line that cannot be written is an exception, unless it
/// may wait.
/// </summary>
/// <param name="backlog">Where lines wait that cannot be written; null where that is an exception.</param>
public sealed class AuditLog(AuditSettings settings, TimeProvider time, AuditBacklog? backlog = null)
{
    private const int LongestText = 2000;

    /// <summary>For another gotop that writes a line of its own.</summary>
    private const int Attempts = 100;

    private static readonly TimeSpan BetweenAttempts = TimeSpan.FromMilliseconds(20);

    public string Path { get; } = settings.File ?? System.IO.Path.Combine(StateFolder.OfThisUser(), "audit.jsonl");

    private long MaxBytes => settings.MaxMegabytes * 1024L * 1024;

    /// <summary>Writes that an action begins, before it does.</summary>
    /// <exception cref="AuditException"></exception>
    public async Task<AuditEntry> BeginAsync(ControlPlan plan, Actor actor, CancellationToken cancellation)
    {
        AuditEntry entry = Of(plan, actor, "begun");
        await AppendAsync(entry, cancellation).ConfigureAwait(false);
        return entry;
    }

    /// <inheritdoc cref="BeginAsync" path="/exception"/>
    public Task EndAsync(AuditEntry begun, ControlOutcome outcome, string after, string? reason, CancellationToken cancellation) => AppendAsync(
        begun with { Time = time.GetUtcNow(), Phase = outcome switch { ControlOutcome.Done => "done", ControlOutcome.Cancelled => "cancelled", _ => "failed" }, After = Cut(after), Reason = reason is null ? null : Cut(reason) },
        cancellation);

    /// <inheritdoc cref="BeginAsync" path="/exception"/>
    public Task RefuseAsync(ControlPlan plan, Actor actor, string reason, CancellationToken cancellation) =>
        AppendAsync(Of(plan, actor, "refused") with { Reason = Cut(reason) }, cancellation);

    private AuditEntry Of(ControlPlan plan, Actor actor, string phase) => new()
    {
        Time = time.GetUtcNow(),
        Id = Guid.NewGuid().ToString("N"),
        Phase = phase,
        User = actor.User,
        SudoUser = actor.Behind,
        From = actor.From,
        Part = actor.Part,
        Host = Environment.MachineName,
        ToolProcessId = Environment.ProcessId,
        Action = plan.Kind.Id,
        Target = Cut(plan.Target),
        What = Cut(plan.Summary),
        Before = Cut(plan.Before),
    };

    private async Task AppendAsync(AuditEntry entry, CancellationToken cancellation)
    {
        string line = JsonSerializer.Serialize(entry, AuditJsonContext.Lines.AuditEntry) + "\n";
        if (backlog is null) await WriteAsync(line, cancellation).ConfigureAwait(false);
        else await backlog.AddAsync(line, this).ConfigureAwait(false);
    }

    /// <exception cref="AuditException">Nothing of it is in the file.</exception>
    internal async Task WriteAsync(string text, CancellationToken cancellation)
    {
        byte[] line = Encoding.UTF8.GetBytes(text);
        try
        {
            Directory.CreateDirectory(System.IO.Path.GetDirectoryName(System.IO.Path.GetFullPath(Path))!);
            FileStream file = await OpenAsync(cancellation).ConfigureAwait(false);
            await using (file.ConfigureAwait(false))
            {
                long end = file.Seek(0, SeekOrigin.End);
                try
                {
                    await file.WriteAsync(line, cancellation).ConfigureAwait(false);
                    file.Flush(flushToDisk: true);
                }
                catch (IOException)
                {
                    // The disk took the beginning of it: the next line would stand behind that.
                    file.SetLength(end);
                    throw;
                }
            }
        }
        catch (Exception refused) when (refused is IOException or UnauthorizedAccessException or NotSupportedException or ArgumentException)
        {
            throw new AuditException(PlainText.Clean($"the audit log {Path} cannot be written: {refused.Message}", 500));
        }
    }

    /// <summary>Alone with the file, which is below its size: nobody else rolls or writes until it is closed.</summary>
    private async Task<FileStream> OpenAsync(CancellationToken cancellation)
    {
        for (int attempt = 1; ; attempt++)
        {
            try
            {
                FileStream file = new(Path, Options());
                if (file.Length < MaxBytes) return file;
                await file.DisposeAsync().ConfigureAwait(false);
                Roll();
            }
            catch (IOException) when (attempt < Attempts && File.Exists(Path))
            {
                await Task.Delay(BetweenAttempts, time, cancellation).ConfigureAwait(false);
            }
        }
    }

    /// <summary>Another gotop may roll at the same moment; then the file is small again, or a name is gone already.</summary>
    private void Roll()
    {
        // Whoever holds this one rolls; the lock file stays.
        using FileStream alone = new(Path + ".lock", FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        if (!File.Exists(Path) || new FileInfo(Path).Length < MaxBytes) return;
        File.Delete(Numbered(settings.Keep));
        for (int number = settings.Keep - 1; number >= 1; number--)
        {
            if (File.Exists(Numbered(number))) File.Move(Numbered(number), Numbered(number + 1));
        }

        if (settings.Keep > 0) File.Move(Path, Numbered(1));
        else File.Delete(Path);
    }

    private string Numbered(int number) => string.Create(CultureInfo.InvariantCulture, $"{Path}.{number}");

    private static string Cut(string text) => PlainText.Clean(text, LongestText);

    private static FileStreamOptions Options()
    {
        FileStreamOptions options = new() { Mode = FileMode.OpenOrCreate, Access = FileAccess.ReadWrite, Share = FileShare.None, BufferSize = 0 };
        // What was done to whom is nobody else's affair.
        if (!OperatingSystem.IsWindows()) options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead;
        return options;
    }
}
