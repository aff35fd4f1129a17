using System.Diagnostics.Eventing.Reader;
using System.Runtime.Versioning;

namespace GoTop.Engine.Sources.Logs.WindowsEvents;

/// <summary>The event logs of this machine, by System.Diagnostics.EventLog.</summary>
[SupportedOSPlatform("windows")]
internal sealed class WindowsEventLogQuery : IEventLogQuery
{
    public IReadOnlyList<string> Read(string log, string query, int most)
    {
        try
        {
            List<string> events = [];
            using EventLogReader reader = new(new EventLogQuery(log, PathType.LogName, query));
            while (events.Count < most && reader.ReadEvent() is { } found)
            {
                using (found) events.Add(found.ToXml());
            }

            return events;
        }
        catch (Exception refused) when (refused is EventLogException or UnauthorizedAccessException)
        {
            throw new IOException(refused.Message, refused);
        }
    }

    public long NewestRecord(string log)
    {
        try
        {
            using EventLogReader reader = new(new EventLogQuery(log, PathType.LogName) { ReverseDirection = true });
            using EventRecord? newest = reader.ReadEvent();
            return newest?.RecordId ?? 0;
        }
        catch (Exception refused) when (refused is EventLogException or UnauthorizedAccessException)
        {
            throw new IOException(refused.Message, refused);
        }
    }
}
