using System.Text;
using System.Text.Json;
using GoTop.Engine.Config;
using GoTop.Engine.Control.Acting;
using GoTop.Engine.Control.Audit;
using GoTop.Engine.Model;

namespace GoTop.Engine.Agent;

/// <summary>What a person did to a target by GoTop.</summary>
/// <param name="Action">An id of the control catalogue.</param>
public sealed record OperatorAction(string Action, string User, DateTimeOffset Time);

/// <summary>
/// Whether a target that ended was ended on purpose: what the audit log says of the last moments. What people do by other means
/// (systemctl, services.msc) does not stand there.
/// </summary>
public sealed class OperatorActions(AuditSettings settings, TimeProvider time)
{
    /// <summary>A stop takes its deadline; a restart captures evidence first.</summary>
    public static readonly TimeSpan Recent = TimeSpan.FromMinutes(5);

    private const int MostBytes = 64 * 1024;

    private static readonly string[] Ending = [ControlCatalog.Stop.Id, ControlCatalog.Restart.Id, ControlCatalog.Environment.Id];

    /// <summary>The last action that ends or restarts the target and was not refused; null when there is none, or nobody can tell.</summary>
    public OperatorAction? Latest(TargetIdentity target)
    {
        foreach (string line in Tail().Reverse())
        {
            if (Parse(line) is not { } entry) continue;
            if (time.GetUtcNow() - entry.Time > Recent) return null;
            // The watchdog's own restarts are no person's.
            if (entry.Part is not null) continue;
            if (entry.Phase is "begun" or "done" && Ending.Contains(entry.Action) && (entry.Target == target.Name || entry.Target == target.Service.ValueOr(null)))
                return new OperatorAction(entry.Action, entry.User, entry.Time);
        }

        return null;
    }

    private string[] Tail()
    {
        try
        {
            using FileStream file = new(new AuditLog(settings, time).Path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            file.Seek(-Math.Min(file.Length, MostBytes), SeekOrigin.End);
            byte[] bytes = new byte[MostBytes];
            int length = file.ReadAtLeast(bytes, bytes.Length, throwOnEndOfStream: false);
            return Encoding.UTF8.GetString(bytes, 0, length).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        }
        catch (Exception missing) when (missing is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    /// <summary>Null for the first line, which may be cut off, and for what is no entry.</summary>
    private static AuditEntry? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, AuditJsonContext.Lines.AuditEntry);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
