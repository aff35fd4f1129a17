using System.Collections.Immutable;
using GoTop.Engine.Analysis.Kernel;
using GoTop.Engine.KernelEvents;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Panes.Kernel;
using GoTop.Widgets;

namespace GoTop.Panes.Cores;

/// <summary>Each core as a row: where it lies, who has it, and what of Go's runs there.</summary>
internal static class CoreRows
{
    /// <summary>Sorts below any figure.</summary>
    private const double Absent = -1;
    private const int PastWidth = 12;
    private const int ProcessesNamed = 3;

    private const string Group = "GROUP";

    private static readonly ImmutableArray<TableColumn> Columns =
    [
        new("CORE", 5, Align.Right),
        new("NODE", 4, Align.Right, Priority: 7),
        new("SMT", 5, Priority: 8),
        new(Group, 5, Align.Right, Priority: 7),
        new("ALLOWED", 7, Priority: 1),
        new("BUSY", 6, Align.Right),
        new("PAST", PastWidth, Priority: 5),
        new("TARGET", 6, Align.Right),
        new("OTHERS", 6, Align.Right, Priority: 2),
        new("IRQ", 5, Align.Right, Priority: 9),
        new("IDLE", 6, Align.Right, Priority: 6),
        new("WHO HAS IT", 30, Grow: 2),
        new("WHERE THE TARGET WAS FOUND", 30, Priority: 4, Grow: 2, Fit: Fit.GoName),
    ];

    public static SortableTable Of(Observation observation, ImmutableArray<CoreLoad> cores, PaneState state)
    {
        Snapshot now = observation.Now;
        KernelFigures? kernel = now.Kernel.ValueOr(null);
        Dictionary<int, CoreShare> shares = kernel?.Cores.ToDictionary(core => core.Core.Cpu) ?? [];
        ILookup<(int, int), int> siblings = cores.ToLookup(core => (core.Core.Package, core.Core.PhysicalCore), core => core.Core.Id);
        bool groups = cores.Any(core => core.Core.ProcessorGroup != 0);
        IEnumerable<SortableRow> rows = cores.OrderBy(core => core.Core.Id).Select(core => Row(core, shares.GetValueOrDefault(core.Core.Id), kernel, siblings, observation));
        if (groups) return SortableTable.Of(Columns, rows, state);
        int group = Columns.IndexOf(Columns.First(column => column.Title == Group));
        return SortableTable.Of(Columns.RemoveAt(group), rows.Select(row => row with { Cells = row.Cells.RemoveAt(group), Order = row.Order.RemoveAt(group) }), state);
    }

    /// <summary>An open core: everybody on it, and where the target was found.</summary>
    public static PageRows Page(Observation observation, CoreLoad core)
    {
        PageRows rows = new();
        Snapshot now = observation.Now;
        int target = ProcessWords.Target(now);
        rows.Heading("since the reading before");
        rows.Add(Figures.Percent(core.BusyPercent), "busy", Tone.Normal, $"user {Figures.Percent(core.UserPercent)}, system {Figures.Percent(core.SystemPercent)}");
        rows.Add(Figures.Percent(core.IoWaitPercent), "idle while a disk is waited for");
        rows.Add(Figures.Percent(core.InterruptPercent), "interrupts");
        rows.Add(Figures.Percent(core.StealPercent), "stolen by the machine's own host", core.StealPercent >= 5 ? Tone.Warning : Tone.Normal);
        if (!now.Kernel.TryGet(out KernelFigures? kernel) || kernel.Cores.FirstOrDefault(share => share.Core.Cpu == core.Core.Id) is not { } known)
        {
            rows.Heading("from the kernel's events");
            rows.Note(now.Kernel.HasValue ? "nothing was seen on it" : Figure.Of(now.Kernel, _ => "").Reason ?? "");
            return rows;
        }

        rows.Heading($"who had it in {Figures.Nanoseconds(kernel.Report.DurationNanoseconds)}");
        bool timed = kernel.Report.Coverage.Tells(KernelFacts.AllSwitches);
        foreach (ProcessActivity process in known.Core.Processes)
        {
            Tone tone = process.Process == target ? Tone.Accent : Tone.Normal;
            rows.Add(timed ? Figures.Nanoseconds(process.OnCpuNanoseconds) : "", Who(process, target), tone, process.Samples > 0 ? $"found at work {Figures.Counted(process.Samples, "time")}" : "");
        }

        if (timed) rows.Add(Figures.Percent(known.IdlePercent), "idle", Tone.Dim);
        if (known.UnknownPercent >= 0.05) rows.Add(Figures.Percent(known.UnknownPercent), "not known whose", Tone.Dim);
        rows.Add(Figures.PerSecond(known.Core.Switches / Math.Max(1e-3, kernel.Seconds)), "context switches", Tone.Dim);
        rows.Heading("where the target was found on it");
        foreach (CoreFunction function in known.Core.Functions.IsDefault ? [] : known.Core.Functions) rows.Add(Figures.Count(function.Samples), function.Function, KernelTables.ToneOf(function.Kind, function.Function), KernelTables.Kind(function.Kind));
        if (known.Core.Functions.IsDefaultOrEmpty) rows.Note(kernel.Report.Samples.HasValue ? "nowhere" : Figure.Of(kernel.Report.Samples, _ => "").Reason ?? "");
        return rows;
    }

    private static SortableRow Row(CoreLoad load, CoreShare? share, KernelFigures? kernel, ILookup<(int, int), int> siblings, Observation observation)
    {
        Snapshot now = observation.Now;
        LogicalCore core = load.Core;
        bool? may = now.Process.AllowedCores.TryGet(out CoreSet? allowed) ? allowed.Contains(core.Id) : null;
        string smt = string.Join(',', siblings[(core.Package, core.PhysicalCore)].Where(other => other != core.Id));
        string past = Sparkline.Text(observation.History.Cores.Of(core.Id), PastWidth, 100);
        return new SortableRow(
            core.Id,
            [
                new(Figures.Invariant($"{core.Id}"), may == false ? Tone.Dim : Tone.Normal),
                new(Figures.Invariant($"{core.NumaNode}")), new(smt, Tone.Dim), new(Figures.Invariant($"{core.ProcessorGroup}")),
                may switch { true => new("yes", Tone.Good), false => new("no", Tone.Dim), _ => Missing },
                new(Figures.Percent(load.BusyPercent), load.BusyPercent >= 95 ? Tone.Warning : Tone.Normal),
                new(past.PadLeft(PastWidth), load.BusyPercent >= 95 ? Tone.Warning : Tone.Good),
                share is null ? Missing : new(Figures.Percent(share.TargetPercent), share.TargetPercent >= 0.05 ? Tone.Accent : Tone.Dim),
                share is null || !TellsOthers(kernel) ? Missing : new(Figures.Percent(share.OthersPercent), share.OthersPercent >= 50 ? Tone.Warning : Tone.Normal),
                share?.InterruptPercent is { } interrupts ? new(Figures.Percent(interrupts)) : Missing,
                share is null || !TellsOthers(kernel) ? Missing : new(Figures.Percent(share.IdlePercent), Tone.Dim),
                share is null || !TellsWho(kernel!) ? Missing : new(Who(share, kernel!, ProcessWords.Target(now))),
                share is null || share.Core.Functions.IsDefaultOrEmpty ? new("", Tone.Dim) : new(Functions(share.Core.Functions), Tone.Accent),
            ],
            [
                // Cores in their order from above: the first one is the largest.
                -core.Id, core.NumaNode, double.NaN, core.ProcessorGroup, double.NaN, load.BusyPercent, double.NaN, share?.TargetPercent ?? Absent, share?.OthersPercent ?? Absent,
                share?.InterruptPercent ?? Absent, share?.IdlePercent ?? Absent, double.NaN, double.NaN,
            ]);
    }

    private static TableCell Missing => new(Figure.MissingText, Tone.Dim);

    private static bool TellsOthers(KernelFigures? kernel) => kernel?.Report.Coverage.Tells(KernelFacts.AllSwitches) ?? false;

    /// <summary>Of a process that sees its own events alone, nobody else's part is known.</summary>
    private static bool TellsWho(KernelFigures kernel) => TellsOthers(kernel) || kernel.Report.Coverage.Tells(KernelFacts.AllSamples);

    /// <summary>By time where that is told; else by how often each was found at work.</summary>
    private static string Who(CoreShare share, KernelFigures kernel, int target)
    {
        bool timed = TellsOthers(kernel);
        double whole = timed ? Math.Max(1, kernel.Report.DurationNanoseconds) : Math.Max(1, share.Core.Samples);
        return string.Join(", ", share.Core.Processes.Take(ProcessesNamed).Select(process =>
            $"{Who(process, target)} {Figures.Percent((timed ? process.OnCpuNanoseconds : process.Samples) / whole * 100)}"));
    }

    private static string Who(ProcessActivity process, int target) =>
        process.Process == target ? "target" : process.Process < 0 ? "not known" : ProcessWords.Of(process.Process, process.Name);

    private static string Functions(ImmutableArray<CoreFunction> functions) =>
        string.Join(", ", functions.Select(function => $"{Drawing.WithoutImportPath(function.Function)} {Figures.Count(function.Samples)}"));
}
