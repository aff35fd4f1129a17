using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Alerts.Channels;
using GoTop.Engine.Alerts.Delivery;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Control.Rules;
using GoTop.Engine.Diagnosis;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[alerts]</c> table: channels, silences and what mutes what. The rules themselves stand in <c>[[alert]]</c>.</summary>
internal sealed class AlertSettingsReader(Func<string, string?> environment, ProblemList problems)
{
    private const int MostChannels = 50;
    private static readonly TimeSpan LongestGroupWait = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan ShortestRepeat = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestRepeat = TimeSpan.FromDays(30);
    private static readonly TimeSpan ShortestDeadline = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestDeadline = TimeSpan.FromMinutes(2);

    private readonly List<string> _names = [];
    private readonly SecretReader _secrets = new(environment, problems, "alerts.channel");

    /// <summary>The names of channels that were written, also of those with problems; after <see cref="Read"/>.</summary>
    public IReadOnlyCollection<string> Names => _names;

    public AlertSettings Read(TableReader? table)
    {
        AlertSettings settings = new();
        if (table is null) return settings;
        settings = settings with
        {
            GroupWait = table.Duration("group_wait", TimeSpan.Zero, LongestGroupWait) ?? settings.GroupWait,
            Repeat = table.Duration("repeat", TimeSpan.Zero, LongestRepeat) ?? settings.Repeat,
            StormTargets = table.WholeNumber("storm_targets", 1, 1000) ?? settings.StormTargets,
            Channels = table.Tables("channel") is { IsEmpty: false } channels ? ReadChannels(channels) : settings.Channels,
            Silences = table.Tables("silence") is { IsEmpty: false } silences ? [.. silences.Select(ReadSilence).OfType<PlannedSilence>()] : settings.Silences,
            Inhibits = ReadInhibits(table.Tables("inhibit"), settings.Inhibits),
        };
        if (settings.Repeat > TimeSpan.Zero && settings.Repeat < ShortestRepeat)
        {
            table.Report("repeat", "\"alerts.repeat\" is \"0s\" for never, or at least \"1m\"");
            settings = settings with { Repeat = new AlertSettings().Repeat };
        }

        table.Finish();
        return settings;
    }

    private ImmutableArray<ChannelSettings> ReadChannels(ImmutableArray<TableReader> tables)
    {
        ImmutableArray<ChannelSettings>.Builder channels = ImmutableArray.CreateBuilder<ChannelSettings>();
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableReader table in tables)
        {
            if (ReadChannel(table) is not { } channel) continue;
            if (!lines.TryAdd(channel.Name, table.Position.Line))
                table.Report("name", string.Create(CultureInfo.InvariantCulture, $"there is already a channel \"{channel.Name}\", in line {lines[channel.Name]}"));
            else if (channels.Count == MostChannels) table.Report("name", $"there are more than {MostChannels} channels in \"alerts.channel\"");
            else channels.Add(channel);
        }

        return channels.ToImmutable();
    }

    private ChannelSettings? ReadChannel(TableReader table)
    {
        if (table.Find("name") is { Value: TomlScalar { Value: string written } }) _names.Add(written);
        string[] types = [.. ChannelCatalog.All.Select(kind => kind.Id)];
        string? type = table.Text("type");
        ChannelKind? kind = type is null ? null : ChannelCatalog.Find(type);
        if (kind is null)
        {
            // Its other keys mean nothing without it.
            table.Report("type", type is null
                ? $"a channel needs its \"type\": {string.Join(", ", types)}"
                : $"there is no channel of the type \"{type}\"{NearestName.Hint(type, types)}; there are {string.Join(", ", types)}");
            return null;
        }

        string? name = table.Text("name");
        bool named = name is { Length: > 0 and <= 100 } && name.Trim() == name && !name.Any(char.IsControl);
        if (!named) table.Report("name", "a channel needs a \"name\" of 1 to 100 characters, by which rules name it");
        ChannelReading reading = new(table, _secrets, problems, new ChannelCommon(
            name ?? "",
            table.Choice("severity", ("notice", Severity.Notice), ("warning", Severity.Warning), ("critical", Severity.Critical)) ?? Severity.Notice,
            table.Truth("resolved") ?? true,
            table.Duration("timeout", ShortestDeadline, LongestDeadline)));
        ChannelSettings? channel = kind.Read(reading);
        table.Finish();
        return named ? channel : null;
    }

    private PlannedSilence? ReadSilence(TableReader table)
    {
        ImmutableArray<MaintenanceWindow> windows = WindowsReader.Read(table, "windows", problems);
        if (table.Find("windows") is null or { Value: TomlArray { Items.IsEmpty: true } }) table.Report("windows", "a silence of gotop.toml needs \"windows\"; gotop alerts silence makes one for once");
        PlannedSilence silence = new(
            [.. Texts(table, "rules")], [.. Texts(table, "targets")], windows, table.Text("comment") ?? "");
        table.Finish();
        return windows.IsEmpty ? null : silence;
    }

    private static ImmutableArray<InhibitRule> ReadInhibits(ImmutableArray<TableReader> tables, ImmutableArray<InhibitRule> usual)
    {
        if (tables.IsEmpty) return usual;
        List<InhibitRule> own = [];
        foreach (TableReader table in tables)
        {
            string? when = table.Text("when");
            if (string.IsNullOrEmpty(when)) table.Report("when", "\"alerts.inhibit\" needs \"when\": the rule that mutes others while it fires");
            ImmutableArray<string> mute = [.. Texts(table, "mute")];
            if (table.Find("mute") is null) table.Report("mute", "\"alerts.inhibit\" needs \"mute\": the rules that are muted, [] for none");
            table.Finish();
            if (!string.IsNullOrEmpty(when)) own.Add(new InhibitRule(when, mute));
        }

        // One's own word on the same rule takes the place of the default's.
        return [.. usual.Where(rule => own.All(other => other.When != rule.When)), .. own];
    }

    private static IEnumerable<string> Texts(TableReader table, string key) => (table.Texts(key) ?? []).Select(text => text.Value).Where(text => text.Length > 0);
}
