using System.Collections.Immutable;
using System.Text;
using GoTop.Engine.Model;

namespace GoTop.Engine.GoRuntime.BuildInfo;

/// <summary>
/// The lines that Go's linker leaves between two 16-byte sentinels, fields separated by tabs: <c>path</c>, <c>mod</c>,
/// <c>dep</c>, <c>=&gt;</c> and <c>build key=value</c> (Go's runtime/debug.ParseBuildInfo).
/// </summary>
internal static class ModuleText
{
    private const int SentinelLength = 16;
    private const int MaximumSettings = 1000;

    public static GoBuildInfo Parse(string goVersion, ReadOnlySpan<byte> text)
    {
        string mainPackage = "";
        string module = "";
        string moduleVersion = "";
        ImmutableSortedDictionary<string, string>.Builder settings = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (ReadOnlySpan<char> line in Encoding.UTF8.GetString(Body(text)).AsSpan().EnumerateLines())
        {
            int tab = line.IndexOf('\t');
            if (tab < 0) continue;
            ReadOnlySpan<char> rest = line[(tab + 1)..];
            switch (line[..tab])
            {
                case "path":
                    mainPackage = rest.ToString();
                    break;
                case "mod":
                    int next = rest.IndexOf('\t');
                    module = (next < 0 ? rest : rest[..next]).ToString();
                    ReadOnlySpan<char> version = next < 0 ? default : rest[(next + 1)..];
                    moduleVersion = (version.IndexOf('\t') is >= 0 and var end ? version[..end] : version).ToString();
                    break;
                case "build" when settings.Count < MaximumSettings:
                    AddSetting(settings, rest);
                    break;
            }
        }

        return new GoBuildInfo(goVersion, mainPackage, module, moduleVersion, settings.ToImmutable());
    }

    private static ReadOnlySpan<byte> Body(ReadOnlySpan<byte> text) =>
        text.Length > 2 * SentinelLength && text[^(SentinelLength + 1)] == '\n' ? text[SentinelLength..^SentinelLength] : default;

    private static void AddSetting(ImmutableSortedDictionary<string, string>.Builder settings, ReadOnlySpan<char> setting)
    {
        // A key or value with an odd character in it is written as a Go string literal; they are rare, and shown as they stand.
        int equals = setting is ['"', ..] ? setting[1..].IndexOf("\"=") + 2 : setting.IndexOf('=');
        if (equals <= 0) return;
        settings[setting[..equals].Trim('"').ToString()] = Unquote(setting[(equals + 1)..]);
    }

    private static string Unquote(ReadOnlySpan<char> value)
    {
        if (value is not ['"', .., '"'] and not ['`', .., '`']) return value.ToString();
        ReadOnlySpan<char> inner = value[1..^1];
        return value[0] == '`' ? inner.ToString() : inner.ToString().Replace("\\\"", "\"", StringComparison.Ordinal).Replace("\\\\", "\\", StringComparison.Ordinal);
    }
}
