using System.Globalization;
using GoTop.Engine.Export;
using GoTop.Engine.Export.Differences;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>Two dumps, traces or MemStats side by side, as text for people.</summary>
internal static class DifferenceText
{
    private const int GroupsShown = 30;
    private const int FramesShown = 8;

    public static void Write(TextWriter output, DumpDiffDocument difference)
    {
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{Counted.Of(difference.GoroutinesBefore, "goroutine")} before, {difference.GoroutinesAfter:N0} after: {Signed(difference.GoroutinesAfter - difference.GoroutinesBefore)}"));
        if (difference.LeakedBefore + difference.LeakedAfter > 0)
        {
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"Found leaked by the runtime: {difference.LeakedBefore:N0} before, {difference.LeakedAfter:N0} after: {Signed(difference.LeakedAfter - difference.LeakedBefore)}"));
        }

        // What is proven to be leaked comes first; it may have been among those that wait before.
        GroupChangePart[] shown = [.. difference.Groups.OrderByDescending(group => group.IsLeaked).Take(GroupsShown)];
        if (shown.Any(group => group.IsLeaked)) WriteGroups(output, "Leaked: nothing can wake these any more", shown.Where(group => group.IsLeaked));
        WriteGroups(output, shown.Any(group => group.IsLeaked) ? "All others" : null, shown.Where(group => !group.IsLeaked));
        int more = difference.GroupsNotListed + Math.Max(0, difference.Groups.Length - GroupsShown);
        if (more > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{Counted.Of(more, "more changed group is", "more changed groups are")} in --json."));
    }

    private static void WriteGroups(TextWriter output, string? heading, IEnumerable<GroupChangePart> groups)
    {
        foreach (GroupChangePart group in groups)
        {
            output.WriteLine();
            if (heading is not null) output.WriteLine(heading);
            heading = null;
            output.WriteLine($"{Signed(group.After - group.Before)}  {group.Change}: {Figures.Count(group.Before)} before, {Figures.Count(group.After)} after  {PlainText.Clean(group.State is null ? "" : ReportWords.State(group.State, group.WaitReason), 100)}");
            foreach (FramePart frame in group.Stack.Take(FramesShown)) output.WriteLine($"    {PlainText.Clean(ReportWords.Place(frame), 300)}");
            if (group.Stack.Length > FramesShown) output.WriteLine($"    … {Counted.Of(group.Stack.Length - FramesShown, "more frame")}");
            if (group.CreatedBy is { } creator) output.WriteLine($"    made by {PlainText.Clean(ReportWords.Place(creator), 300)}");
        }
    }

    public static void Write(TextWriter output, FiguresDiffDocument difference)
    {
        TextTable table = new("before", "after", "change", "figure");
        foreach (FigureChangePart figure in difference.Figures)
        {
            string change = figure is { Before: { } before, After: { } after } ? Change(after - before, figure.Unit) : "–";
            table.Add(Words(figure.Before, figure.Unit), Words(figure.After, figure.Unit), change, figure.Name);
        }

        table.Write(output, difference.Kind == "traceDiff" ? "Two traces" : "Two MemStats");
    }

    private static string Signed(long change) => Figures.Change(change);

    private static string Change(long change, string unit) => change == 0 ? "0" : (change > 0 ? "+" : "") + Words(change, unit);

    private static string Words(long? value, string unit) => value is not { } known ? "–" : unit switch
    {
        "bytes" => Figures.Bytes(known),
        "nanoseconds" => Figures.Nanoseconds(known),
        _ => Figures.Count(known),
    };
}
