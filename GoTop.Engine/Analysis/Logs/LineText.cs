using System.Text;

namespace GoTop.Engine.Analysis.Logs;

/// <summary>Texts of a log line that were written with escapes.</summary>
internal static class LineText
{
    /// <summary>What a JSON string, or one that Go's strconv.Quote wrote, means.</summary>
    public static string Unescape(ReadOnlySpan<byte> text, bool keepsTabs = false, bool keepsLines = false)
    {
        string whole = Encoding.UTF8.GetString(text);
        if (!whole.Contains('\\', StringComparison.Ordinal)) return whole;
        StringBuilder plain = new(whole.Length);
        for (int i = 0; i < whole.Length; i++)
        {
            if (whole[i] != '\\' || i + 1 == whole.Length)
            {
                plain.Append(whole[i]);
                continue;
            }

            char escaped = whole[++i];
            if (escaped == 'u' && i + 4 < whole.Length && ushort.TryParse(whole.AsSpan(i + 1, 4), System.Globalization.NumberStyles.AllowHexSpecifier, null, out ushort unit))
            {
                plain.Append((char)unit);
                i += 4;
                continue;
            }

            plain.Append(escaped switch
            {
                't' when keepsTabs => '\t',
                'n' when keepsLines => '\n',
                'n' or 'r' or 't' => ' ',
                'b' or 'f' or 'a' or 'v' => '\0',
                _ => escaped,
            });
        }

        return plain.ToString();
    }
}
