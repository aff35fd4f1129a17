using System.Collections.Immutable;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Control.Capture;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[capture]</c> table.</summary>
internal static class CaptureSettingsReader
{
    private const int MostMegabytes = 2047;

    public static CaptureSettings Read(TableReader? table, ProblemList problems)
    {
        CaptureSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            Folder = table.Text("folder") is { Length: > 0 } folder ? ConfigLoader.Resolve(folder, problems) : null,
            Seconds = table.WholeNumber("seconds", 1, CaptureSettings.LongestSeconds) ?? settings.Seconds,
            MaxTraceMegabytes = table.WholeNumber("max_trace_megabytes", 1, MostMegabytes) ?? settings.MaxTraceMegabytes,
            Viewers = ReadViewers(table.Find("viewer"), problems),
        };
        table.Finish();
        return settings;
    }

    /// <summary>One command for all, or a table of them by the captures' names.</summary>
    private static ImmutableSortedDictionary<string, string> ReadViewers(TomlEntry? entry, ProblemList problems)
    {
        ImmutableSortedDictionary<string, string>.Builder viewers = ImmutableSortedDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        switch (entry?.Value)
        {
            case null:
                break;
            case TomlTable table:
                foreach (TomlEntry one in table.Entries)
                {
                    string[] known = [CaptureSettings.AnyViewer, .. CaptureCatalog.All.Select(kind => kind.Id)];
                    if (!known.Contains(one.Key)) problems.Add(one.Position, $"there is no capture \"{one.Key}\"{NearestName.Hint(one.Key, known)}");
                    else Add(one.Key, one.Value);
                }

                break;
            default:
                Add(CaptureSettings.AnyViewer, entry.Value.Value);
                break;
        }

        return viewers.Count == 0 ? new CaptureSettings().Viewers : viewers.ToImmutable();

        void Add(string kind, TomlNode value)
        {
            if (value is not TomlScalar { Value: string command }) problems.Add(value.Position, $"\"capture.viewer\" must be a command, or a table of commands, not {value.Kind}");
            else if (command.Length > 0 && CommandTemplate.TryParse(command) is null) problems.Add(value.Position, $"\"{command}\" is no command: a program, then its arguments, with {{file}} where the file goes");
            else if (command.Length > 0) viewers[kind] = command;
        }
    }
}
