using System.Collections.Immutable;
using System.Globalization;
using GoTop.Engine.Discovery;
using GoTop.Engine.Export;
using GoTop.Engine.Model;

namespace GoTop.Cli.Commands;

/// <summary><c>gotop ps</c>: the Go processes of this machine.</summary>
internal static class PsCommand
{
    public static async Task<int> RunAsync(CliContext context, bool json, CancellationToken cancellation)
    {
        GoProcessList found = context.Finder.Find(cancellation);
        ImmutableArray<GoProcess> processes = await context.Finder.ProbePprofAsync(found.Processes, cancellation).ConfigureAwait(false);
        if (json)
        {
            context.Output.WriteLine(ExportJson.Write([.. processes.Select(ProcessDocument.Of)]));
        }
        else if (processes.IsEmpty)
        {
            context.Output.WriteLine("No Go process was found on this machine. gotop demo shows a recorded one.");
        }
        else
        {
            WriteTable(context.Output, processes);
        }

        if (found.NotPermitted > 0)
            context.Error.WriteLine(NotLookedAt(found.NotPermitted));
        return ExitCode.Done;
    }

    private static string NotLookedAt(int processes)
    {
        string counted = Counted.Of(processes, "process", "processes");
        string remedy = Environment.IsPrivilegedProcess ? "" : OperatingSystem.IsWindows() ? "; an administrator may" : "; root may";
        return $"{counted} could not be looked at, so may be Go's{remedy}.";
    }

    private static void WriteTable(TextWriter output, ImmutableArray<GoProcess> processes)
    {
        string[] heads = ["PID", "NAME", "GO", "MODULE", "VERSION", "USER", "SERVICE", "PORTS", "PPROF", "MEMORY"];
        List<string[]> rows = [heads];
        foreach (GoProcess process in processes)
        {
            TargetIdentity target = process.Identity;
            GoBuildInfo? build = target.Build.ValueOr(null);
            rows.Add(
            [
                target.Process?.ProcessId.ToString(CultureInfo.InvariantCulture) ?? "",
                target.Name,
                build?.GoVersion ?? "–",
                Or(build?.Module),
                Or(build?.ModuleVersion),
                target.User.ValueOr(null) ?? "–",
                target.Service.ValueOr(null) ?? "–",
                target.Ports.TryGet(out ImmutableArray<int> ports) ? ports.IsEmpty ? "–" : string.Join(',', ports) : "?",
                target.PprofUrl.HasValue ? "yes" : "–",
                Memory(process),
            ]);
        }

        int[] widths = [.. Enumerable.Range(0, heads.Length).Select(column => rows.Max(row => Math.Min(40, row[column].Length)))];
        foreach (string[] row in rows)
            output.WriteLine(string.Join("  ", row.Select((cell, column) => PlainText.Clean(cell, 200).PadRight(widths[column]))).TrimEnd());
    }

    /// <summary>Whether its memory can be read: what most of the screen comes from.</summary>
    private static string Memory(GoProcess process) =>
        process.Sources.FirstOrDefault(source => source.Name == "memory") is { State: not SourceState.Ok } memory
            ? $"{memory.State.ToString().ToLowerInvariant()}: {memory.Reason}"
            : "ok";

    private static string Or(string? text) => string.IsNullOrEmpty(text) ? "–" : text;
}
