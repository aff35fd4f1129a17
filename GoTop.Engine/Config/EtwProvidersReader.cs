using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Config.Toml;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[[etw.provider]]</c> tables.</summary>
internal static class EtwProvidersReader
{
    private const int MostProviders = 16;
    private const int LongestName = 200;

    public static ImmutableArray<EtwProviderSettings> Read(TableReader? etw)
    {
        if (etw is null) return [];
        List<EtwProviderSettings> providers = [];
        foreach (TableReader table in etw.Tables("provider"))
        {
            if (ReadProvider(table) is not { } provider) continue;
            if (providers.Any(other => IsSame(other, provider))) table.Report(provider.Name is null ? "guid" : "name", "this provider stands in \"etw.provider\" twice");
            else if (providers.Count == MostProviders) table.Report("name", $"there are more than {MostProviders} providers in \"etw.provider\"");
            else providers.Add(provider);
        }

        etw.Finish();
        return [.. providers];
    }

    private static EtwProviderSettings? ReadProvider(TableReader table)
    {
        string? name = table.Text("name"), guidText = table.Text("guid");
        EtwLevel level = table.Choice(
            "level", ("critical", EtwLevel.Critical), ("error", EtwLevel.Error), ("warning", EtwLevel.Warning), ("information", EtwLevel.Information), ("verbose", EtwLevel.Verbose)) ?? EtwLevel.Information;
        ulong? keywords = Keywords(table);
        bool isSound = keywords is not null;
        Guid guid = default;
        if (table.Find("name") is null && table.Find("guid") is null)
        {
            table.Report("name", "a provider needs its \"name\" or its \"guid\"");
            isSound = false;
        }

        if (name is { Length: 0 or > LongestName })
        {
            table.Report("name", $"a provider's name has 1 to {LongestName} characters");
            isSound = false;
        }

        if (guidText is not null && !Guid.TryParse(guidText, out guid))
        {
            table.Report("guid", $"\"{guidText}\" is not a GUID such as \"599a2a76-4d91-4910-9ac7-7d33f2e97a6c\"");
            isSound = false;
        }

        table.Finish();
        // A key of the wrong kind has been reported, and gives null.
        if (!isSound || (name is null && guidText is null)) return null;
        return new EtwProviderSettings(name, guidText is null ? null : guid, level, keywords ?? ulong.MaxValue);
    }

    private static ulong? Keywords(TableReader table)
    {
        if (table.Text("keywords") is not { } text) return ulong.MaxValue;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) && ulong.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ulong keywords)) return keywords;
        table.Report("keywords", $"\"etw.provider.keywords\" must be hexadecimal, such as \"0x5\", not \"{text}\"");
        return null;
    }

    private static bool IsSame(EtwProviderSettings one, EtwProviderSettings other) =>
        one.Id is { } guid ? guid == other.Id : other.Id is null && string.Equals(one.Name, other.Name, StringComparison.OrdinalIgnoreCase);
}
