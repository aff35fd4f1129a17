using System.Globalization;
using System.Text;
using System.Xml;
using GoTop.Engine.Model;

namespace GoTop.Engine.Control.Services.Windows;

/// <summary>
/// What Windows' event log tells of a service: what the service manager wrote of it into the System log, and what it wrote
/// itself into the Application log under its own name. Asked for with <c>wevtutil qe</c>, read from the XML that it prints
/// (the events schema, winmeta.h's levels).
/// </summary>
internal static class ServiceEvents
{
    public const string Program = "wevtutil.exe";

    private const string ServiceManager = "Service Control Manager";

    /// <summary>The newest first. Null for a name that no query can hold: XPath 1.0 has no escapes.</summary>
    public static string[]? OfManager(string service, string? displayName, int events)
    {
        // Its events name a service as it is displayed, some by its short name.
        string[] names = [.. new[] { service, displayName }.OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        return names.Any(name => name.Contains('\'') || name.Contains('"'))
            ? null
            : Query("System", $"*[System[Provider[@Name='{ServiceManager}']] and EventData[{string.Join(" or ", names.Select(name => $"Data='{name}'"))}]]", events);
    }

    /// <inheritdoc cref="OfManager"/>
    public static string[]? OfService(string service, int events) =>
        service.Contains('\'') || service.Contains('"') ? null : Query("Application", $"*[System[Provider[@Name='{service}']]]", events);

    /// <summary>As <c>/uni:true</c> prints it: UTF-16, with or without a mark; UTF-8 from systems that do not heed it.</summary>
    public static string Decode(ReadOnlySpan<byte> output)
    {
        if (output.StartsWith(Encoding.Unicode.Preamble)) return Encoding.Unicode.GetString(output[2..]);
        return output is [not 0, 0, ..] ? Encoding.Unicode.GetString(output) : Encoding.UTF8.GetString(output);
    }

    /// <summary>Events in the order of the text; what is no XML ends it.</summary>
    public static List<(DateTimeOffset Time, string Line)> Parse(string xml)
    {
        List<(DateTimeOffset, string)> events = [];
        using XmlReader reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { ConformanceLevel = ConformanceLevel.Fragment, DtdProcessing = DtdProcessing.Prohibit });
        Event now = new();
        try
        {
            while (reader.Read())
            {
                if (reader.NodeType == XmlNodeType.Element) now.Take(reader);
                else if (reader.NodeType == XmlNodeType.Text) now.TakeText(reader.Value);
                else if (reader is { NodeType: XmlNodeType.EndElement, LocalName: "Event" } && now.Time is { } time)
                {
                    events.Add((time, now.Line(time)));
                    now = new Event();
                }
            }
        }
        catch (XmlException)
        {
            // Cut off, or words of an error.
        }

        return events;
    }

    private static string[] Query(string log, string query, int events) =>
        ["qe", log, "/q:" + query, "/c:" + events.ToString(CultureInfo.InvariantCulture), "/rd:true", "/f:RenderedXml", "/uni:true"];

    private sealed class Event
    {
        private readonly List<string> _data = [];
        private string _provider = "", _id = "", _level = "", _message = "", _element = "";

        public DateTimeOffset? Time { get; private set; }

        public void Take(XmlReader reader)
        {
            _element = reader.LocalName;
            if (_element == "Provider") _provider = reader.GetAttribute("Name") ?? "";
            else if (_element == "TimeCreated" && DateTimeOffset.TryParse(reader.GetAttribute("SystemTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time)) Time = time;
        }

        public void TakeText(string text)
        {
            switch (_element)
            {
                case "EventID":
                    _id = text;
                    break;
                case "Level" when _level.Length == 0:
                    _level = text switch { "1" => "critical", "2" => "error", "3" => "warning", "0" or "4" => "information", _ => text };
                    break;
                case "Message":
                    _message = text;
                    break;
                case "Data":
                    _data.Add(text);
                    break;
            }
        }

        /// <summary>Where the source has no texts registered, as those of many services, what was given to them.</summary>
        public string Line(DateTimeOffset time) => PlainText.Clean(string.Create(
            CultureInfo.InvariantCulture, $"{time.UtcDateTime:yyyy-MM-dd HH:mm:ss}Z {_provider} {_id} {_level}: {(_message.Length > 0 ? _message : string.Join("; ", _data)).ReplaceLineEndings(" ")}"), 1000);
    }
}
