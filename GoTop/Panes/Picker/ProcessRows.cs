using System.Collections.Immutable;
using GoTop.Engine.Discovery;
using GoTop.Engine.Model;
using GoTop.Engine.Sampling;
using GoTop.Widgets;

namespace GoTop.Panes.Picker;

/// <summary>The Go processes of this machine as filtered and sorted.</summary>
internal sealed class ProcessRows(ImmutableArray<GoProcess> processes) : IRowKeys
{
    public static readonly ImmutableArray<TableColumn> Columns =
    [
        new("PID", 7, Align.Right),
        new("NAME", 16, Grow: 1),
        new("GO", 10, Priority: 3),
        new("MODULE", 22, Priority: 6, Grow: 2, Fit: Fit.GoName),
        new("SERVICE", 14, Priority: 4, Grow: 1),
        new("PORTS", 10, Priority: 2),
        new("PPROF", 5, Priority: 5),
        new("USER", 10, Priority: 7),
        new("STARTED", 16, Priority: 8),
        new("SOURCES", 18, Priority: 1, Grow: 3),
    ];

    public ImmutableArray<GoProcess> Processes => processes;

    public int Count => processes.Length;

    public object KeyAt(int row) => Key(processes[row]);

    public int IndexOf(object key)
    {
        for (int i = 0; i < processes.Length; i++)
        {
            if (Key(processes[i]).Equals(key)) return i;
        }

        return -1;
    }

    public static ProcessRows Of(ImmutableArray<GoProcess> all, PaneState state)
    {
        TextFilter filter = new(state.Filter);
        IEnumerable<GoProcess> shown = all.Where(process => filter.Matches(Searched(process)));
        bool byPid = state.SortColumn == 0;
        IEnumerable<GoProcess> sorted = (byPid, state.Inverted) switch
        {
            (true, false) => shown.OrderBy(Pid),
            (true, true) => shown.OrderByDescending(Pid),
            (false, false) => shown.OrderBy(process => Text(process, state.SortColumn).Text, StringComparer.OrdinalIgnoreCase),
            (false, true) => shown.OrderByDescending(process => Text(process, state.SortColumn).Text, StringComparer.OrdinalIgnoreCase),
        };
        return new ProcessRows([.. sorted]);
    }

    public TableCell Cell(int row, int column) => Text(processes[row], column).Cell;

    private static object Key(GoProcess process) => process.Identity.Process is { } key ? key : process.Identity.Name;

    private static int Pid(GoProcess process) => process.Identity.Process?.ProcessId ?? 0;

    private static Figure Text(GoProcess process, int column)
    {
        TargetIdentity identity = process.Identity;
        return column switch
        {
            0 => identity.Process is { } key ? Figure.Plain(Figures.Invariant($"{key.ProcessId}")) : Figure.Missing(ReadingState.NotSupported, "known by its URL only"),
            1 => Figure.Plain(identity.Name, Tone.Accent),
            2 => Figure.Of(identity.Build, build => build.GoVersion),
            3 => Figure.Of(identity.Build, build => $"{build.Module}@{build.ModuleVersion}"),
            4 => Figure.Of(identity.Service, service => service),
            5 => Figure.Of(identity.Ports, ports => ports.IsEmpty ? "none" : string.Join(",", ports.Select(port => Figures.Invariant($"{port}")))),
            6 => identity.PprofUrl.HasValue ? Figure.Plain("yes", Tone.Good) : Figure.Plain("no", Tone.Dim),
            7 => Figure.Of(identity.User, user => user),
            8 => Figure.Of(identity.StartedAt, Figures.Moment),
            _ => Sources(process.Sources),
        };
    }

    /// <summary>Whether all serve, else those that do not; where one is refused, its reason.</summary>
    private static Figure Sources(ImmutableArray<SourceStatus> sources)
    {
        string usable = string.Join(" ", sources.Where(source => source.State == SourceState.Ok).Select(source => source.Name));
        SourceStatus? refused = sources.FirstOrDefault(source => source.State is SourceState.Denied or SourceState.Failed);
        if (refused is null)
        {
            if (usable.Length == 0) return Figure.Missing(ReadingState.NotYet, null);
            // Whether a log is followed is the configuration's affair, not the process's.
            string others = string.Join(" ", sources.Where(source => source.State != SourceState.Ok && source.Name != "logs").Select(source => source.Name));
            return Figure.Plain(others.Length == 0 ? "all" : $"all but {others}", Tone.Good);
        }

        string why = $"{refused.Name} {SourceTable.WordOf(refused.State)}: {refused.Reason}";
        return Figure.Plain(usable.Length > 0 ? $"{usable}; {why}" : why, Tone.Warning);
    }

    private static string Searched(GoProcess process) =>
        string.Join(' ', Enumerable.Range(0, Columns.Length).Select(column => Text(process, column).Text));
}
