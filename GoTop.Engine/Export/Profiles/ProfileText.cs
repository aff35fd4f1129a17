using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Export.Profiles;

/// <summary>A profile as text for people: what stands out, then tables.</summary>
public static class ProfileText
{
    private const int NameWidth = 100;

    /// <summary>Of the sample type that is of interest first, with its functions and its places.</summary>
    public static void Write(TextWriter output, AnalysedProfile profile, int rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(profile);
        output.WriteLine(ProfileVerdict.Of(profile));
        output.WriteLine();
        WriteFacts(output, profile);
        int type = profile.DefaultType;
        if (type < 0 || profile.Totals(type).Absolute == 0) return;
        output.WriteLine();
        WriteTop(output, profile, type, rows);
        WriteSites(output, profile, type, rows);
        WriteLabels(output, profile, type);
    }

    /// <summary>The table of <c>go tool pprof -top</c>.</summary>
    public static void WriteTop(TextWriter output, AnalysedProfile profile, int type, int rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(profile);
        ProfileValueType kind = profile.SampleTypes[type];
        string unit = Clean(kind.Unit);
        long total = profile.Totals(type).Absolute;
        ImmutableArray<FunctionTotals> functions = profile.Functions(type);
        output.WriteLine(Invariant($"{Clean(kind.Type)}, {Math.Min(rows, functions.Length)} of {Counted.Of(functions.Length, "function")}, of {ProfileUnits.Words(total, unit)}"));
        output.WriteLine(Invariant($"{"flat",12} {"flat%",7} {"sum%",7} {"cum",12} {"cum%",7}  function"));
        long sum = 0;
        foreach (FunctionTotals row in functions.Take(rows))
        {
            sum += row.Flat;
            output.WriteLine(Invariant(
                $"{ProfileUnits.Words(row.Flat, unit),12} {ProfileUnits.Percent(row.Flat, total),7} {ProfileUnits.Percent(sum, total),7} {ProfileUnits.Words(row.Cumulative, unit),12} {ProfileUnits.Percent(row.Cumulative, total),7}  {Place(row.Function, row.File, row.Line)}{(row.Inlining == Inlining.Inlined ? " (inline)" : "")}"));
        }
    }

    /// <summary>Two profiles side by side.</summary>
    public static void WriteDifference(TextWriter output, ProfileDifference difference, int rows)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(difference);
        int type = difference.DefaultType;
        string unit = Clean(difference.Types[type].Type.Unit);
        foreach (ComparedType compared in difference.Types)
        {
            long before = difference.Before.Totals(compared.Before).Sum;
            long after = difference.After.Totals(compared.After).Sum;
            string own = Clean(compared.Type.Unit);
            output.WriteLine(Invariant($"{Clean(compared.Type.Type)}: {ProfileUnits.Words(before, own)} before, {ProfileUnits.Words(after, own)} after, {Signed(after - before, own)}"));
        }

        output.WriteLine(difference.Basis switch
        {
            RateBasis.Durations => Invariant(
                $"They cover {ProfileUnits.Words(difference.Before.Profile.DurationNanoseconds, "nanoseconds")} and {ProfileUnits.Words(difference.After.Profile.DurationNanoseconds, "nanoseconds")}: \"per second\" is the difference of their rates, and orders the rows."),
            RateBasis.TimeBetween => Invariant(
                $"There are {ProfileUnits.Words(difference.After.Profile.TimeNanoseconds - difference.Before.Profile.TimeNanoseconds, "nanoseconds")} between them: \"per second\" is the change in that time."),
            _ => "They do not tell when they were taken, so there are no rates.",
        });
        output.WriteLine();
        ImmutableArray<FunctionDifference> functions = difference.Functions(type);
        output.WriteLine(Invariant($"{Clean(difference.Types[type].Type.Type)}, the {Math.Min(rows, functions.Length)} largest changes of {functions.Length} functions"));
        output.WriteLine(Invariant($"{"flat before",12} {"after",12} {"change",12} {"per second",14} {"cum before",12} {"after",12}  {"",-6} function"));
        foreach (FunctionDifference row in functions.Take(rows))
        {
            string rate = row.FlatPerSecond is { } perSecond ? Signed(perSecond, unit) + "/s" : "";
            output.WriteLine(Invariant(
                $"{ProfileUnits.Words(row.FlatBefore, unit),12} {ProfileUnits.Words(row.FlatAfter, unit),12} {Signed(row.FlatDelta, unit),12} {rate,14} {ProfileUnits.Words(row.CumulativeBefore, unit),12} {ProfileUnits.Words(row.CumulativeAfter, unit),12}  {ProfileDiffDocument.Word(row.Kind),-6} {Place(row.Function, row.File, row.Line)}"));
        }

        ImmutableArray<SiteDifference> sites = difference.Sites(type);
        if (sites.IsEmpty || !HasSites(difference.After.SampleTypes)) return;
        output.WriteLine();
        output.WriteLine("by place in the program's own code");
        output.WriteLine(Invariant($"{"before",12} {"after",12} {"change",12} {"per second",14}  {"",-6} place"));
        foreach (SiteDifference row in sites.Take(rows))
        {
            string rate = row.PerSecond is { } perSecond ? Signed(perSecond, unit) + "/s" : "";
            output.WriteLine(Invariant(
                $"{ProfileUnits.Words(row.Before, unit),12} {ProfileUnits.Words(row.After, unit),12} {Signed(row.Delta, unit),12} {rate,14}  {ProfileDiffDocument.Word(row.Kind),-6} {Place(row.Function, row.File, row.Line)}"));
        }
    }

    private static void WriteFacts(TextWriter output, AnalysedProfile profile)
    {
        Profile raw = profile.Profile;
        string time = ProfileDocument.UnixTime(raw.TimeNanoseconds) is { } taken ? Invariant($"taken {taken:yyyy-MM-dd HH:mm:ss} UTC, ") : "";
        string duration = raw.DurationNanoseconds > 0 ? $"over {ProfileUnits.Words(raw.DurationNanoseconds, "nanoseconds")}, " : "";
        output.WriteLine(Invariant($"Profile {time}{duration}{Counted.Of(raw.SampleCount, "sample")}, {Counted.Of(raw.StackCount, "distinct stack")}, {Counted.Of(raw.Functions.Length, "function")}."));
        for (int i = 0; i < raw.SampleTypes.Length; i++)
        {
            ProfileTotals totals = profile.Totals(i);
            string unit = Clean(raw.SampleTypes[i].Unit);
            string sum = totals.Sum == totals.Absolute ? "" : Invariant($" ({Signed(totals.Sum, unit)} with signs)");
            output.WriteLine(Invariant($"  {Clean(raw.SampleTypes[i].Type),-16} {ProfileUnits.Words(totals.Absolute, unit)}{sum}{(i == profile.DefaultType ? "  (shown here)" : "")}"));
        }

        foreach (string comment in raw.Comments.Take(20)) output.WriteLine($"  comment: {Clean(comment)}");
    }

    private static void WriteSites(TextWriter output, AnalysedProfile profile, int type, int rows)
    {
        ImmutableArray<ProfileSite> sites = [.. profile.Sites(type).Where(site => site.Values[type] != 0)];
        if (sites.IsEmpty || !HasSites(profile.SampleTypes)) return;
        ImmutableArray<ProfileValueType> types = profile.SampleTypes;
        int count = CountBeside(profile, type);
        long total = profile.Totals(type).Absolute;
        output.WriteLine();
        output.WriteLine(Invariant($"by place in the program's own code, {Math.Min(rows, sites.Length)} of {sites.Length}"));
        output.WriteLine(Invariant($"{Clean(types[type].Type),14} {"",7} {(count < 0 ? "" : Clean(types[count].Type)),14} {(count < 0 ? "" : "each"),12}  place"));
        foreach (ProfileSite site in sites.Take(rows))
        {
            string beside = count < 0 ? "" : ProfileUnits.Words(site.Values[count], Clean(types[count].Unit));
            string mean = count >= 0 && site.Mean(type, count) is { } each ? ProfileUnits.Words(each, Clean(types[type].Unit)) : "";
            string called = site.Called == site.Function ? "" : $"  in {site.Called}";
            output.WriteLine(Invariant(
                $"{ProfileUnits.Words(site.Values[type], Clean(types[type].Unit)),14} {ProfileUnits.Percent(site.Values[type], total),7} {beside,14} {mean,12}  {Place(site.Function, site.File, site.Line)}{called}"));
        }
    }

    private static void WriteLabels(TextWriter output, AnalysedProfile profile, int type)
    {
        const int MostKeys = 10, MostValues = 8;
        ImmutableArray<LabelKeyTotals> labels = profile.Labels(type);
        if (labels.IsEmpty) return;
        string unit = Clean(profile.SampleTypes[type].Unit);
        output.WriteLine();
        output.WriteLine("labels");
        foreach (LabelKeyTotals key in labels.Take(MostKeys))
        {
            string values = string.Join(", ", key.Values.Take(MostValues).Select(value => $"{value.Value} {ProfileUnits.Words(value.Total, unit)}"));
            string more = key.DistinctValues > MostValues ? Invariant($", and {key.DistinctValues - MostValues} more") : "";
            output.WriteLine($"  {key.Key} ({ProfileUnits.Words(key.Total, unit)}): {values}{more}");
        }
    }

    /// <summary>Where something is allocated or locked says more than the function that does it.</summary>
    private static bool HasSites(ImmutableArray<ProfileValueType> types) => types.Any(type => type.Type is "contentions" or "delay" or "alloc_space" or "inuse_space");

    /// <summary>The number of things that a value is of: contentions of a delay, objects of a space; −1 for none.</summary>
    private static int CountBeside(AnalysedProfile profile, int type)
    {
        string name = profile.SampleTypes[type].Type;
        return name == "delay" ? profile.TypeOf("contentions") : name.EndsWith("_space", StringComparison.Ordinal) ? profile.TypeOf(name.Replace("_space", "_objects", StringComparison.Ordinal)) : -1;
    }

    private static string Signed(double value, string unit) => value > 0 ? "+" + ProfileUnits.Words(value, unit) : ProfileUnits.Words(value, unit);

    private static string Place(string function, string file, long line)
    {
        string name = PlainText.Clean(function, NameWidth);
        if (file.Length == 0) return name;
        string shown = PlainText.Clean(file.AsSpan(file.LastIndexOfAny(['/', '\\']) + 1), NameWidth);
        return line > 0 ? Invariant($"{name}  {shown}:{line}") : $"{name}  {shown}";
    }

    private static string Clean(string text) => PlainText.Clean(text, NameWidth);

    private static string Invariant(ref System.Runtime.CompilerServices.DefaultInterpolatedStringHandler text) => string.Create(CultureInfo.InvariantCulture, ref text);
}
