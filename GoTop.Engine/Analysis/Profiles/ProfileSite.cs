using System.Collections.Immutable;
using System.Runtime.InteropServices;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// A place in the program where something is allocated, locked or waited for, or where time goes: the innermost frame outside the runtime
/// and its lock packages, or outside the whole standard library; or the innermost of all, where no frame is.
/// </summary>
/// <param name="Line">0 when not told.</param>
/// <param name="Called">The innermost frame of all, such as <c>sync.(*Mutex).Unlock</c>, of the stacks that come to most; the function itself when it is that.</param>
/// <param name="Values">One per sample type of the profile: objects and bytes, contentions and delay.</param>
public sealed record ProfileSite(string Function, string File, long Line, string Called, ImmutableArray<long> Values)
{
    /// <summary>The mean of one value per unit of another, such as the delay per contention; null without any of these.</summary>
    public double? Mean(int value, int per) => Values[per] == 0 ? null : (double)Values[value] / Values[per];
}

/// <summary>Values by place of allocation or lock.</summary>
internal static class SiteAnalysis
{
    /// <param name="view">By <see cref="FrameDetail.Line"/>.</param>
    /// <returns>The largest of the sample type first, whatever the sign, then by name; those with no value of any type are left out.</returns>
    public static ImmutableArray<ProfileSite> Compute(ProfileView view, int type, Func<string, bool> isPassedOver)
    {
        FrameTable frames = view.Frames;
        bool[] passedOver = new bool[frames.Count];
        for (int i = 0; i < passedOver.Length; i++) passedOver[i] = isPassedOver(frames.NameOf(i));
        int types = view.Profile.SampleTypes.Length;
        (int Site, int Called)[] siteOfStack = Sites(view, passedOver);
        Dictionary<int, long[]> sites = [];
        Dictionary<(int Site, int Called), long> called = [];
        for (int sample = 0; sample < view.Profile.SampleCount; sample++)
        {
            (int Site, int Called) key = siteOfStack[view.Profile.SampleStacks[sample]];
            if (key.Site < 0 || !view.Counts(sample)) continue;
            ref long[]? sums = ref CollectionsMarshal.GetValueRefOrAddDefault(sites, key.Site, out _);
            sums ??= new long[types];
            ReadOnlySpan<long> values = view.Profile.ValuesOf(sample);
            for (int i = 0; i < types; i++) sums[i] += values[i];
            CollectionsMarshal.GetValueRefOrAddDefault(called, key, out _) += values[type];
        }

        Dictionary<int, (int Called, ulong Value)> most = [];
        foreach (((int site, int by), long value) in called.OrderBy(each => each.Key.Called))
        {
            if (!most.TryGetValue(site, out (int Called, ulong Value) best) || ProfileTotals.Magnitude(value) > best.Value) most[site] = (by, ProfileTotals.Magnitude(value));
        }

        List<KeyValuePair<int, long[]>> rows = [.. sites.Where(site => site.Value.AsSpan().ContainsAnyExcept(0))];
        rows.Sort((a, b) =>
        {
            ulong first = ProfileTotals.Magnitude(a.Value[type]);
            ulong second = ProfileTotals.Magnitude(b.Value[type]);
            return first != second ? second.CompareTo(first) : FrameOrder.Compare(frames, a.Key, b.Key);
        });
        return
        [
            .. rows.Select(row => new ProfileSite(
                frames.NameOf(row.Key), frames.FileOf(row.Key), frames.LineOf(row.Key), frames.NameOf(most[row.Key].Called), ImmutableCollectionsMarshal.AsImmutableArray(row.Value))),
        ];
    }

    /// <summary>The stacks that come to a place, the largest of the sample type first.</summary>
    public static ImmutableArray<StackTotals> StacksOf(ProfileView view, int type, ProfileSite site, Func<string, bool> isPassedOver)
    {
        FrameTable frames = view.Frames;
        bool[] passedOver = new bool[frames.Count];
        int wanted = -1;
        for (int i = 0; i < passedOver.Length; i++)
        {
            passedOver[i] = isPassedOver(frames.NameOf(i));
            if (frames.NameOf(i) == site.Function && frames.LineOf(i) == site.Line && frames.FileOf(i) == site.File) wanted = i;
        }

        (int Site, int Called)[] sites = Sites(view, passedOver);
        return wanted < 0 ? [] : SiteStacks.Compute(view, type, stack => sites[stack].Site == wanted);
    }

    private static (int Site, int Called)[] Sites(ProfileView view, bool[] passedOver)
    {
        (int Site, int Called)[] sites = new (int, int)[view.Profile.StackCount];
        StackWalker walker = view.Walker();
        for (int stack = 0; stack < sites.Length; stack++)
        {
            ReadOnlySpan<int> frames = walker.Frames(stack);
            sites[stack] = frames.IsEmpty ? (-1, -1) : (frames[0], frames[0]);
            foreach (int frame in frames)
            {
                if (passedOver[frame]) continue;
                sites[stack].Site = frame;
                break;
            }
        }

        return sites;
    }
}
