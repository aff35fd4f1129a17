using System.Globalization;
using GoTop.Engine.Export;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;

namespace GoTop.Cli.Reports;

/// <summary>A goroutine dump as text for people: how it ended, then the groups with their stacks.</summary>
internal static class GoroutineDumpText
{
    private const int GroupsWithStacks = 20;
    private const int FramesShown = 24;

    public static void Write(TextWriter output, GoroutineDumpDocument dump)
    {
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Counted.Of(dump.Goroutines, "goroutine")} in {Counted.Of(dump.Groups.Length + dump.GroupsNotListed, "group")}{(dump.GoVersion is { } version ? $", {PlainText.Clean(version, 60)}" : "")}"));
        if (dump.Crash is { } crash) WriteCrash(output, crash);
        if (dump.Truncated is { } cut) output.WriteLine($"It is cut short: {PlainText.Clean(cut, 500)}");
        foreach (string problem in dump.Problems.Take(5)) output.WriteLine($"Not taken in: {PlainText.Clean(problem, 500)}");

        TextTable states = new("count", "state");
        foreach (DumpStatePart state in dump.States.Where(state => state.State is not null || dump.States.Length > 1).Take(20)) states.Add(Figures.Count(state.Count), ReportWords.State(state.State, state.WaitReason));
        states.Write(output, "By state");

        TextTable tags = new("count", "busy with");
        foreach (DumpTagPart tag in dump.Tags.Take(20)) tags.Add(Figures.Count(tag.Count), tag.Tag);
        tags.Write(output, "By what they are busy with");

        TextTable ages = new("count", "waiting for");
        foreach (WaitAgePart age in dump.WaitAges)
            ages.Add(Figures.Count(age.Count), $"{Figures.Age(age.FromSeconds)} and more{(age.ToSeconds is { } to ? $", less than {Figures.Age(to)}" : "")}");
        ages.Write(output, "By age");

        foreach (DumpGroupPart group in dump.Groups.Take(GroupsWithStacks)) WriteGroup(output, group);
        long more = dump.Groups.Length + dump.GroupsNotListed - Math.Min(dump.Groups.Length, GroupsWithStacks);
        if (more > 0) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"\n{more:N0} smaller groups are in --json."));
    }

    private static void WriteCrash(TextWriter output, CrashPart crash)
    {
        output.WriteLine();
        foreach (string message in crash.Messages) output.WriteLine(PlainText.Clean(message, 500));
        if (crash.Signal is { } signal) output.WriteLine($"signal: {PlainText.Clean(signal, 300)}");
        foreach (string detail in crash.Details) output.WriteLine(PlainText.Clean(detail, 300));
        if (crash.FaultingGoroutine is { } goroutine) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"by goroutine {goroutine}:"));
        foreach (FramePart frame in crash.FaultingStack.Take(FramesShown)) WriteFrame(output, frame);
    }

    private static void WriteGroup(TextWriter output, DumpGroupPart group)
    {
        output.WriteLine();
        string age = group.OldestMinutes is { } minutes ? $", oldest {Figures.Age(minutes * 60.0)} or more" : "";
        string locked = group.LockedToThread > 0 ? $", {Figures.Count(group.LockedToThread)} locked to thread" : "";
        string tags = group.Tags.IsEmpty ? "" : $"  [{string.Join(", ", group.Tags)}]";
        output.WriteLine($"{Figures.Count(group.Count)} × {(group.State is null ? "goroutine" : PlainText.Clean(ReportWords.State(group.State, group.WaitReason), 100))}{age}{locked}{PlainText.Clean(tags, 200)}");
        foreach (LabelCountPart label in group.Labels.Take(3)) output.WriteLine($"    label {PlainText.Clean($"{label.Key}={label.Value}", 120)} × {Figures.Count(label.Count)}");
        foreach (FramePart frame in group.Stack.Take(FramesShown)) WriteFrame(output, frame);
        if (group.Stack.Length > FramesShown) output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    … {Counted.Of(group.Stack.Length - FramesShown, "more frame")}"));
        if (group.StackIncomplete is { } why) output.WriteLine($"    (stack incomplete: {why})");
        if (group.CreatedBy is { } creator) output.WriteLine($"    made by {PlainText.Clean(ReportWords.Place(creator), 300)}");
    }

    private static void WriteFrame(TextWriter output, FramePart frame) => output.WriteLine($"    {PlainText.Clean(ReportWords.Place(frame), 300)}");
}
