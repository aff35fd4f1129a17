using System.Collections.Immutable;
using GoTop.Engine.Analysis.Goroutines;
using GoTop.Engine.Analysis.Profiles;
using GoTop.Engine.Analysis.Traces;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Engine.Sources;
using GoTop.Panes.Profiles;
using GoTop.Widgets;

namespace GoTop.Panes.Locks;

/// <summary>
/// Where goroutines wait for locks and channels: by the service's mutex and block profiles, by its memory at this moment,
/// and by a trace. Where a profile is not there, memory's list takes its place.
/// </summary>
public sealed class LocksPane : Pane<LocksView>
{
    private const int MostVerdictRows = 2;

    private const int MutexView = 0;
    private const int BlockView = 1;
    private const int TraceView = 3;

    private readonly LastResult<(SameObject Mutex, SameObject Before), ProfileSites> _mutex = new();
    private readonly LastResult<(SameObject Block, SameObject Before), ProfileSites> _block = new();
    private readonly LastResult<SameObject, ImmutableArray<WaitPlace>> _waits = new();
    private readonly LastResult<(SameObject Source, bool All, string Filter, int Sort, bool Inverted), ILockRows> _rows = new();
    private readonly LastResult<(SameObject Source, LockKey Key, int Across), LockPage> _page = new();

    public override ImmutableArray<string> Views { get; } = ["mutexes", "blocking", "waiting now", "traced"];

    public override string Id => "locks";

    public override string Title => "Locks";

    public override Interest Interest(PaneInput input)
    {
        bool waits = Content(input) is null or { Waits.IsDefault: false };
        return new Interest
        {
            Profiles = ProfileKindSet.Of(ProfileKind.Mutex, ProfileKind.Block),
            Waits = waits,
            // Without its stack a goroutine counts at the function it was started with, which names nobody's lock.
            AllStacks = waits,
            Force = input.State.Forced,
        };
    }

    public override ImmutableArray<string> SortColumns(PaneInput input) =>
        input.State.Levels.IsEmpty && Content(input) is { } content ? [.. Rows(content, input.State).Columns.Select(column => column.Title)] : [];

    public override LocksView Build(PaneInput input)
    {
        if (input.Observation is not { } observation) return new LocksView { Notice = NoticeView.NoObservation };
        string? ended = PaneFrame.Ended(observation);
        if (Content(input) is not { } content)
            return new LocksView { Ended = ended, Notice = NoticeView.Absent(observation.Now.Facts.Goroutines, "lock profile and no goroutines", observation.Now) };
        int height = input.Height - PaneFrame.RowsTaken(observation), visible = VisibleRows(input, content, height);
        LocksView view = new()
        {
            Ended = ended,
            Head = content.Head with { Tabs = Views, Tab = input.State.View, Aside = Aside(content, input.State) },
            HeadRows = HeadRows(input, content, height),
            Instead = content.Instead,
            InsteadRows = InsteadRows(input, content, height),
        };
        if (Page(input, content) is { } page) return view with { Table = page.Table(input.State, visible), Empty = "It is not there any more." };
        ILockRows rows = Rows(content, input.State);
        (int selected, int top) = ListNavigation.Resolve(input.State, rows, visible);
        int column = Math.Clamp(input.State.SortColumn, 0, rows.Columns.Length - 1);
        return view with
        {
            Empty = input.State.Filter.Length > 0 ? "Nothing passes the filter." : content.Waits.IsDefault ? "There is nothing." : "No goroutine waits for a lock or a send; t shows all that wait.",
            Table = new TableView(rows.Columns, rows.Count, rows.Cell)
            {
                Top = top,
                Selected = selected,
                SortColumn = column,
                Descending = rows.IsDescending(column, input.State.Inverted),
                IsStale = content.IsStale,
            },
        };
    }

    public override PaneState Handle(PaneCommand command, PaneInput input)
    {
        PaneState state = input.State;
        switch (command)
        {
            case PaneCommand.Back:
                return ListNavigation.Close(state);
            case PaneCommand.NextView:
                return PaneState.Initial with { View = (state.View + 1) % Views.Length, Filter = state.Filter, Measure = state.Measure, Forced = state.Forced };
            case PaneCommand.NextMeasure:
                return state with { Measure = 1 - Math.Clamp(state.Measure, 0, 1) };
            case PaneCommand.Force:
                return state with { Forced = true };
        }

        if (Content(input) is not { } content) return state;
        int height = input.Height - PaneFrame.RowsTaken(input.Observation), visible = VisibleRows(input, content, height);
        if (Page(input, content) is { } page)
        {
            return command switch
            {
                PaneCommand.Left => state with { Across = Math.Max(0, state.Across - 1) },
                PaneCommand.Right => state with { Across = Math.Min(state.Across + 1, Math.Max(0, page.Stacks - 1)) },
                _ => ListNavigation.Handle(state, command, new NumberedRows(page.Count), visible),
            };
        }

        if (!state.Levels.IsEmpty) return state;
        ILockRows rows = Rows(content, state);
        switch (command)
        {
            case PaneCommand.NextSort:
                return ListNavigation.HandleSort(state with { SortColumn = Math.Clamp(state.SortColumn, 0, rows.Columns.Length - 1) }, command, rows.Columns, input.Width);
            case PaneCommand.Invert:
                return ListNavigation.HandleSort(state, command, rows.Columns.Length);
            case PaneCommand.Open:
                int selected = ListNavigation.Resolve(state, rows, visible).Selected;
                return selected < 0 ? state : ListNavigation.Open(state, rows.KeyAt(selected));
            default:
                return ListNavigation.Handle(state, command, rows, visible);
        }
    }

    protected override void Draw(LocksView view, DrawContext context) => LocksDrawing.Draw(view, context);

    private static int HeadRows(PaneInput input, LockContent content, int height) =>
        height < 5 ? 0 : height < 14 ? 1 : 2 + Math.Clamp(Drawing.WrappedLines(input.Width, content.Head.Verdict), 1, MostVerdictRows);

    private static int InsteadRows(PaneInput input, LockContent content, int height) =>
        content.Instead is null ? 0 : Math.Min(Drawing.WrappedLines(input.Width, content.Instead), Math.Max(0, (height - HeadRows(input, content, height)) / 3));

    private static int VisibleRows(PaneInput input, LockContent content, int height) =>
        Math.Max(0, height - HeadRows(input, content, height) - InsteadRows(input, content, height) - Table.HeadRows);

    private static string Aside(LockContent content, PaneState state)
    {
        List<string> words = [];
        if (!content.Waits.IsDefault) words.Add(state.Measure == 0 ? "locks and sends" : "all waits");
        if (state.Levels is [.., { Opened: LockKey opened }]) words.Add(Drawing.WithoutImportPath(opened.Where.Function).ToString());
        else if (state.Filter.Length > 0) words.Add($"filter: {state.Filter}");
        return string.Join(", ", words);
    }

    /// <summary>What is shown in the present state; null where nothing can be, not even in its place.</summary>
    private LockContent? Content(PaneInput input)
    {
        if (input.Observation is not { } observation) return null;
        Snapshot now = input.Comparison?.Now.Now ?? observation.Now;
        switch (input.State.View)
        {
            case MutexView or BlockView:
                bool mutexes = input.State.View == MutexView;
                Reading<ProfileFigure> reading = now.Profiles[mutexes ? ProfileKind.Mutex : ProfileKind.Block];
                if (!reading.TryGet(out ProfileFigure? figure)) return Waits(observation, LockWords.IsMissing(mutexes, reading.State, reading.Reason));
                ProfileSites sites = Sites(mutexes ? _mutex : _block, figure, input.Comparison?.Then.Now.Profiles[figure.Capture.Kind] ?? default);
                if (sites.IsEmpty && Waits(observation, LockWords.IsEmpty(mutexes)) is { } instead) return instead;
                return new LockContent(sites, LockWords.OfProfile(mutexes, sites, figure.Capture)) { Sites = sites, IsStale = reading.State == ReadingState.Stale };
            case TraceView:
                return now.Facts.Trace.TryGet(out TraceBurst? burst)
                    ? new LockContent(burst.Report, LockWords.OfTrace(burst.Report, burst.TakenAt)) { Trace = burst.Report }
                    : Waits(observation, LockWords.NoTrace);
            default:
                return Waits(observation, null);
        }
    }

    private static ProfileSites Sites(
        LastResult<(SameObject Profile, SameObject Before), ProfileSites> kept, ProfileFigure figure, Reading<ProfileFigure> marked)
    {
        // The marked moment, or else the profile before.
        (AnalysedProfile? before, ProfileCapture? captureBefore) = marked.TryGet(out ProfileFigure? then) && then.Capture.ReadAtNanoseconds < figure.Capture.ReadAtNanoseconds
            ? (then.Profile, then.Capture)
            : (figure.PreviousProfile, figure.PreviousCapture);
        return kept.Get(
            (new SameObject(figure.Profile), new SameObject(before)), (figure, before, captureBefore),
            static made => new ProfileSites(made.figure.Profile, made.figure.Capture, made.before, made.captureBefore));
    }

    private LockContent? Waits(Observation observation, string? instead)
    {
        if (!observation.Now.Facts.Goroutines.TryGet(out GoroutineTable? table)) return null;
        ImmutableArray<WaitPlace> places = _waits.Get(new SameObject(table), table, WaitPlaces.Of);
        return new LockContent(table, LockWords.OfWaits(places, observation.Now))
        {
            Waits = places,
            Instead = instead,
            IsStale = observation.Now.Facts.Goroutines.State == ReadingState.Stale,
        };
    }

    private ILockRows Rows(LockContent content, PaneState state)
    {
        bool all = state.Measure > 0;
        return _rows.Get<(LockContent Content, bool All, PaneState State)>(
            (new SameObject(content.Source), all, state.Filter, state.SortColumn, state.Inverted), (content, all, state),
            static made => made.Content switch
            {
                { Sites: { } sites } => sites.Rows.For(made.State),
                { Trace: { } trace } => TraceRows.Of(trace).For(made.State),
                _ => WaitRows.Of(made.Content.Waits, made.All).For(made.State),
            });
    }

    /// <summary>The opened place; null when none is open, or it is not there any more.</summary>
    private LockPage? Page(PaneInput input, LockContent content)
    {
        if (input.State.Levels is not [.., { Opened: LockKey key }]) return null;
        return _page.Get<(LockContent Content, LockKey Key, int Across)>(
            (new SameObject(content.Source), key, input.State.Across), (content, key, input.State.Across),
            static made => Find(made.Content, made.Key, made.Across) ?? new LockPage());
    }

    private static LockPage? Find(LockContent content, LockKey key, int across)
    {
        if (content.Sites is { } sites)
        {
            LockRows<LockSite> rows = sites.Rows;
            return rows.IndexOf(key) is >= 0 and int at ? LockPage.Of(sites, rows[at], across) : null;
        }

        if (content.Trace is { } trace)
        {
            LockRows<BlockedSite> rows = TraceRows.Of(trace);
            return rows.IndexOf(key) is >= 0 and int at ? LockPage.Of(rows[at]) : null;
        }

        LockRows<WaitPlace> waits = WaitRows.Of(content.Waits, all: true);
        return waits.IndexOf(key) is >= 0 and int place ? LockPage.Of(waits[place]) : null;
    }

    /// <param name="Source">What the rows were made from, for telling whether they are still the same.</param>
    private sealed record LockContent(object Source, ProfileHead Head)
    {
        public ProfileSites? Sites { get; init; }

        public TraceReport? Trace { get; init; }

        /// <summary>Default when something else is shown.</summary>
        public ImmutableArray<WaitPlace> Waits { get; init; }

        public string? Instead { get; init; }

        public bool IsStale { get; init; }
    }
}
