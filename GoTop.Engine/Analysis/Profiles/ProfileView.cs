using GoTop.Engine.GoRuntime.Profiles;

namespace GoTop.Engine.Analysis.Profiles;

/// <summary>
/// What a filter leaves of a profile, in one detail of frames: the weights of stacks and the frames that are shown of each. Analyses
/// go over distinct stacks, of which there are fewer than samples. Immutable; a walker is one thread's.
/// </summary>
internal sealed class ProfileView
{
    private readonly bool[]? _hidden;
    private readonly bool[]? _keptStacks;
    private readonly bool[]? _keptLabelSets;
    private readonly DroppedFrames? _dropped;

    public ProfileView(Profile profile, FrameDetail detail, ProfileFilter filter)
    {
        Profile = profile;
        Frames = new FrameTable(profile, detail);
        _dropped = DroppedFrames.Of(profile);
        if (filter.HideRuntime) _hidden = Each(FunctionNames.IsRuntime);
        if (filter.Labels.Length > 0) _keptLabelSets = LabelFilters.Matching(profile, filter.Labels);
        if (filter.Focus.Length > 0 || filter.Ignore.Length > 0) _keptStacks = StacksKept(filter);
    }

    public Profile Profile { get; }

    public FrameTable Frames { get; }

    /// <summary>The sum of a sample type's values for each stack; 0 for those that the filter leaves out.</summary>
    public long[] Weights(int type)
    {
        ReadOnlySpan<int> stacks = Profile.SampleStacks;
        ReadOnlySpan<long> values = Profile.Values;
        int types = Profile.SampleTypes.Length;
        long[] weights = new long[Profile.StackCount];
        int value = type;
        for (int i = 0; i < stacks.Length; i++, value += types)
        {
            if (Counts(i)) weights[stacks[i]] += values[value];
        }

        return weights;
    }

    /// <summary>Whether the filter lets the sample count.</summary>
    public bool Counts(int sample) =>
        _keptStacks?[Profile.SampleStacks[sample]] != false && _keptLabelSets?[Profile.SampleLabelSets[sample]] != false;

    public StackWalker Walker() => new(this, _dropped, _hidden);

    private bool[] StacksKept(ProfileFilter filter)
    {
        bool[]? focus = filter.Focus.Length == 0 ? null : Containing(filter.Focus);
        bool[]? ignore = filter.Ignore.Length == 0 ? null : Containing(filter.Ignore);
        bool[] kept = new bool[Profile.StackCount];
        for (int i = 0; i < kept.Length; i++)
        {
            bool focused = focus is null;
            bool ignored = false;
            foreach (int location in Profile.Stack(i))
            {
                focused |= focus?[location] == true;
                ignored |= ignore?[location] == true;
            }

            kept[i] = focused && !ignored;
        }

        return kept;
    }

    /// <summary>The locations with a function, or a file, whose name contains a text.</summary>
    private bool[] Containing(string text)
    {
        bool[] frames = Each(name => name.Contains(text, StringComparison.OrdinalIgnoreCase));
        bool?[] files = new bool?[Profile.Functions.Length];
        bool[] matches = new bool[Profile.Locations.Length];
        for (int i = 0; i < matches.Length; i++)
        {
            foreach (int frame in Frames.Of(i)) matches[i] |= frames[frame];
            // Functions of the same name are one frame, but may lie in several files.
            foreach (ref readonly ProfileLine line in Profile.LinesOf(i))
                matches[i] |= files[line.Function] ??= Frames.CleanFile(line.Function).Contains(text, StringComparison.OrdinalIgnoreCase);
        }

        return matches;
    }

    private bool[] Each(Func<string, bool> predicate)
    {
        bool[] matches = new bool[Frames.Count];
        for (int i = 0; i < matches.Length; i++) matches[i] = predicate(Frames.NameOf(i));
        return matches;
    }
}

/// <summary>Turns stacks of locations into stacks of frames.</summary>
internal sealed class StackWalker(ProfileView view, DroppedFrames? dropped, bool[]? hidden)
{
    private readonly Profile _profile = view.Profile;
    private readonly FrameTable _table = view.Frames;
    private int[] _frames = new int[256];

    /// <summary>The frames of a stack, innermost first; valid until the next call.</summary>
    public ReadOnlySpan<int> Frames(int stack) => dropped is null && hidden is null ? All(_profile.Stack(stack)) : Shown(_profile.Stack(stack));

    private ReadOnlySpan<int> All(ReadOnlySpan<int> locations)
    {
        int[] all = _frames;
        int count = 0;
        foreach (int location in locations)
        {
            ReadOnlySpan<int> frames = _table.Of(location);
            if (all.Length - count < frames.Length) all = Grow(count + frames.Length);
            // Most locations are of one frame.
            if (frames.Length == 1) all[count] = frames[0];
            else frames.CopyTo(all.AsSpan(count));
            count += frames.Length;
        }

        return all.AsSpan(0, count);
    }

    private ReadOnlySpan<int> Shown(ReadOnlySpan<int> locations)
    {
        if (dropped is not null) locations = dropped.Visible(locations);
        int count = 0;
        int outermost = -1;
        foreach (int location in locations)
        {
            ReadOnlySpan<int> frames = _table.Of(location);
            if (dropped is not null) frames = frames[dropped.LinesLeftOut(location)..];
            if (_frames.Length - count < frames.Length) Grow(count + frames.Length);
            foreach (int frame in frames)
            {
                _frames[count] = frame;
                count += hidden?[frame] == true ? 0 : 1;
            }

            outermost = frames[^1];
        }

        if (count > 0 || outermost < 0) return _frames.AsSpan(0, count);
        _frames[0] = outermost;
        return _frames.AsSpan(0, 1);
    }

    private int[] Grow(int least)
    {
        Array.Resize(ref _frames, Math.Max(_frames.Length * 2, least));
        return _frames;
    }
}
