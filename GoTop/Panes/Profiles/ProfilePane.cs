using System.Collections.Immutable;
using GoTop.Engine.Analysis.Code;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Widgets;
using GoTop.Widgets.Flame;

namespace GoTop.Panes.Profiles;

/// <summary>
/// A pane over profiles of one kind: functions, lines and a flame graph, each to be filtered, compared with a mark and opened.
/// </summary>
/// <remarks>
/// What is sorted, searched or laid out is kept between frames, so that a key press never works through a large profile again.
/// </remarks>
public abstract class ProfilePane : Pane<ProfilePaneView>
{
    private const int FunctionsView = 0;
    private const int LinesView = 1;
    private const int GraphView = 2;
    private const int DetailRows = 2;

    private readonly LastResult<(SameObject Profile, bool HidesRuntime), AnalysedProfile> _now = new();
    private readonly LastResult<(SameObject Profile, bool HidesRuntime), AnalysedProfile> _then = new();
    private readonly LastResult<RowsKey, ProfileRows> _rows = new();
    private readonly LastResult<(SameObject Profile, int Type, CodeOrigins Origins, string Function), PageOrNone> _page = new();
    private readonly LastResult<(SameObject Now, SameObject Then, int Type, CodeOrigins Origins), ProfileFlame> _flame = new();
    private readonly LastResult<(SameObject Flame, int Zoomed, int Width), FlameLayout> _layout = new();
    private readonly LastResult<(SameObject Flame, string Filter), FlameSearch> _search = new();

    public sealed override ImmutableArray<string> Views { get; } = ["functions", "lines", "flame"];

    protected abstract ProfileKind Kind { get; }

    /// <summary>In words, e.g. <c>CPU profile</c>.</summary>
    protected abstract string What { get; }

    protected abstract ImmutableArray<ProfileMeasure> Measures { get; }

    /// <summary>Whether a profile is compared with the one before while nothing is marked.</summary>
    protected virtual bool ComparesWithPrevious => false;

    /// <summary>Said where a profile has no samples.</summary>
    protected abstract string NoSamples { get; }

    public sealed override Interest Interest(PaneInput input) => new() { Profiles = ProfileKindSet.Of(Kind), Force = input.State.Forced };

    public sealed override ImmutableArray<string> SortColumns(PaneInput input) =>
        IsList(input.State) && Show(input) is { } shown ? [.. ProfileRows.ColumnsOf(shown).Columns.Select(column => column.Title)] : [];

    public sealed override ProfilePaneView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new ProfilePaneView { Notice = NoticeView.NoObservation };
        string? ended = PaneFrame.Ended(observation);
        if (Show(input) is not { } shown)
            return new ProfilePaneView { Ended = ended, Notice = ProfileNotice.Of(observation.Now.Profiles[Kind], What, observation.Now) };
        int height = input.Height - PaneFrame.RowsTaken(observation);
        ProfilePaneView view = Opened(input.State) is FunctionKey function ? BuildPage(input, shown, function.Function, height)
            : input.State.View == GraphView ? BuildFlame(input, shown, height)
            : BuildList(input, shown, height);
        return view with { Ended = ended, HeadRows = HeadRows(height) };
    }

    public sealed override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        switch (command)
        {
            case PaneCommand.Back:
                return ListNavigation.Close(state);
            case PaneCommand.HideRuntime:
                return state with { HidesRuntime = !state.HidesRuntime };
            case PaneCommand.Force:
                return state with { Forced = true };
            case PaneCommand.NextMeasure when Measures.Length > 1:
                return state with { Measure = (state.Measure + 1) % Measures.Length };
        }

        ShownProfile? shownOrNone = Show(input);
        if (command == PaneCommand.NextView) return NextView(state, shownOrNone);
        if (shownOrNone is not { } shown) return state;
        int height = input.Height - PaneFrame.RowsTaken(input.Observation);
        return Opened(state) is FunctionKey function ? HandlePage(command, state, shown, function.Function, height)
            : state.View == GraphView ? HandleFlame(command, input, shown, height)
            : HandleList(command, input, shown, height);
    }

    protected sealed override void Draw(ProfilePaneView view, DrawContext context) => ProfileDrawing.Draw(view, context);

    /// <summary>Title, what it covers, what stands out. Tabs and what is beside them are added here.</summary>
    internal abstract ProfileHead Head(Snapshot now, ShownProfile shown);

    private static int HeadRows(int height) => height < 5 ? 0 : height < 14 ? 1 : 3;

    private static int TableRows(int height) => Math.Max(0, height - HeadRows(height) - Table.HeadRows);

    private static int FlameRows(int height) => Math.Max(0, height - HeadRows(height) - (height < 10 ? 1 : DetailRows));

    private static object? Opened(PaneState state) => state.Levels.IsEmpty ? null : state.Levels[^1].Opened;

    private static bool IsList(PaneState state) => state.View != GraphView && state.Levels.IsEmpty;

    private ShownProfile? Show(PaneInput input)
    {
        if (input.Observation is not { } observation) return null;
        Comparison? marked = input.Comparison;
        Snapshot now = marked?.Now.Now ?? observation.Now;
        Reading<ProfileFigure> reading = now.Profiles[Kind];
        if (!reading.TryGet(out ProfileFigure? figure)) return null;
        AnalysedProfile profile = figure.Profile;
        ProfileMeasure measure = Measures[Math.Clamp(input.State.Measure, 0, Measures.Length - 1)];
        int type = profile.TypeOf(measure.Type);
        if (type < 0 && (type = profile.DefaultType) < 0) return null;
        return new ShownProfile
        {
            Capture = figure.Capture,
            Profile = Filtered(_now, profile, input.State),
            Unfiltered = profile,
            Measure = measure,
            Type = type,
            Origins = CodeOrigins.Of(now.Target),
            Stale = reading.State == ReadingState.Stale ? reading.Reason ?? "" : null,
            Then = marked is not null ? Marked(marked.Then.Now, figure, measure, input.State) : Previous(figure, measure, input.State),
            IsMarkSet = marked is not null,
        };
    }

    private ComparedProfile? Marked(Snapshot then, ProfileFigure now, ProfileMeasure measure, PaneState state) =>
        then.Profiles[Kind].TryGet(out ProfileFigure? figure) && figure.Capture.ReadAtNanoseconds != now.Capture.ReadAtNanoseconds
            && figure.Profile.TypeOf(measure.Type) is >= 0 and int type
            ? new ComparedProfile(figure.Capture, Filtered(_then, figure.Profile, state), type, SecondsBetween(figure.Capture, now.Capture), IsMarked: true)
            : null;

    private ComparedProfile? Previous(ProfileFigure now, ProfileMeasure measure, PaneState state) =>
        ComparesWithPrevious && now is { PreviousCapture: { } capture, PreviousProfile: { } profile } && profile.TypeOf(measure.Type) is >= 0 and int type
            ? new ComparedProfile(capture, Filtered(_then, profile, state), type, SecondsBetween(capture, now.Capture), IsMarked: false)
            : null;

    private static double SecondsBetween(ProfileCapture then, ProfileCapture now) => (now.ReadAtNanoseconds - then.ReadAtNanoseconds) / 1e9;

    private static AnalysedProfile Filtered(LastResult<(SameObject Profile, bool HidesRuntime), AnalysedProfile> kept, AnalysedProfile profile, PaneState state) =>
        state.HidesRuntime ? kept.Get((new SameObject(profile), true), profile, static whole => whole.With(ProfileFilter.None with { HideRuntime = true })) : profile;

    private ProfileHead Head(PaneInput input, ShownProfile shown, string aside)
    {
        List<string> words = [];
        if (input.State.HidesRuntime) words.Add("runtime left out");
        if (Measures.Length > 1) words.Insert(0, shown.Measure.Words);
        if (shown.IsMarkSet) words.Add(shown.Then is { } then ? $"against {Figures.Age(then.Seconds)} before" : "no other profile to compare with yet");
        if (aside.Length > 0) words.Add(aside);
        return Head(input.Observation!.Now, shown) with { Tabs = Views, Tab = input.State.View, Aside = string.Join(", ", words) };
    }

    private ProfilePaneView BuildList(PaneInput input, ShownProfile shown, int height)
    {
        PaneState state = input.State;
        ProfileRows rows = Rows(input.State, shown);
        (int selected, int top) = ListNavigation.Resolve(state, rows, TableRows(height));
        int column = rows.Columns.Clamp(state.SortColumn);
        string found = state.Filter.Length == 0 ? ""
            : $"{Figures.Count(rows.Count)} of {Figures.Count(rows.Unfiltered)}, {Figures.Percent(shown.Share(rows.FilteredFlat))} flat: {state.Filter}";
        return new ProfilePaneView
        {
            Head = Head(input, shown, found),
            Empty = rows.Unfiltered > 0 ? "Nothing passes the filter." : NoSamples,
            Table = new TableView(rows.Columns.Columns, rows.Count, rows.Cell)
            {
                Top = top,
                Selected = selected,
                SortColumn = column,
                Descending = rows.Columns.IsDescending(column, state.Inverted),
                IsStale = shown.Stale is not null,
            },
        };
    }

    private PaneState HandleList(PaneCommand command, PaneInput input, ShownProfile shown, int height)
    {
        PaneState state = input.State;
        ProfileRows rows = Rows(state, shown);
        switch (command)
        {
            case PaneCommand.NextSort:
                return ListNavigation.HandleSort(state with { SortColumn = rows.Columns.Clamp(state.SortColumn) }, command, rows.Columns.Columns, input.Width);
            case PaneCommand.Invert:
                return ListNavigation.HandleSort(state, command, rows.Columns.Columns.Length);
            case PaneCommand.Open:
                int selected = ListNavigation.Resolve(state, rows, TableRows(height)).Selected;
                return selected < 0 ? state : ListNavigation.Open(state, new FunctionKey(rows[selected].Any.Function));
            default:
                return ListNavigation.Handle(state, command, rows, TableRows(height));
        }
    }

    private ProfilePaneView BuildPage(PaneInput input, ShownProfile shown, string function, int height)
    {
        ProfileHead head = Head(input, shown, "");
        string name = Drawing.WithoutImportPath(function).ToString();
        if (Page(shown, function) is not { } page)
        {
            return new ProfilePaneView
            {
                Head = head with { Verdict = name, VerdictTone = Tone.Accent },
                Empty = "This profile does not have the function.",
                Table = new TableView(FunctionPage.Columns, 0, static (_, _) => default),
            };
        }

        (int selected, int top) = ListNavigation.Resolve(input.State, page, TableRows(height));
        if (selected >= 0 && page.IsHeading(selected)) selected++;
        return new ProfilePaneView
        {
            Head = head with
            {
                Verdict = $"{name}: {shown.Measure.Format(page.Cumulative)}, {Figures.Percent(shown.Share(page.Cumulative))} of all; {Itself(shown, page.Flat)}",
                VerdictTone = Tone.Accent,
            },
            Table = new TableView(FunctionPage.Columns, page.Count, page.Cell) { Top = top, Selected = selected < page.Count ? selected : -1, IsStale = shown.Stale is not null },
        };
    }

    /// <summary><c>itself 120 ms, 8.6%</c>.</summary>
    internal static string Itself(ShownProfile shown, long flat) =>
        flat == 0 ? "nothing itself" : $"itself {shown.Measure.Format(flat)}, {Figures.Percent(shown.Share(flat))}";

    private PaneState HandlePage(PaneCommand command, PaneState state, ShownProfile shown, string function, int height)
    {
        if (Page(shown, function) is not { } page) return state;
        int rows = TableRows(height), selected = ListNavigation.Resolve(state, page, rows).Selected;
        if (selected >= 0 && page.IsHeading(selected)) selected++;
        if (command == PaneCommand.Open)
            return selected >= 0 && selected < page.Count && page.Opens(selected) is { } other ? ListNavigation.Open(state, new FunctionKey(other)) : state;
        PaneState from = selected >= 0 && selected < page.Count ? state with { Selected = page.KeyAt(selected) } : state;
        PaneState moved = ListNavigation.Handle(from, command, page, rows);
        if (ReferenceEquals(moved, from)) return state;
        // Past a heading in the direction of the movement, or back where there is nothing before it.
        for (int turns = 0; turns < 2 && page.IndexOf(moved.Selected ?? page.KeyAt(0)) is var at && page.IsHeading(at); turns++)
        {
            bool up = command is PaneCommand.Up or PaneCommand.PageUp && at > 0 && turns == 0;
            moved = ListNavigation.Handle(moved with { Selected = page.KeyAt(at) }, up ? PaneCommand.Up : PaneCommand.Down, page, rows);
        }

        return moved;
    }

    private ProfilePaneView BuildFlame(PaneInput input, ShownProfile shown, int height)
    {
        PaneState state = input.State;
        ProfileFlame flame = Flame(shown);
        int zoomed = FlameNavigation.Zoomed(state, flame, out bool found);
        FlameLayout layout = Layout(flame, zoomed, input.Width);
        (int row, int bar) = FlameNavigation.Selected(state, flame, layout);
        int selected = row < 0 ? -1 : layout.Rows[row][bar].Node;
        FlameSearch? search = state.Filter.Length == 0 ? null : Search(flame, state.Filter);
        List<string> aside = [];
        if (!found) aside.Add("what was zoomed to is not in this profile");
        else if (zoomed > 0) aside.Add($"zoomed to {Figures.Percent(shown.Share(flame.ValueOf(zoomed)))}");
        if (search is not null) aside.Add($"{Figures.Counted(search.Nodes, "frame")}, {Figures.Percent(shown.Share(search.Value))} of all together: {state.Filter}");
        if (flame.Tree.IsCut) aside.Add("too many frames: cut");
        double scale = shown.Scale, thenScale = shown.ThenScale;
        bool compares = shown.IsMarked && flame.Tree.HasBefore;
        return new ProfilePaneView
        {
            Head = Head(input, shown, string.Join(", ", aside)) with { Legend = compares ? FlameLegend.Growth : FlameLegend.Origins },
            Empty = NoSamples,
            Details = ProfileFlameDetails.Of(shown, flame, selected),
            Flame = new FlameView(flame, layout, flame.OriginOf, node => Figures.Percent(shown.Share(flame.ValueOf(node))))
            {
                Top = FlameNavigation.Top(state, row, layout.Rows.Length, FlameRows(height)),
                Selected = selected,
                IsMatch = search is null ? null : search.IsMatch,
                GrowthOf = compares ? node => flame.GrowthOf(node, scale, thenScale) : null,
                IsStale = shown.Stale is not null,
            },
        };
    }

    private PaneState HandleFlame(PaneCommand command, PaneInput input, ShownProfile shown, int height)
    {
        ProfileFlame flame = Flame(shown);
        int zoomed = FlameNavigation.Zoomed(input.State, flame, out _);
        FlameLayout layout = Layout(flame, zoomed, input.Width);
        // Enter on what is zoomed to goes on to the function itself.
        if (command == PaneCommand.Open && zoomed > 0 && FlameNavigation.Selected(input.State, flame, layout).Row == 0)
            return ListNavigation.Open(input.State, new FunctionKey(flame.NameOf(zoomed)));
        return FlameNavigation.Handle(input.State, command, flame, layout, FlameRows(height));
    }

    /// <summary>The next view, with the same function selected in it.</summary>
    private PaneState NextView(PaneState state, ShownProfile? shown)
    {
        int view = (state.View + 1) % Views.Length;
        string? function = state.Selected switch
        {
            FunctionKey key => key.Function,
            LineKey key => key.Function,
            FlamePath { Depth: > 0 } path => path.Name,
            _ => null,
        };
        object? selected = function is null || shown is null ? null
            : view == GraphView ? Flame(shown).HeaviestOf(function) is > 0 and int node ? FlamePath.Of(Flame(shown), node) : null
            : new FunctionKey(function);
        return PaneState.Initial with { View = view, Filter = state.Filter, Measure = state.Measure, HidesRuntime = state.HidesRuntime, Forced = state.Forced, Selected = selected };
    }

    private ProfileRows Rows(PaneState state, ShownProfile shown)
    {
        bool byLine = state.View == LinesView;
        RowsKey key = new(
            new SameObject(shown.Profile), new SameObject(shown.Then?.Profile), shown.IsMarked, shown.Type, shown.Origins, byLine, state.Filter, state.SortColumn, state.Inverted);
        return _rows.Get(key, (shown, byLine, state), static made => ProfileRows.Of(made.shown, made.byLine, made.state));
    }

    private FunctionPage? Page(ShownProfile shown, string function) => _page.Get(
        (new SameObject(shown.Profile), shown.Type, shown.Origins, function), (shown, function), static made => new PageOrNone(FunctionPage.Of(made.shown, made.function))).Page;

    private ProfileFlame Flame(ShownProfile shown)
    {
        ComparedProfile? then = shown.IsMarked ? shown.Then : null;
        return _flame.Get(
            (new SameObject(shown.Profile), new SameObject(then?.Profile), shown.Type, shown.Origins), (shown, then), static made => new ProfileFlame(TreeOf(made.shown, made.then), made.shown.Origins));
    }

    private static CallTree TreeOf(ShownProfile shown, ComparedProfile? then)
    {
        if (then is null || ProfileDifference.Between(then.Profile, shown.Profile) is not { } difference) return shown.Profile.Tree(shown.Type);
        for (int type = 0; type < difference.Types.Length; type++)
        {
            if (difference.Types[type].After == shown.Type) return difference.Tree(type);
        }

        return shown.Profile.Tree(shown.Type);
    }

    private FlameLayout Layout(ProfileFlame flame, int zoomed, int width) =>
        _layout.Get((new SameObject(flame), zoomed, width), (flame, zoomed, width), static made => FlameLayout.Of(made.flame, made.zoomed, made.width));

    private FlameSearch Search(ProfileFlame flame, string filter) =>
        _search.Get((new SameObject(flame), filter), (flame, filter), static made => made.flame.Search(made.filter));

    private readonly record struct RowsKey(
        SameObject Now, SameObject Then, bool IsMarked, int Type, CodeOrigins Origins, bool ByLine, string Filter, int Sort, bool Inverted);

    private sealed record PageOrNone(FunctionPage? Page);
}
