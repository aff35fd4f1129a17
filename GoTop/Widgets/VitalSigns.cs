using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes;
using GoTop.Screen;

namespace GoTop.Widgets;

/// <summary>
/// The line above every pane: who is watched, and how it is. Where room is short the sparklines go first, then what
/// matters least.
/// </summary>
public static class VitalSigns
{
    private const int SparklineWidth = 8;
    private const string Separator = "  ";
    private const int RoomForWords = 110;

    /// <param name="Short">Its text where the whole line would not fit otherwise.</param>
    /// <param name="Priority">0 always stays; the highest number goes first.</param>
    private sealed record Sign(string Label, string Text, string Short, Tone Tone, int Priority, NamedFigure? Past = null)
    {
        public string ShortLabel { get; init; } = Label;
    }

    public static void Draw(Observation? observation, Marks marks, bool paused, DrawContext context)
    {
        Surface surface = context.Surface;
        surface.Slice(0, 0, surface.Width, 1).Fill(context.Theme.HeadLine());
        string clock = observation is null ? "" : Figures.Clock(context.ToZone(observation.Now.Time));
        int right = surface.Width - 1 - clock.Length;
        context.Write(right, 0, clock.Length, clock, context.Theme.HeadLine());
        if (paused)
        {
            const string Paused = " PAUSED ";
            right -= Paused.Length + 1;
            context.Write(right, 0, Paused.Length, Paused, new Style(context.Theme.Warning, context.Theme.Background, Emphasis.Bold | Emphasis.Reverse));
        }

        if (Marked(marks, observation, context.Surface.Width >= RoomForWords) is { } marked)
        {
            right -= marked.Length + 1;
            context.Write(right, 0, marked.Length, marked, new Style(context.Theme.Accent, context.Theme.Background, Emphasis.Bold | Emphasis.Reverse));
        }

        if (observation is null)
        {
            context.Write(1, 0, right - 1, "GoTop", context.Theme.OnHeadLine(Tone.Normal));
            return;
        }

        int x = DrawTarget(observation, context, right);
        DrawSigns(observation, context, x, right - 1);
    }

    /// <summary><c> MARK 2m10s ago </c>, <c> MARKS 5m02s, 2m10s </c>; counted from what is shown, which may be before them.</summary>
    private static string? Marked(Marks marks, Observation? shown, bool inWords)
    {
        if (marks.First is not { } first || shown is null) return null;
        return marks.Second is { } second ? $" MARKS {Distance(first)}, {Distance(second)} " : $" MARK {Distance(first)} ";

        string Distance(Observation mark)
        {
            double seconds = (shown.Now.MonotonicNanoseconds - mark.Now.MonotonicNanoseconds) / 1e9;
            return seconds < 0 ? $"in {Figures.Age(-seconds)}" : inWords ? $"{Figures.Age(seconds)} ago" : Figures.Age(seconds);
        }
    }

    private static int DrawTarget(Observation observation, DrawContext context, int right)
    {
        Snapshot now = observation.Now;
        Tone worst = observation.Findings.IsEmpty ? Tone.Good : observation.Findings[0].Severity.ToTone();
        int x = context.Write(0, 0, 2, context.Glyphs.Bullet, context.Theme.OnHeadLine(worst)) + 1;
        int nameRoom = Math.Min(Math.Max(12, context.Surface.Width / 5), right - x - 1);
        x = context.Write(x, 0, nameRoom, now.Target.Name, context.Theme.OnHeadLine(worst).Bold());
        if (now.Target.Process is { } key)
            x = context.Write(x + 1, 0, Math.Max(0, right - x - 1), Figures.Invariant($"{key.ProcessId}"), context.Theme.HeadLine());
        if (now.TargetEnded is not null)
            return context.Write(x + 1, 0, Math.Max(0, right - x - 1), "ENDED", context.Theme.OnHeadLine(Tone.Critical).Bold());
        string? version = now.Go.Counters.GoVersion.ValueOr(null) ?? now.Target.Build.ValueOr(null)?.GoVersion;
        if (version is not null && context.Surface.Width >= 100)
            x = context.Write(x + 1, 0, Math.Max(0, Math.Min(14, right - x - 1)), version, context.Theme.HeadLine());
        return x;
    }

    private static void DrawSigns(Observation observation, DrawContext context, int from, int to)
    {
        List<Sign> signs = Signs(observation.Now);
        bool brief = false;
        while (signs.Count > 0 && Width(signs, brief) > to - from)
        {
            if (!brief)
            {
                brief = true;
                continue;
            }

            signs.Remove(signs.MaxBy(sign => sign.Priority)!);
        }

        int spare = to - from - Width(signs, brief);
        int sparklines = Math.Clamp(spare / (SparklineWidth + 1), 0, signs.Count(sign => sign.Past is not null));
        Style head = context.Theme.HeadLine();
        int x = from;
        foreach (Sign sign in signs)
        {
            string label = brief ? sign.ShortLabel : sign.Label, text = brief ? sign.Short : sign.Text;
            x = context.Write(x + Separator.Length, 0, label.Length, label, context.Theme.OnHeadLine(Tone.Dim));
            x = context.Write(x + 1, 0, PlainCells.Columns(text), text, context.Theme.OnHeadLine(sign.Tone));
            if (sign.Past is not { } past || sparklines-- <= 0) continue;
            Sparkline.Draw(context, x + 1, 0, SparklineWidth, observation.History[past], past.Unit, new Style(context.Theme.Accent, head.Background));
            x += SparklineWidth + 1;
        }
    }

    private static List<Sign> Signs(Snapshot now)
    {
        GoFigures go = now.Go;
        List<Sign> signs = [];
        Add("CPU", now.Process.CpuPercent, Figures.Percent, 0, SeriesCatalog.Cpu);
        Add("RSS", now.Process.ResidentBytes, Figures.Bytes, 1, SeriesCatalog.Resident);
        Add("goroutines", go.Counters.Goroutines, Figures.Count, 0, SeriesCatalog.Goroutines);
        Figure live = Figure.Of(go.Counters.HeapLiveBytes, Figures.Bytes), goal = Figure.Of(go.Counters.HeapGoalBytes, Figures.Bytes);
        string heap = goal.IsMissing ? live.Text : $"{live.Text}/{goal.Text}";
        signs.Add(new Sign("heap", heap, live.Text, live.Tone, 3, SeriesCatalog.HeapLive));
        Figure cycles = Figure.Of(go.GcCyclesPerSecond, Figures.PerSecond), gcCpu = Figure.Of(go.GcCpuPercent, Figures.Percent);
        string collector = gcCpu.IsMissing ? cycles.Text : $"{cycles.Text} {gcCpu.Text} CPU";
        signs.Add(new Sign("GC", collector, gcCpu.IsMissing ? cycles.Text : gcCpu.Text, gcCpu.Tone, 4, SeriesCatalog.GcCpu));
        Add("sched p99", go.SchedulingLatencyP99Nanoseconds, Figures.Nanoseconds, 2, SeriesCatalog.SchedulingLatencyP99);
        Add("run queue", go.RunQueue, Figures.Count, 5, SeriesCatalog.RunQueue);
        return signs;

        void Add<T>(string label, Reading<T> reading, Func<T, string> format, int priority, NamedFigure past)
        {
            Figure figure = Figure.Of(reading, format);
            signs.Add(new Sign(label, figure.Text, figure.Text, figure.Tone, priority, past) { ShortLabel = label.Split(' ')[^1] });
        }
    }

    private static int Width(List<Sign> signs, bool brief) =>
        signs.Sum(sign => Separator.Length + (brief ? sign.ShortLabel : sign.Label).Length + 1 + PlainCells.Columns(brief ? sign.Short : sign.Text));
}
