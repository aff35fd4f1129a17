using System.Globalization;
using System.Text;
using System.Xml;

namespace GoTop.Engine.Sources.Logs.WindowsEvents;

/// <summary>An event of a Windows event log, from the XML that the system renders (schema 2004/08/events/event).</summary>
/// <param name="Level">1 critical, 2 error, 3 warning, 4 information, 5 verbose; 0 for those that are always logged.</param>
/// <param name="Message">The strings that the source gave, or what the system made of them.</param>
internal sealed record WindowsEvent(long RecordId, string Provider, int EventId, int Level, DateTimeOffset? At, string Message)
{
    private const int MostChars = 64 << 10;
    private const int MostStrings = 32;

    /// <returns>Null for what is no event.</returns>
    public static WindowsEvent? Parse(string xml)
    {
        if (xml.Length > MostChars) return null;
        long record = -1;
        string provider = "", rendered = "";
        int id = 0, level = 0;
        DateTimeOffset? at = null;
        List<string> strings = [];
        try
        {
            using XmlReader reader = XmlReader.Create(new StringReader(xml), new XmlReaderSettings { DtdProcessing = DtdProcessing.Prohibit, XmlResolver = null, MaxCharactersInDocument = MostChars });
            while (!reader.EOF)
            {
                if (reader.NodeType != XmlNodeType.Element)
                {
                    reader.Read();
                    continue;
                }

                switch (reader.LocalName)
                {
                    case "Provider":
                        provider = reader.GetAttribute("Name") ?? "";
                        break;
                    case "TimeCreated" when DateTimeOffset.TryParse(reader.GetAttribute("SystemTime"), CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out DateTimeOffset time):
                        at = time;
                        break;
                    case "EventID":
                        _ = int.TryParse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture, out id);
                        continue;
                    case "Level":
                        _ = int.TryParse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture, out level);
                        continue;
                    case "EventRecordID":
                        _ = long.TryParse(reader.ReadElementContentAsString(), CultureInfo.InvariantCulture, out record);
                        continue;
                    case "Message":
                        rendered = reader.ReadElementContentAsString();
                        continue;
                    case "Data":
                        string text = reader.ReadElementContentAsString().Trim();
                        if (text.Length > 0 && strings.Count < MostStrings) strings.Add(text);
                        continue;
                }

                reader.Read();
            }
        }
        catch (XmlException)
        {
            return null;
        }

        return record < 0 ? null : new WindowsEvent(record, provider, id, level, at, rendered.Trim().Length > 0 ? rendered.Trim() : string.Join("; ", strings));
    }

    /// <summary>The number of an event that cannot be read otherwise, being too long or damaged; 0 for none. It stands before what the source wrote.</summary>
    public static long NumberOf(string xml)
    {
        const string Begin = "<EventRecordID>";
        int at = xml.IndexOf(Begin, StringComparison.Ordinal);
        if (at < 0) return 0;
        ReadOnlySpan<char> rest = xml.AsSpan(at + Begin.Length);
        int end = rest.IndexOf('<');
        return end > 0 && long.TryParse(rest[..end], NumberStyles.None, CultureInfo.InvariantCulture, out long number) ? number : 0;
    }

    /// <summary><c>[ERROR] billing 1000: …</c>; a message of several lines gives several.</summary>
    public IEnumerable<byte[]> Lines()
    {
        string word = Level switch
        {
            1 => "[CRITICAL] ",
            2 => "[ERROR] ",
            3 => "[WARN] ",
            5 => "[DEBUG] ",
            _ => "[INFO] ",
        };
        string head = string.Create(CultureInfo.InvariantCulture, $"{word}{Provider} {EventId}: ");
        foreach (string line in Message.Split('\n'))
        {
            yield return Encoding.UTF8.GetBytes(head + line.TrimEnd('\r'));
            head = "";
        }
    }
}
