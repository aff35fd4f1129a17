using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Model;

namespace GoTop.Engine.Analysis.EventLogs;

/// <summary>Which of a log's processes is looked into, and why, in words.</summary>
internal readonly record struct TargetChoice(LoggedProcess Process, string Why)
{
    /// <summary>So many executables are looked at to find a Go program.</summary>
    private const int MostLookedAt = 20;

    private const int SystemProcess = 4;
    private const int MaxNameChars = 100;

    /// <param name="processes">Busiest first.</param>
    /// <param name="isGo">Whether its executable lies here and is Go's.</param>
    /// <returns>Failed: there is none as named. Not supported: the log shows none at work.</returns>
    public static Reading<TargetChoice> Of(ImmutableArray<LoggedProcess> processes, EtlOptions options, Func<LoggedProcess, bool> isGo)
    {
        if (options.Process is { Length: > 0 } wanted) return Named(processes, wanted);
        ImmutableArray<LoggedProcess> atWork = [.. processes.Where(process => process.Id is > 0 and not SystemProcess && Work(process) > 0)];
        if (atWork.IsEmpty) return Reading.NotSupported<TargetChoice>("the log shows no process at work: it has no context switches and no CPU samples of any");
        string measure = atWork[0].OnCpuNanoseconds > 0 ? "CPU time" : "CPU samples";
        if (options.Binary is { Length: > 0 } binary && atWork.FirstOrDefault(process => IsNamed(process, Path.GetFileName(binary))) is { } given)
            return Reading.Of(new TargetChoice(given, "its executable is named as the given one"));
        if (atWork.Take(MostLookedAt).FirstOrDefault(isGo) is { } go)
            return Reading.Of(new TargetChoice(go, $"of the Go programs that lie on this machine it had the most {measure}"));
        return Reading.Of(new TargetChoice(atWork[0], $"it had the most {measure}; which processes are Go's cannot be told, since no executable of theirs lies here (--process chooses another)"));
    }

    private static Reading<TargetChoice> Named(ImmutableArray<LoggedProcess> processes, string wanted)
    {
        if (int.TryParse(wanted, NumberStyles.None, CultureInfo.InvariantCulture, out int id))
        {
            return processes.FirstOrDefault(process => process.Id == id) is { } found
                ? Reading.Of(new TargetChoice(found, "it was asked for by its number"))
                : NoSuch(processes, $"with the number {id}");
        }

        LoggedProcess[] named = [.. processes.Where(process => IsNamed(process, wanted))];
        return named switch
        {
            [] => NoSuch(processes, $"named {PlainText.Clean(wanted, MaxNameChars)}"),
            [var one] => Reading.Of(new TargetChoice(one, "it was asked for by its name")),
            [var busiest, ..] => Reading.Of(new TargetChoice(busiest, string.Create(CultureInfo.InvariantCulture, $"the busiest of {named.Length} of that name; --process takes a number as well"))),
        };
    }

    private static Reading<TargetChoice> NoSuch(ImmutableArray<LoggedProcess> processes, string how)
    {
        string some = string.Join(", ", processes.Where(process => process.Id > 0).Take(5).Select(process => string.Create(CultureInfo.InvariantCulture, $"{process.Name ?? "(no name)"} ({process.Id})")));
        return Reading.Failed<TargetChoice>($"the log has no process {how}{(some.Length > 0 ? $"; the busiest are {some}" : "")}");
    }

    private static long Work(LoggedProcess process) => Math.Max(process.OnCpuNanoseconds ?? 0, process.Samples ?? 0);

    private static bool IsNamed(LoggedProcess process, string wanted) =>
        process.Name is { } name && (name.Equals(wanted, StringComparison.OrdinalIgnoreCase) || name.Equals(wanted + ".exe", StringComparison.OrdinalIgnoreCase));
}
