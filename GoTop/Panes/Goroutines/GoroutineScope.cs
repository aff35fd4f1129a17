using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Model;
using GoTop.Engine.Sources;

namespace GoTop.Panes.Goroutines;

/// <summary>Which rows of a table belong to what has been opened.</summary>
internal static class GoroutineScope
{
    /// <summary>As the engine forms groups: by what is shown of a place, not by its index.</summary>
    public static Func<int, bool> Of(GoroutineTable table, GroupKey group)
    {
        bool[] creators = [.. table.Locations.Select(location => location == group.CreatedBy)];
        bool[] starts = [.. table.Locations.Select(location => location.Function == group.StartFunction)];
        bool[] reasons = [.. table.WaitReasons.Select(reason => reason == group.WaitReason)];
        bool noCreator = group.CreatedBy.Function.Length == 0, noStart = group.StartFunction.Length == 0;
        return index =>
        {
            ref readonly GoroutineRow row = ref table.Rows.ItemRef(index);
            return row.State == group.State
                && reasons[row.WaitReason]
                && (row.CreatedBy < 0 ? noCreator : creators[row.CreatedBy])
                && (row.StartFunction < 0 ? noStart : starts[row.StartFunction]);
        };
    }

    public static Func<int, bool> Of(GoroutineTable table, AgeRange range) => index => range.Has(table, table.Rows.ItemRef(index));

    public static Func<int, bool> Of(GoroutineTable table, GoroutineLabel label)
    {
        if (!table.LabelSets.TryGet(out var sets)) return static _ => false;
        bool[] has = [.. sets.Select(set => set.Contains(label))];
        return index => table.Rows[index].Labels is > 0 and int set && has[set];
    }

    public static Func<int, bool> Of(WaitIndex? index, WaitKey key)
    {
        HashSet<int> rows = [];
        if (WaitDetail.Find(index, key) is not { } family) return rows.Contains;
        foreach (int thing in family.Things)
        {
            foreach (int row in index!.RowsOf(thing)) rows.Add(row);
        }

        return rows.Contains;
    }

    public static Func<int, bool> Of(CreatorTree tree, CreatorPath path)
    {
        int node = Enumerable.Range(0, tree.Count).FirstOrDefault(candidate => tree.PathOf(candidate) == path.Path, -1);
        return row => tree.NodeOf(row) == node;
    }
}
