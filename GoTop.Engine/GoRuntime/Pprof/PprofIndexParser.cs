using System.Buffers.Text;
using System.Collections.Immutable;
using System.Net;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.Pprof;

/// <summary>
/// Reads the page <c>/debug/pprof/</c> (net/http/pprof <c>indexTmplExecute</c>, alike in Go 1.19 to 1.27): one row
/// <c>&lt;tr&gt;&lt;td&gt;COUNT&lt;/td&gt;&lt;td&gt;&lt;a href='NAME?debug=1'&gt;NAME&lt;/a&gt;…</c> for each profile.
/// </summary>
public static class PprofIndexParser
{
    private const int MaxProfiles = 512;
    private const int MaxNameBytes = 512;

    /// <summary>
    /// How many entries each profile has, by name. Left out are <c>cmdline</c>, <c>profile</c>, <c>symbol</c> and
    /// <c>trace</c>: the page lists them beside the profiles with a 0 that counts nothing.
    /// Failed when this is not a Go pprof index; a row of another form is passed over.
    /// </summary>
    /// <remarks><c>goroutine</c> is <c>runtime.NumGoroutine()</c>, <c>threadcreate</c> the number of Ms.</remarks>
    public static Reading<ImmutableSortedDictionary<string, long>> Parse(ReadOnlySpan<byte> page)
    {
        int table = page.IndexOf("<table>"u8);
        if (table < 0) return Failed("the page has no table of profiles, so it is not a pprof index");
        page = page[table..];
        int end = page.IndexOf("</table>"u8);
        if (end < 0) return Failed("the pprof index ends inside its table of profiles");
        page = page[..end];

        ImmutableSortedDictionary<string, long>.Builder profiles = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        for (int row = page.IndexOf("<tr>"u8); row >= 0; row = page.IndexOf("<tr>"u8))
        {
            page = page[(row + "<tr>"u8.Length)..];
            int next = page.IndexOf("<tr>"u8);
            if (!TryReadRow(next < 0 ? page : page[..next], out string name, out long count)) continue;
            if (IsProfile(name)) profiles.TryAdd(name, count);
            if (profiles.Count > MaxProfiles) return Failed($"the pprof index lists more than {MaxProfiles} profiles");
        }

        return profiles.ContainsKey("goroutine")
            ? Reading.Of(profiles.ToImmutable())
            : Failed("the table has no goroutine profile, so it is not a pprof index");
    }

    private static bool TryReadRow(ReadOnlySpan<byte> row, out string name, out long count)
    {
        name = "";
        count = 0;
        if (!row.StartsWith("<td>"u8)) return false;
        row = row["<td>"u8.Length..];
        if (!Utf8Parser.TryParse(row, out count, out int digits) || count < 0 || digits == row.Length || row[digits] != '<') return false;
        int anchor = row.IndexOf("<a "u8);
        if (anchor < 0) return false;
        row = row[anchor..];
        int open = row.IndexOf((byte)'>');
        int close = row.IndexOf("</a>"u8);
        if (open < 0 || close <= open + 1 || close - open > MaxNameBytes) return false;
        // A service may add profiles of any name, which the page escapes as HTML.
        name = WebUtility.HtmlDecode(Encoding.UTF8.GetString(row[(open + 1)..close]));
        return !name.AsSpan().ContainsAnyInRange('\0', '\u001f') && !name.AsSpan().ContainsAnyInRange('\u007f', '\u009f');
    }

    private static bool IsProfile(string name) => name is not ("cmdline" or "profile" or "symbol" or "trace");

    private static Reading<ImmutableSortedDictionary<string, long>> Failed(string reason) =>
        Reading.Failed<ImmutableSortedDictionary<string, long>>(reason);
}
