using System.Text;
using GoTop.Engine.KernelEvents.Etw;

namespace GoTop.Engine.KernelEvents.Etl;

/// <summary>
/// Names of TraceLogging events, which bring them along in extended items: TraceLoggingProvider.h describes the form. Go
/// services write these, with go-winio's etw package.
/// </summary>
internal static unsafe class TraceLoggingNames
{
    private const int SizeBytes = 2;

    /// <returns>False for an event of another kind, or one whose names are damaged. A provider that tells no name is null.</returns>
    public static bool TryRead(in EventRecord record, out string? provider, out string name)
    {
        provider = null;
        name = "";
        bool isFound = false;
        for (int item = 0; item < record.ExtendedDataCount; item++)
        {
            ExtendedItem extended = record.ExtendedData[item];
            ReadOnlySpan<byte> data = new(extended.Data, extended.Bytes);
            if (data.Length <= SizeBytes) continue;
            if (extended.Type == ExtendedItem.TraitsOfProvider) provider = Text(data[SizeBytes..]);
            else if (extended.Type == ExtendedItem.SchemaOfTraceLogging) isFound = TryReadEvent(data[SizeBytes..], out name);
        }

        return isFound;
    }

    private static bool TryReadEvent(ReadOnlySpan<byte> schema, out string name)
    {
        name = "";
        // Tags in groups of seven bits, the highest bit of each byte says that another follows.
        int at = 0;
        while (at < schema.Length && schema[at] >= 0x80) at++;
        if (at + 1 >= schema.Length || Text(schema[(at + 1)..]) is not { Length: > 0 } text) return false;
        name = text;
        return true;
    }

    private static string? Text(ReadOnlySpan<byte> utf8)
    {
        int end = utf8.IndexOf((byte)0);
        return end < 0 ? null : Encoding.UTF8.GetString(utf8[..end]);
    }
}
