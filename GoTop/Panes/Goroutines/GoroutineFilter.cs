using System.Collections.Immutable;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Panes.Goroutines;

/// <summary>
/// Which groups or goroutines are shown; <see cref="FilterSyntax"/> has the grammar. While the filter is wrong (half
/// typed, say) it lets everything pass.
/// </summary>
internal sealed class GoroutineFilter
{
    private readonly List<FilterTerm> _terms;
    private readonly bool _inverted;

    private GoroutineFilter(List<FilterTerm> terms, bool inverted, string? error)
    {
        _terms = terms;
        _inverted = inverted;
        Error = error;
    }

    /// <summary>In words for the screen; null when the filter is understood.</summary>
    public string? Error { get; }

    public bool IsEmpty => _terms.Count == 0 || Error is not null;

    public static GoroutineFilter Parse(string filter, FilterSubject subject)
    {
        ReadOnlySpan<char> text = filter.AsSpan().Trim();
        bool inverted = text.StartsWith('!');
        (List<FilterTerm> terms, string? error) = FilterSyntax.Parse(inverted ? text[1..] : text, subject);
        return new GoroutineFilter(terms, inverted, error);
    }

    public bool Matches(GoroutineGroup group, GroupTrend? trend)
    {
        if (IsEmpty) return true;
        foreach (FilterTerm term in _terms)
        {
            if (!Matches(term, group, trend)) return _inverted;
        }

        return !_inverted;
    }

    private static bool Matches(FilterTerm term, GoroutineGroup group, GroupTrend? trend) => term.Field switch
    {
        FilterField.State => term.MatchesText(GoroutineWords.Of(group.Key.State)),
        FilterField.Reason => term.MatchesText(group.Key.WaitReason),
        FilterField.Start => term.MatchesText(group.Key.StartFunction),
        FilterField.Created => term.MatchesText(group.Key.CreatedBy.Function),
        FilterField.File => term.Operator == FilterOperator.ContainsNot
            ? term.MatchesText(group.Key.CreatedBy.File) && group.Stack.All(frame => term.MatchesText(frame.File))
            : term.MatchesText(group.Key.CreatedBy.File) || group.Stack.Any(frame => term.MatchesText(frame.File)),
        FilterField.Tag => Matches(term, GoroutineTags.Of(group)),
        FilterField.Count => term.MatchesNumber(group.Count),
        FilterField.Change => term.MatchesNumber(group.ChangePerSecond.HasValue ? group.ChangePerSecond.Value : double.NaN),
        FilterField.Growth => term.MatchesNumber(trend?.Growth ?? double.NaN),
        FilterField.Wait => term.MatchesNumber(group.OldestSeconds.HasValue ? group.OldestSeconds.Value : double.NaN),
        _ => term.MatchesText(group.Key.StartFunction)
            || term.MatchesText(group.Key.WaitReason)
            || term.MatchesText(GoroutineWords.Of(group.Key.State))
            || term.MatchesText(group.Key.CreatedBy.Function)
            || term.MatchesText(group.Key.CreatedBy.File)
            || group.Stack.Any(frame => term.MatchesText(frame.Function) || term.MatchesText(frame.File)),
    };

    /// <summary>A test for this table's rows that looks at each distinct text once, not once a row.</summary>
    public Predicate<GoroutineRow> ForRows(GoroutineTable table)
    {
        if (IsEmpty) return static _ => true;
        Predicate<GoroutineRow>[] tests = [.. _terms.Select(term => RowTest(term, table))];
        bool inverted = _inverted;
        return row =>
        {
            foreach (Predicate<GoroutineRow> test in tests)
            {
                if (!test(row)) return inverted;
            }

            return !inverted;
        };
    }

    private static Predicate<GoroutineRow> RowTest(FilterTerm term, GoroutineTable table)
    {
        switch (term.Field)
        {
            case FilterField.State:
                return row => term.MatchesText(GoroutineWords.Of(row.State));
            case FilterField.Reason:
                bool[] reasons = [.. table.WaitReasons.Select(term.MatchesText)];
                return row => reasons[row.WaitReason];
            case FilterField.Start:
                bool[] starts = [.. table.Locations.Select(location => term.MatchesText(location.Function))];
                return row => row.StartFunction >= 0 && starts[row.StartFunction];
            case FilterField.Created:
                bool[] creators = [.. table.Locations.Select(location => term.MatchesText(location.Function))];
                return row => row.CreatedBy >= 0 && creators[row.CreatedBy];
            case FilterField.File:
                bool[] files = [.. table.Locations.Select(location => term.MatchesText(location.File))];
                return row => row.CreatedBy >= 0 && files[row.CreatedBy];
            case FilterField.Label:
                bool[] labels = table.LabelSets.TryGet(out var sets) ? [.. sets.Select(set => Matches(term, [.. set.Select(label => $"{label.Key}={label.Value}")]))] : [];
                bool without = Matches(term, []);
                return row => row.Labels >= 0 && row.Labels < labels.Length ? labels[row.Labels] : without;
            case FilterField.Tag:
                GoroutineTags tags = new(table);
                return row => Matches(term, tags.Of(row));
            case FilterField.Id:
                return row => term.MatchesNumber(row.Id);
            case FilterField.Parent:
                return row => term.MatchesNumber(row.ParentId);
            case FilterField.Locked:
                return row => term.MatchesNumber(row.LockedToThread ? 1 : 0);
            case FilterField.Wait:
                long now = table.NowNanoseconds;
                return row => term.MatchesNumber(row.WaitSinceNanoseconds > 0 ? (now - row.WaitSinceNanoseconds) / 1e9 : double.NaN);
            default:
                return AnyText(term, table);
        }
    }

    /// <summary>One of them has the text; or, for a condition with <c>!=</c>, none.</summary>
    private static bool Matches(FilterTerm term, ImmutableArray<string> texts) =>
        term.Operator == FilterOperator.ContainsNot ? texts.All(term.MatchesText) : texts.Any(term.MatchesText);

    private static Predicate<GoroutineRow> AnyText(FilterTerm term, GoroutineTable table)
    {
        bool[] reasons = [.. table.WaitReasons.Select(term.MatchesText)];
        bool[] locations = [.. table.Locations.Select(location => term.MatchesText(location.Function) || term.MatchesText(location.File))];
        bool[] stacks = [.. table.Stacks.Select(stack => stack.Any(frame => locations[frame]))];
        bool[] states = [.. Enumerable.Range(0, 256).Select(state => term.MatchesText(GoroutineWords.Of((GoroutineState)state)))];
        return row => reasons[row.WaitReason]
            || states[(byte)row.State]
            || (row.StartFunction >= 0 && locations[row.StartFunction])
            || (row.CreatedBy >= 0 && locations[row.CreatedBy])
            || (row.Stack >= 0 && stacks[row.Stack]);
    }
}
