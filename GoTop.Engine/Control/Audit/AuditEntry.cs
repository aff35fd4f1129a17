using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace GoTop.Engine.Control.Audit;

/// <summary>One line of the audit log. Two lines of an action share their id: <c>begun</c>, and what came of it.</summary>
public sealed record AuditEntry
{
    /// <summary>UTC.</summary>
    public required DateTimeOffset Time { get; init; }

    public required string Id { get; init; }

    /// <summary><c>begun</c>, <c>done</c>, <c>failed</c>, <c>cancelled</c> or <c>refused</c>. An action with no other line than <c>begun</c> was cut off.</summary>
    public required string Phase { get; init; }

    public required string User { get; init; }

    public string? SudoUser { get; init; }

    public string? From { get; init; }

    /// <summary>What of GoTop acted by itself: <c>watchdog</c>; null for a person.</summary>
    public string? Part { get; init; }

    /// <summary>This machine.</summary>
    public required string Host { get; init; }

    /// <summary>Of the gotop that acts.</summary>
    public required int ToolProcessId { get; init; }

    /// <summary>An id of the control catalogue.</summary>
    public required string Action { get; init; }

    public required string Target { get; init; }

    /// <summary>In a sentence.</summary>
    public required string What { get; init; }

    public required string Before { get; init; }

    /// <summary>As read back; null before it was done.</summary>
    public string? After { get; init; }

    /// <summary>Why it failed or was refused.</summary>
    public string? Reason { get; init; }
}

/// <summary>The audit log cannot be written. The message is for the screen.</summary>
public sealed class AuditException(string message) : Exception(message);

[JsonSerializable(typeof(AuditEntry))]
internal sealed partial class AuditJsonContext : JsonSerializerContext
{
    /// <summary>One line each; nulls are left out.</summary>
    public static AuditJsonContext Lines { get; } = new(new JsonSerializerOptions
    {
        PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    });
}
