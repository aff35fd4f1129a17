using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.GoRuntime.Profiles;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>Says in plain words what stands out of a profile.</summary>
public static class ProfileVerdict
{
    /// <summary>A profile of so few samples tells where the program happened to be, and nothing of where it spends its time.</summary>
    public const int TooFewSamples = 3;

    private const int MostNamed = 3;

    // From here on the collector or the allocator is worth a sentence.
    private const double NotableShare = 0.15;

    // Below this nothing is named.
    private const double LeastShare = 0.01;

    private static readonly ImmutableArray<string> Collector = ["runtime.gcBgMarkWorker", "runtime.gcAssistAlloc", "runtime.bgsweep", "runtime.bgscavenge"];

    /// <summary>One paragraph on the sample type that is of interest first.</summary>
    public static string Of(AnalysedProfile profile)
    {
        int type = profile.DefaultType;
        if (type < 0 || profile.Totals(type).Absolute == 0) return "The profile holds no values.";
        return profile.SampleTypes[type].Type switch
        {
            "cpu" => Cpu(profile, type),
            "delay" when profile.TypeOf("contentions") >= 0 => Delay(profile, type),
            "inuse_space" or "alloc_space" => Heap(profile, type),
            _ => Any(profile, type),
        };
    }

    private static string Cpu(AnalysedProfile profile, int type)
    {
        long total = profile.Totals(type).Absolute;
        string unit = profile.SampleTypes[type].Unit;
        double factor = ProfileUnits.Of(unit).Factor;
        long duration = profile.Profile.DurationNanoseconds;
        string use = duration > 0 ? string.Create(CultureInfo.InvariantCulture, $" in {ProfileUnits.Words(duration, "nanoseconds")}, {total * factor / duration:0.00} cores on average") : "";
        List<string> sentences = [$"{ProfileUnits.Words(total, unit)} of CPU{use}.", $"Most is spent in {Functions(profile, type)}."];
        if (Sites(profile, profile.OwnSites(type), type) is { Length: > 0 } own) sentences.Add($"By the program's own lines: {own}.");
        AddShare(sentences, profile, type, "The garbage collector takes {0}.", function => Collector.Contains(function));
        AddShare(sentences, profile, type, "Allocating takes {0}.", function => function is "runtime.mallocgc" or "runtime.newobject");
        if (WhyNothing(profile, type) is { } few) sentences.Insert(0, few);
        return string.Join(' ', sentences);
    }

    /// <summary>The warning that a CPU profile of so few samples needs; null for one of more.</summary>
    public static string? WhyNothing(AnalysedProfile profile, int type)
    {
        int counts = profile.TypeOf("samples");
        long samples = counts >= 0 ? profile.Totals(counts).Sum : profile.Totals(type).Samples;
        return samples is > 0 and <= TooFewSamples ? $"It has {Counted.Of(samples, "sample")} only: too few to tell where time goes." : null;
    }

    private static string Delay(AnalysedProfile profile, int type)
    {
        int contentions = profile.TypeOf("contentions");
        ProfileTotals delay = profile.Totals(type);
        ProfileTotals count = profile.Totals(contentions);
        string unit = profile.SampleTypes[type].Unit;
        string mean = count.Sum > 0 ? $", {ProfileUnits.Words((double)delay.Sum / count.Sum, unit)} on average" : "";
        string head = string.Create(CultureInfo.InvariantCulture, $"Goroutines waited {ProfileUnits.Words(delay.Sum, unit)} in {Counted.Of(count.Sum, "contention")}{mean}.");
        string sites = Sites(profile, profile.Sites(type), type);
        return sites.Length == 0 ? head : $"{head} Most at {sites}.";
    }

    private static string Heap(AnalysedProfile profile, int type)
    {
        string unit = profile.SampleTypes[type].Unit;
        string what = profile.SampleTypes[type].Type == "inuse_space" ? "in use" : "allocated";
        int objects = profile.TypeOf(profile.SampleTypes[type].Type.Replace("space", "objects", StringComparison.Ordinal));
        string of = objects < 0 ? "" : string.Create(CultureInfo.InvariantCulture, $" in {Counted.Of(profile.Totals(objects).Sum, "object")}");
        string head = $"{ProfileUnits.Words(profile.Totals(type).Sum, unit)} {what}{of}, by estimate from samples.";
        string sites = Sites(profile, profile.Sites(type), type);
        return sites.Length == 0 ? head : $"{head} Most from {sites}.";
    }

    private static string Any(AnalysedProfile profile, int type)
    {
        ProfileValueType kind = profile.SampleTypes[type];
        string name = Model.PlainText.Clean(kind.Type, 100);
        return $"{name}: {ProfileUnits.Words(profile.Totals(type).Sum, Model.PlainText.Clean(kind.Unit, 100))}. Most in {Functions(profile, type)}.";
    }

    private static string Functions(AnalysedProfile profile, int type)
    {
        long total = profile.Totals(type).Absolute;
        return string.Join(", ", profile.Functions(type).Take(MostNamed).Where(row => row.Flat != 0).Select(row => $"{row.Function} ({ProfileUnits.Percent(row.Flat, total)})"));
    }

    private static void AddShare(List<string> sentences, AnalysedProfile profile, int type, string sentence, Func<string, bool> isMeant)
    {
        long share = profile.Functions(type).Where(row => isMeant(row.Function)).Total(row => row.Cumulative);
        long total = profile.Totals(type).Absolute;
        if (share >= total * NotableShare) sentences.Add(string.Format(CultureInfo.InvariantCulture, sentence, ProfileUnits.Percent(share, total)));
    }

    /// <summary>The first places, as far as they matter.</summary>
    private static string Sites(AnalysedProfile profile, ImmutableArray<ProfileSite> sites, int type)
    {
        double least = profile.Totals(type).Absolute * LeastShare;
        return string.Join(", ", sites.Take(MostNamed).Where(site => Math.Abs((double)site.Values[type]) >= least).Select(site => Site(profile, site, type)));
    }

    private static string Site(AnalysedProfile profile, ProfileSite site, int type)
    {
        string file = site.File[(site.File.LastIndexOfAny(['/', '\\']) + 1)..];
        string place = file.Length == 0 ? site.Function : string.Create(CultureInfo.InvariantCulture, $"{site.Function} ({file}:{site.Line})");
        return $"{place} {ProfileUnits.Percent(site.Values[type], profile.Totals(type).Absolute)}";
    }
}
