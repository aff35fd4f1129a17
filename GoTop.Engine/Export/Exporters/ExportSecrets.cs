using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Exporters;

/// <summary>
/// What must appear in no message of how a receiver was spoken to. Servers like to repeat what they were sent, whole ("bad header Bearer x")
/// or in part ("bad token x", "no such path y"), so each part that is long enough to be a secret is one.
/// </summary>
internal static class ExportSecrets
{
    private const int ShortestWhole = 4;
    private const int ShortestPart = 8;
    private const string InPlace = "(secret)";

    private static readonly char[] Between = [' ', '\t', ',', ';', '=', '"'];

    public static IEnumerable<string> Of(Uri url, IEnumerable<(string Name, string Value)> headers)
    {
        IEnumerable<string> values = headers.Select(header => header.Value);
        string query = url.Query.TrimStart('?');
        IEnumerable<string> wholes = [url.PathAndQuery, url.AbsolutePath.TrimEnd('/'), query, .. values];
        IEnumerable<string> parts =
        [
            .. url.AbsolutePath.Split('/'), .. query.Split('&'), .. query.Split('&').Select(pair => pair[(pair.IndexOf('=') + 1)..]),
            .. values.SelectMany(value => value.Split(' ')), .. values.SelectMany(value => value.Split(Between)),
        ];
        // Some repeat an address as it was sent, others as they read it.
        return wholes.Where(whole => whole.Length >= ShortestWhole).Concat(parts.Where(part => part.Length >= ShortestPart)).SelectMany(secret => (string[])[secret, Uri.UnescapeDataString(secret)]).Distinct(StringComparer.Ordinal);
    }

    /// <summary>One line without them, cut only then: of half a secret nobody could tell that it is one.</summary>
    public static string Hide(string text, IEnumerable<string> secrets, int most)
    {
        // The longest first: a part's place would leave the rest of the whole.
        foreach (string secret in secrets.OrderByDescending(secret => secret.Length)) text = text.Replace(secret, InPlace, StringComparison.Ordinal);
        return PlainText.Clean(text, most);
    }
}
