using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Alerts;
using GoTop.Engine.Alerts.Conditions;
using GoTop.Engine.Analysis.Logs;
using GoTop.Engine.Config.Toml;
using GoTop.Engine.Diagnosis;
using GoTop.Engine.Sampling;

namespace GoTop.Engine.Config;

/// <summary>Reads the <c>[[alert]]</c> tables: rules beside the usual ones, or in their place.</summary>
/// <param name="channels">Names that rules may name.</param>
internal sealed class AlertRulesReader(ProblemList problems, IReadOnlyCollection<string> channels)
{
    private const int MostRules = 200;
    private static readonly TimeSpan Week = TimeSpan.FromDays(7);
    private static readonly TimeSpan Shortest = TimeSpan.FromSeconds(1);

    private static readonly string[] Sides = ["above", "below"];

    /// <summary>What tells the kinds of rules apart; each has exactly one of these.</summary>
    private static readonly string[] Kinds = ["above", "below", "changed_above", "changed_below", "missing_for", "reaches", "unusual", "log", "finding", "down", "watchdog"];

    /// <summary>The rules that hold; one with a problem is left out, and a usual one of its name stays.</summary>
    public ImmutableArray<AlertRule> Read(ImmutableArray<TableReader> tables)
    {
        List<AlertRule> rules = [];
        HashSet<string> replaced = new(StringComparer.OrdinalIgnoreCase);
        Dictionary<string, int> lines = new(StringComparer.OrdinalIgnoreCase);
        foreach (TableReader table in tables)
        {
            if (table.Text("name") is not { Length: > 0 } name)
            {
                table.Report("name", "a rule needs a name");
                _ = ReadRule(table, "");
                continue;
            }

            bool isEnabled = table.Truth("enabled") ?? true;
            AlertRule? rule = isEnabled ? ReadRule(table, name) : null;
            if (!isEnabled && !table.Entries.Any(entry => Kinds.Contains(entry.Key)) && DefaultRules.All.All(one => one.Name != name))
                table.Report("name", $"there is no usual rule \"{name}\"{NearestName.Hint(name, DefaultRules.All.Select(one => one.Name))}");
            if (!lines.TryAdd(name, table.Position.Line)) table.Report("name", string.Create(CultureInfo.InvariantCulture, $"there is already a rule \"{name}\", in line {lines[name]}"));
            else if (rules.Count == MostRules) table.Report("name", string.Create(CultureInfo.InvariantCulture, $"there are more than {MostRules} rules"));
            else if (rule is not null) rules.Add(rule);
            if (rule is not null || !isEnabled) replaced.Add(name);
        }

        return [.. DefaultRules.All.Where(rule => !replaced.Contains(rule.Name)), .. rules];
    }

    private AlertRule? ReadRule(TableReader table, string name)
    {
        int before = problems.Reported;
        AlertCondition? condition = ReadCondition(table);
        ImmutableArray<(string Value, TomlPosition At)> told = table.Texts("channels") ?? [];
        AlertRule rule = new()
        {
            Name = name,
            Condition = condition ?? new DownCondition(),
            Severity = Severities(table, "severity") ?? Severity.Warning,
            For = table.Duration("for", TimeSpan.Zero, Week) ?? (condition is AnomalyCondition ? TimeSpan.FromMinutes(10) : TimeSpan.Zero),
            ClearFor = table.Duration("clear_for", TimeSpan.Zero, Week) ?? TimeSpan.FromSeconds(30),
            Targets = [.. (table.Texts("targets") ?? []).Select(text => text.Value)],
            Labels = LabelsReader.Read(table.Table("labels"), problems),
            Channels = [.. told.Select(text => text.Value)],
            Repeat = table.Duration("repeat", TimeSpan.FromMinutes(1), Week),
            Advice = table.Text("advice"),
        };
        _ = table.Truth("enabled");
        table.Finish();
        bool isSound = condition is not null && problems.Reported == before;
        CheckChannels(told);
        return isSound ? rule : null;
    }

    /// <summary>A rule that names one that is not there watches all the same, and tells the others.</summary>
    private void CheckChannels(ImmutableArray<(string Value, TomlPosition At)> told)
    {
        foreach ((string name, TomlPosition at) in told)
        {
            if (!channels.Contains(name)) problems.Add(at, $"there is no channel \"{name}\"{NearestName.Hint(name, channels)}{(channels.Count == 0 ? ": gotop.toml has no [[alerts.channel]]" : "")}");
        }
    }

    private AlertCondition? ReadCondition(TableReader table)
    {
        foreach (string key in Kinds) _ = table.Find(key);
        NamedFigure? figure = ReadFigure(table);
        // All keys are asked for, so that each is known whatever kind of rule this is.
        _ = (table.Find("clear"), table.Find("over"), table.Find("within"), table.Find("sensitivity"), table.Find("at_least"));
        if (table.Find("log") is not null) return ReadLogRate(table);
        TomlEntry[] given = [.. table.Entries.Where(entry => Kinds.Contains(entry.Key))];
        if (given.Length != 1)
        {
            problems.Add(given.Length > 1 ? given[1].Position : table.Position, $"a rule has exactly one of {string.Join(", ", Kinds)}");
            return null;
        }

        string kind = given[0].Key;
        if (kind is "finding") return ReadFinding(table);
        if (kind is "down") return table.Truth("down") == true ? new DownCondition() : null;
        if (kind is "watchdog") return ReadWatchdog(table);
        if (figure is null)
        {
            if (table.Find("figure") is null) table.Report(kind, $"a rule with \"{kind}\" needs a figure");
            return null;
        }

        return kind switch
        {
            "above" or "below" => ReadThreshold(table, figure, kind),
            "changed_above" or "changed_below" => ReadChange(table, figure, kind),
            "missing_for" => table.Duration("missing_for", Shortest, Week) is { } after ? new AbsenceCondition(figure, after) : null,
            "reaches" => ReadForecast(table, figure),
            _ => ReadAnomaly(table, figure),
        };
    }

    private static NamedFigure? ReadFigure(TableReader table)
    {
        if (table.Text("figure") is not { } name) return null;
        if (FigureCatalog.Find(name) is { } figure) return figure;
        table.Report("figure", $"there is no figure \"{name}\"{NearestName.Hint(name, FigureCatalog.All.Select(one => one.Name))}; \"gotop figures\" lists them");
        return null;
    }

    private ThresholdCondition? ReadThreshold(TableReader table, NamedFigure figure, string key)
    {
        Side side = key == "above" ? Side.Above : Side.Below;
        if (Value(table, key, figure.Unit) is not { } limit) return null;
        double clear = Value(table, "clear", figure.Unit) ?? limit;
        if (side == Side.Above ? clear > limit : clear < limit)
        {
            table.Report("clear", $"\"alert.clear\" lies beyond \"alert.{key}\": it would end before it begins");
            return null;
        }

        return new ThresholdCondition(figure, new Bound(side, limit, clear));
    }

    private ChangeCondition? ReadChange(TableReader table, NamedFigure figure, string key)
    {
        bool isPercent = figure.Unit != Unit.Percent && table.Find(key) is { Value: TomlScalar { Value: string text } } && text.TrimEnd().EndsWith('%');
        TimeSpan? over = Needed(table, "over", key);
        return Value(table, key, isPercent ? Unit.Percent : figure.Unit) is { } limit && over is { } window
            ? new ChangeCondition(figure, new Bound(key == "changed_above" ? Side.Above : Side.Below, limit), window, isPercent)
            : null;
    }

    private ForecastCondition? ReadForecast(TableReader table, NamedFigure figure)
    {
        TimeSpan? within = Needed(table, "within", "reaches");
        Goal? goal = table.Find("reaches") is { Value: TomlScalar { Value: string text } } && FigureCatalog.Find(text) is { } limit
            ? new Goal(limit)
            : Value(table, "reaches", figure.Unit) is { } number ? new Goal(number) : null;
        if (within is not { } time || goal is null) return null;
        // Ten minutes tell little, and a quarter of the time looked ahead is enough.
        TimeSpan over = table.Duration("over", TimeSpan.FromMinutes(1), Week) ?? TimeSpan.FromMinutes(Math.Max(10, time.TotalMinutes / 4));
        return new ForecastCondition(figure, goal, time, over);
    }

    private static AnomalyCondition? ReadAnomaly(TableReader table, NamedFigure figure)
    {
        AnomalySides? sides = table.Choice("unusual", ("high", AnomalySides.High), ("low", AnomalySides.Low), ("both", AnomalySides.Both));
        double sensitivity = table.Choice("sensitivity", ("low", AnomalyCondition.Low), ("medium", AnomalyCondition.Medium), ("high", AnomalyCondition.High)) ?? AnomalyCondition.Medium;
        return sides is { } which ? new AnomalyCondition(figure, which, sensitivity) : null;
    }

    private LogRateCondition? ReadLogRate(TableReader table)
    {
        string[] sides = [.. Sides.Where(key => table.Find(key) is not null)];
        if (sides.Length != 1 || table.Entries.Any(entry => Kinds.Contains(entry.Key) && entry.Key != "log" && !Sides.Contains(entry.Key)))
        {
            table.Report("log", "\"alert.log\" has above or below beside it, in lines a minute, and no other kind");
            return null;
        }

        if (table.Text("log") is not { } text || Value(table, sides[0], Unit.Count) is not { } limit) return null;
        double clear = Value(table, "clear", Unit.Count) ?? limit;
        if (LogFilter.TryParse(text, out LogFilter? filter, out LogFilterError? error) && !filter.IsEmpty)
            return new LogRateCondition(filter, new Bound(sides[0] == "above" ? Side.Above : Side.Below, limit, clear));
        table.Report("log", $"\"alert.log\": {error?.ToString() ?? "the filter is empty"}");
        return null;
    }

    private static FindingCondition? ReadFinding(TableReader table)
    {
        Severity least = Severities(table, "at_least") ?? Severity.Notice;
        if (table.Text("finding") is not { } name) return null;
        string[] known = [.. RuleCatalog.All.Select(rule => rule.Name)];
        if (name == "any" || known.Contains(name)) return new FindingCondition(name == "any" ? null : name, least);
        table.Report("finding", $"there is no finding \"{name}\"{NearestName.Hint(name, known)}; there are any, {string.Join(", ", known)}");
        return null;
    }

    private static WatchdogCondition? ReadWatchdog(TableReader table) =>
        table.Choice("watchdog", ("failing", WatchdogTrouble.Failing), ("restarted", WatchdogTrouble.Restarted), ("given-up", WatchdogTrouble.GivenUp)) is { } trouble
            ? new WatchdogCondition(trouble)
            : null;

    private static TimeSpan? Needed(TableReader table, string key, string with)
    {
        if (table.Find(key) is null) table.Report(with, $"\"alert.{with}\" needs \"{key}\" beside it");
        return table.Duration(key, Shortest, Week);
    }

    private double? Value(TableReader table, string key, Unit unit)
    {
        if (table.Find(key) is not { Value: { } node }) return null;
        switch (node)
        {
            case TomlScalar { Value: long whole }:
                return whole;
            case TomlScalar { Value: double number } when double.IsFinite(number):
                return number;
            case TomlScalar { Value: string text } when FigureValue.TryParse(text, unit, out double value):
                return value;
            default:
                problems.Add(node.Position, $"\"alert.{key}\" must be {FigureValue.Wanted(unit)}{(node is TomlScalar { Value: string written } ? $", not \"{written}\"" : "")}");
                return null;
        }
    }

    private static Severity? Severities(TableReader table, string key) =>
        table.Choice(key, ("notice", Severity.Notice), ("warning", Severity.Warning), ("critical", Severity.Critical));
}
