using System.Collections.Immutable;
using System.Diagnostics;
using System.Runtime.Versioning;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Alerts.Channels;

/// <summary>The Application log of Windows.</summary>
/// <param name="Source">Has to be registered there; Windows registers it at the first message of an administrator or service.</param>
public sealed record EventLogSettings(ChannelCommon Common, string Source) : ChannelSettings(Common)
{
    public const string Id = "eventlog";

    public override string Kind => Id;

    public override string Where => $"source {Source}";

    public override IAlertChannel Create(ChannelParts parts) =>
        new EventLogChannel(this, OperatingSystem.IsWindows() ? LiveEventLog.Write : (_, _, _, _) => throw new ChannelException("this system has no Windows event log", isTransient: false));

    internal static EventLogSettings? Read(ChannelReading reading)
    {
        string source = reading.Table.Text("source") ?? "GoTop";
        // Windows keeps sources as keys of the registry.
        if (source.Length is 0 or > 200 || source.Contains('\\', StringComparison.Ordinal)) reading.Report("source", "\"alerts.channel.source\" has 1 to 200 characters and no backslash");
        return reading.Failed ? null : new EventLogSettings(reading.Common, source);
    }
}

/// <summary>What Windows shows an event as.</summary>
internal enum EventLevel : byte
{
    Information,
    Warning,
    Error,
}

/// <summary>Ids of events: 100 resolved, 101 notice, 102 warning, 103 critical, 110 a test.</summary>
/// <param name="write">Source, text, level and id.</param>
internal sealed class EventLogChannel(EventLogSettings settings, Action<string, string, EventLevel, int> write) : IAlertChannel
{
    /// <summary>Of an event's text, by Windows.</summary>
    private const int Longest = 31_000;

    public ImmutableArray<string> Secrets => [];

    public Task<string> SendAsync(AlertMessage message, CancellationToken cancellation)
    {
        string text = MessageText.Full(message);
        (EventLevel level, int id) = message switch
        {
            { IsTest: true } => (EventLevel.Information, 110),
            { IsResolved: true } => (EventLevel.Information, 100),
            { Severity: Severity.Critical } => (EventLevel.Error, 103),
            { Severity: Severity.Warning } => (EventLevel.Warning, 102),
            _ => (EventLevel.Information, 101),
        };
        write(settings.Source, text.Length > Longest ? text[..Longest] : text, level, id);
        return Task.FromResult($"event {id} of source {settings.Source}");
    }

    public void Dispose()
    {
    }
}

/// <summary>The call to Windows; it decides nothing.</summary>
[SupportedOSPlatform("windows")]
internal static class LiveEventLog
{
    public static void Write(string source, string text, EventLevel level, int id)
    {
        try
        {
            EventLog.WriteEntry(
                source, text, level switch { EventLevel.Error => EventLogEntryType.Error, EventLevel.Warning => EventLogEntryType.Warning, _ => EventLogEntryType.Information }, id);
        }
        catch (Exception refused) when (refused is System.Security.SecurityException or System.ComponentModel.Win32Exception or InvalidOperationException or ArgumentException)
        {
            throw new ChannelException($"Windows does not take it: {refused.Message} (an administrator registers the source with New-EventLog)", isTransient: false);
        }
    }
}
